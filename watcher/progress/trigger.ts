import type { ProgressReport } from '../../contract/ingestion.ts';
import { annotations, kind } from '../../contract/names.ts';
import { instant } from '../instant.ts';
import type { Job } from '../kube/job.ts';
import { originAnnotations } from '../kube/metadata.ts';
import type { Pod } from '../kube/pod.ts';
import { shownText } from '../report/shown.ts';

type Trigger = ProgressReport['trigger'];

const byBytes = 256;
/** As long as a UID of the contract may be. */
const uidLength = 128;

/**
 * How the run came to be; the first that holds:
 *  1. a DbtProject owns it: the Job that tries a plan;
 *  2. it names the run that it retries;
 *  3. it was made from its CronJob by hand, or says who asked for it;
 *  4. a CronJob owns it;
 *  5. anything else made it.
 */
export function triggerOf(run: Job | Pod): Trigger {
  const { annotations: told, ownerReferences } = run.metadata;
  const by = shownText(told[annotations.triggeredBy] ?? '', byBytes);
  const retryOf = told[annotations.retryOf] ?? '';
  const owner = ownerReferences.find(({ controller }) => controller === true)?.kind;
  const more = by === '' ? {} : { by };
  if (owner === kind) return { kind: 'plan', ...more };
  if (retryOf !== '' && retryOf.length <= uidLength) return { kind: 'retry', ...more, retryOf };
  if (by !== '' || told[originAnnotations.instantiate] === 'manual') return { kind: 'manual', ...more };
  if (owner !== 'CronJob') return { kind: 'tool' };
  const scheduledFor = instant(told[originAnnotations.scheduledFor]);
  return { kind: 'schedule', ...(scheduledFor !== undefined && { scheduledFor }) };
}
