import type { Logger } from 'pino';
import { ttlFloorSeconds } from '../../contract/names.ts';
import type { Outcome } from '../../contract/outcome.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Job } from '../kube/job.ts';
import type { Pod } from '../kube/pod.ts';
import { runTimes } from '../run-times.ts';
import { WorkQueue } from '../work-queue.ts';
import { createIncidents, type Incidents } from './incidents.ts';
import { type Mark, markOf, writeMark } from './mark.ts';
import { type Alert, failureMessage, recoveryMessage, type SlackMessage } from './message.ts';
import type { Destination } from './destination.ts';
import { type Place, SlackRefusal } from './slack-client.ts';

export interface AlertsShell {
  readonly client: KubeClient;
  /** Undefined where nobody is to be told of the run. Throws KubeError. */
  destinationOf(run: Job | Pod): Promise<Destination | undefined>;
  readonly log: Logger;
  now(): number;
  readonly random: () => number;
  setTimer(callback: () => void, delayMs: number): () => void;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** What a message tells of the run, and the job that it belongs to; `job` undefined where it belongs to none. */
  describe(run: Job | Pod, outcome: Outcome): { readonly alert: Alert; readonly job: string | undefined };
  onMessage(result: 'sent' | 'refused'): void;
}

export interface Alerts {
  /** To be called whenever a run with its outcome is seen, as often as it is. */
  consider(run: Job | Pod, outcome: Outcome): void;
  stop(): Promise<void>;
}

/** Slack takes about one message a second in a channel (docs.slack.dev, rate limits: "Posting messages"). */
const gapMs = 1100;
/** Older ends are no news: alerts for all that is there when Slack is set up would be. A Job with a TTL is gone by then. */
const newsMs = ttlFloorSeconds * 1000;
/** A person must act on these words of Slack; until then one try in a while is enough. */
const needsPerson = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
]);
const personMs = 300_000;
/** The first message of the incident is gone. */
const threadIsGone = new Set([
  'thread_not_found',
  'message_not_found',
  'cannot_reply_to_message',
  'invalid_thread_ts',
]);

/** At the start runs are seen in any order: the failure that opened an incident must be known before what follows it. */
const settleMs = 1000;
const mostTold = 20_000;

interface Pending {
  readonly run: Job | Pod;
  readonly outcome: Outcome;
  /** Set once Slack has the message: what is left is to write it onto the run. */
  readonly mark?: Mark;
}

interface State {
  readonly incidents: Incidents;
  readonly pending: Map<string, Pending>;
  readonly told: Set<string>;
  /** By the owner of the connection: when the next message may go, ms since the epoch. */
  readonly nextAt: Map<string, number>;
  readonly signal: AbortSignal;
}

/**
 * One message for each failed run, one for the success that ends an incident (C33). What was sent is marked on the run, so
 * that a restart repeats only the message that was sent and not marked. One at a time, in the order of their coming.
 */
export function createAlerts(shell: AlertsShell): Alerts {
  const stopping = new AbortController();
  const { signal } = stopping;
  const state: State = {
    incidents: createIncidents(),
    pending: new Map(),
    told: new Set(),
    nextAt: new Map(),
    signal,
  };
  const queue = new WorkQueue({
    ...shell,
    concurrency: 1,
    reconcile: (uid) => send(shell, state, uid),
    onError(uid, err, failures) {
      shell.log.warn({ uid, failures, err }, 'Could not send an alert; trying again');
    },
  });
  return {
    consider(run, outcome) {
      if (!isNews(shell, state, run, outcome)) return;
      state.pending.set(run.metadata.uid, { run, outcome });
      queue.add(run.metadata.uid, settleMs);
    },
    async stop() {
      stopping.abort();
      await queue.stop();
    },
  };
}

/** Whether a message about the run may be due; on the way the run is noted as part of its job's history. */
function isNews(shell: AlertsShell, state: State, run: Job | Pod, outcome: Outcome): boolean {
  const { uid } = run.metadata;
  if (state.told.has(uid) || state.pending.has(uid)) return false;
  const { job } = shell.describe(run, outcome);
  const mark = markOf(run);
  const endedAt = endOf(run, shell);
  const isOld = mark !== undefined || shell.now() - endedAt > newsMs;
  if (isOld) note(state.incidents, job, { outcome, endedAt, mark });
  return !isOld && (outcome.result === 'failed' || outcome.result === 'succeeded');
}

interface Past {
  readonly outcome: Outcome;
  readonly endedAt: number;
  readonly mark?: Mark | undefined;
}

function note(incidents: Incidents, job: string | undefined, { outcome, endedAt, mark }: Past): void {
  if (job === undefined) return;
  if (outcome.result === 'failed' && mark !== undefined) incidents.failed(job, endedAt, mark);
  if (outcome.result === 'succeeded') incidents.succeeded(job, endedAt);
}

async function send(shell: AlertsShell, state: State, uid: string): Promise<number | undefined> {
  const found = state.pending.get(uid);
  if (found === undefined) return undefined;
  const { run, outcome } = found;
  if (found.mark !== undefined) {
    await writeDown(shell, state, run, found.mark);
    return undefined;
  }
  const { alert, job } = shell.describe(run, outcome);
  const endedAt = endOf(run, shell);
  const incident = job === undefined ? undefined : state.incidents.open(job, endedAt);
  const isRecovery = outcome.result === 'succeeded';
  const to = isRecovery && incident === undefined ? undefined : await shell.destinationOf(run);
  const opened = incident?.channel === to?.slack.channel ? incident : undefined;
  if (to === undefined || (isRecovery && opened === undefined)) {
    note(state.incidents, job, { outcome, endedAt });
    finish(state, uid);
    return undefined;
  }
  const message = isRecovery ? recoveryMessage(alert) : failureMessage(alert);
  try {
    const ts = await post(shell, state, {
      to,
      message,
      place: { thread: opened?.thread, broadcast: isRecovery },
    });
    if (typeof ts === 'number') return ts;
    const mark = { channel: to.slack.channel, ts, thread: opened?.thread ?? ts };
    note(state.incidents, job, { outcome, endedAt, mark });
    state.pending.set(uid, { run, outcome, mark });
    await writeDown(shell, state, run, mark);
    return undefined;
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    if (job !== undefined && threadIsGone.has(error.code)) state.incidents.forget(job);
    return state.signal.aborted ? undefined : pauseAfter(shell, to, error);
  }
}

async function writeDown(shell: AlertsShell, state: State, run: Job | Pod, mark: Mark): Promise<void> {
  await writeMark(shell.client, run, mark);
  finish(state, run.metadata.uid);
}

function finish({ pending, told }: State, uid: string): void {
  pending.delete(uid);
  told.add(uid);
  const [oldest] = told;
  if (told.size > mostTold && oldest !== undefined) told.delete(oldest);
}

function endOf(run: Job | Pod, shell: AlertsShell): number {
  const { finishedAt } = runTimes(run);
  return finishedAt > 0 ? finishedAt * 1000 : shell.now();
}

interface Posting {
  readonly to: Destination;
  readonly message: SlackMessage;
  readonly place: Place;
}

/**
 * The `ts` of the message; the milliseconds to wait where Slack asks for more than the usual pause: the alerts of other
 * organizations go meanwhile. Throws SlackRefusal.
 */
async function post(
  shell: AlertsShell,
  { nextAt, signal }: State,
  { to, message, place }: Posting,
): Promise<string | number> {
  const waitMs = (nextAt.get(to.owner) ?? 0) - shell.now();
  if (waitMs > gapMs) return waitMs;
  if (waitMs > 0) await shell.sleep(waitMs, signal);
  if (signal.aborted) throw new SlackRefusal('stopped', 'the watcher stops');
  nextAt.set(to.owner, shell.now() + gapMs);
  try {
    const ts = await to.slack.post(message, place);
    shell.onMessage('sent');
    return ts;
  } catch (error) {
    shell.onMessage('refused');
    if (!(error instanceof SlackRefusal) || error.retryAfterMs === undefined) throw error;
    const pauseMs = Math.max(gapMs, error.retryAfterMs);
    nextAt.set(to.owner, shell.now() + pauseMs);
    return pauseMs;
  }
}

/** Milliseconds after which a refused message is tried again; throws what passes by itself, for a growing pause. */
function pauseAfter({ log }: AlertsShell, { slack, owner }: Destination, refusal: SlackRefusal): number {
  if (!needsPerson.has(refusal.code)) throw refusal;
  log.error(
    { organization: owner, channel: slack.channel, code: refusal.code },
    'Slack refused a message: check the token and the channel of the Slack Secret, and that the app is in the channel',
  );
  return personMs;
}
