import type { ProgressReport } from '../../contract/ingestion.ts';
import { annotations } from '../../contract/names.ts';
import { originAnnotations, retriedRunOf, triggerKindOf } from '../../contract/trigger.ts';
import { instant } from '../instant.ts';
import type { Job } from '../kube/job.ts';
import type { Pod } from '../kube/pod.ts';
import { shownText } from '../report/shown.ts';

type Trigger = ProgressReport['trigger'];

const byBytes = 256;

/** How the run came to be, with what its maker's own words say, made safe to show. */
export function triggerOf(run: Job | Pod): Trigger {
  const { annotations: told, ownerReferences } = run.metadata;
  const owner = ownerReferences.find(({ controller }) => controller === true)?.kind;
  const shown = shownText(told[annotations.triggeredBy] ?? '', byBytes);
  const by = shown === '' ? {} : { by: shown };
  const kind = triggerKindOf(told, owner);
  switch (kind) {
    case 'retry': {
      const retryOf = retriedRunOf(told);
      return { kind, ...by, ...(retryOf !== undefined && { retryOf }) };
    }
    case 'schedule': {
      const scheduledFor = instant(told[originAnnotations.scheduledFor]);
      return { kind, ...(scheduledFor !== undefined && { scheduledFor }) };
    }
    case 'plan':
    case 'manual':
      return { kind, ...by };
    case 'tool':
      return { kind };
  }
}
