import type { DbtProject } from '../../contract/dbt-project.ts';
import type { OutcomeReason } from '../../contract/outcome.ts';
import { outcomeReasons } from '../../contract/outcome.ts';
import { planOf } from '../../contract/run-template.ts';
import { retryFromFailure, type Retry } from '../../contract/retry.ts';
import type { StoredRun } from '../store/store.ts';
import type { WireInvocation, WireRun } from '../wire/run.ts';
import type { LiveRun } from './live-run.ts';
import type { Origin } from './origin.ts';

/** All that is known of a run, to tell what can be done with it. */
export interface RunFacts {
  readonly stored: StoredRun;
  /** Undefined: Kubernetes no longer has it. */
  readonly live: LiveRun | undefined;
  readonly origin: Origin | { readonly why: string };
  /** Of its project, now; undefined where that is gone. */
  readonly plans: DbtProject['status']['plans'] | undefined;
  readonly invocations: readonly WireInvocation[];
}

export interface Why {
  readonly why: string;
}

export interface PlannedRetry extends Retry {
  readonly plan: string;
}

export function actionsOf(facts: RunFacts): WireRun['actions'] {
  return { cancel: told(cancelOf(facts)), again: told(againOf(facts)), retry: told(retryOf(facts)) };
}

function told(action: object): WireRun['actions']['cancel'] {
  return 'why' in action && typeof action.why === 'string'
    ? { possible: false, why: action.why }
    : { possible: true };
}

/** The run to cancel, or why not. */
export function cancelOf({ stored, live }: RunFacts): LiveRun | Why {
  if (hasEnded(stored, live)) return { why: 'It has ended' };
  if (live === undefined) return { why: 'Kubernetes no longer has it' };
  if (live.cancelledBy !== undefined) return { why: `${live.cancelledBy} has cancelled it: it is ending` };
  if ((live.metadata.deletionTimestamp ?? undefined) !== undefined) return { why: 'It is being deleted' };
  return live;
}

/** What to run again, or why not. */
export function againOf({ stored, live, origin }: RunFacts): Origin | Why {
  if (stored.kind === 'Pod') return { why: 'It is a pod of another tool: run it again there' };
  if (stored.trigger.kind === 'plan') return { why: 'It tried a plan: make another plan' };
  if (!hasEnded(stored, live)) return { why: 'It has not ended' };
  return origin;
}

/** What to run of it, and under which plan, or why not. */
export function retryOf(facts: RunFacts): PlannedRetry | Why {
  const { stored, live, invocations, plans = [] } = facts;
  const origin = againOf(facts);
  if ('why' in origin) return origin;
  if (stored.result === undefined) return { why: 'Its outcome is not decided yet' };
  if (stored.result === 'succeeded') return { why: 'Nothing failed' };
  const id = stored.plan ?? (live?.template && planOf(live.template));
  if (id === undefined) return { why: 'Which plan it ran is not known: run it again' };
  const plan = plans.find((one) => one.id === id);
  if (plan?.phase !== 'Promoted') return { why: `Plan ${id} can no longer be run: run it again` };
  const nodes = invocations.flatMap((invocation) => invocation.nodes);
  const retry = retryFromFailure({ words: origin.words, nodes, reason: reasonOf(stored.reason) });
  return 'why' in retry ? retry : { ...retry, plan: id };
}

function hasEnded(stored: StoredRun, live: LiveRun | undefined): boolean {
  return stored.phase === 'ended' || live?.ended === true;
}

/** A reason that a newer watcher gave says nothing to this version. */
function reasonOf(reason: string | undefined): OutcomeReason {
  return reason !== undefined && isReason(reason) ? reason : 'Unknown';
}

function isReason(reason: string): reason is OutcomeReason {
  return Object.hasOwn(outcomeReasons, reason);
}
