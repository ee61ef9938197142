import { parseDbtCommand } from '../../contract/dbt-command.ts';
import { dbtContainer, labels, planImage } from '../../contract/names.ts';
import { type RunTemplate, wordsOf } from '../../contract/run-template.ts';
import type { StoredRun } from '../store/store.ts';
import type { LiveRun } from './live-run.ts';

/** What another run can be made from. */
export interface Origin {
  readonly template: RunTemplate;
  /** Of the dbt container, as Kubernetes takes them. */
  readonly words: readonly string[];
}

/**
 * The first that is there:
 *  1. the run's own Job;
 *  2. the CronJob of its job as it is now, with the words that the history has kept;
 *  3. the least that runs these words.
 */
export function originOf(
  stored: StoredRun,
  live: LiveRun | undefined,
  cronJob: RunTemplate | undefined,
): Origin | { readonly why: string } {
  if (live?.template !== undefined) return { template: live.template, words: wordsOf(live.template) };
  const words = stored.command;
  if (!isWhole(words)) {
    return { why: 'Kubernetes no longer has it, and the history has not kept all of its command' };
  }
  if (cronJob !== undefined) return { template: cronJob, words };
  if (parseDbtCommand(words) !== undefined) return { template: leastTemplate(stored.project, words), words };
  return { why: 'Kubernetes no longer has it, and its command is not one of dbt' };
}

/** What was too long is cut, and what looks like a secret is hidden, before anything is kept. */
function isWhole(words: readonly string[]): boolean {
  return (
    words.length > 0 && words.at(-1)?.endsWith('…') === false && !words.some((word) => word.includes('***'))
  );
}

function leastTemplate(project: string, words: readonly string[]): RunTemplate {
  return {
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { labels: { [labels.project]: project } },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          containers: [{ name: dbtContainer, image: planImage, command: [...words] }],
        },
      },
    },
  };
}
