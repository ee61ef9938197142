import { annotations, kind } from './names.ts';

export const triggerKinds = ['schedule', 'manual', 'retry', 'plan', 'tool'] as const;
export type TriggerKind = (typeof triggerKinds)[number];

/** What kubectl and the controller of CronJobs write on the runs that they make. */
export const originAnnotations = {
  instantiate: 'cronjob.kubernetes.io/instantiate',
  scheduledFor: 'batch.kubernetes.io/cronjob-scheduled-timestamp',
} as const;

/** As long as a UID may be. */
const uidLength = 128;

/** The UID of the run that one says it retries; undefined for what cannot be one. */
export function retriedRunOf(told: Readonly<Record<string, string>>): string | undefined {
  const uid = told[annotations.retryOf] ?? '';
  return uid !== '' && uid.length <= uidLength ? uid : undefined;
}

/**
 * How a run came to be; the first that holds:
 *  1. a DbtProject controls it: the Job that tries a plan;
 *  2. it names the run that it retries;
 *  3. it was made from its CronJob by hand, or says who asked for it;
 *  4. a CronJob controls it;
 *  5. anything else made it.
 */
export function triggerKindOf(
  told: Readonly<Record<string, string>>,
  controllerKind: string | undefined,
): TriggerKind {
  if (controllerKind === kind) return 'plan';
  if (retriedRunOf(told) !== undefined) return 'retry';
  if ((told[annotations.triggeredBy] ?? '') !== '' || told[originAnnotations.instantiate] === 'manual') {
    return 'manual';
  }
  return controllerKind === 'CronJob' ? 'schedule' : 'tool';
}
