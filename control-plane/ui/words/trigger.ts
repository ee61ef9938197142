import type { RunSummary } from '../../wire/run.ts';
import { nearDay } from './instant.ts';

type Trigger = RunSummary['trigger'];

const kinds: Readonly<Record<Trigger['kind'], string>> = {
  schedule: 'Schedule',
  manual: 'By hand',
  retry: 'Retry',
  plan: 'Trial of a plan',
  tool: 'Another tool',
};

export const triggerWords = kinds;

/** Why a run began and by whom, as a clause: `scheduled for today 06:00`, `started by anna@example.com`. */
export function triggerClause(trigger: Trigger, timeZone: string, now: number): string {
  const by = trigger.by === undefined ? '' : ` by ${trigger.by}`;
  switch (trigger.kind) {
    case 'schedule':
      return trigger.scheduledFor === undefined
        ? 'started by its schedule'
        : `scheduled for ${nearDay(trigger.scheduledFor, timeZone, now)}`;
    case 'manual':
      return `started by hand${by}`;
    case 'retry':
      return `retried from failure${by}`;
    case 'plan':
      return 'tries a plan';
    case 'tool':
      return `created${by === '' ? ' by another tool' : by}`;
  }
}
