import {
  ingestion,
  type IngestionReport,
  type OutcomeReport,
  type ProgressReport,
  type RunRef,
} from '../../contract/ingestion.ts';
import { backoffMs } from '../backoff.ts';
import type { SpoolLog } from '../spool/spool.ts';
import { type ControlPlane, IngestionError } from './control-plane.ts';
import { type LogProgress, logPart, logStart } from './log-part.ts';
import type { Outbox } from './outbox.ts';

export interface DeliveryShell {
  readonly controlPlane: ControlPlane;
  readonly outbox: Outbox;
  readonly sentBy: string;
  readonly random: () => number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Everything of the run that is known to be complete was taken. */
  onDelivered(runUid: string): void;
  onSent(reports: number): void;
  onRejected(report: IngestionReport, message: string): void;
  onTrouble(error: unknown): void;
}

/** What the control plane is told, held while it does not listen. */
export interface Delivery {
  /** The newest replaces an older one that was not sent yet. */
  progress(report: ProgressReport): void;
  /** On disk when it settles; sent until it is taken. */
  outcome(report: OutcomeReport): Promise<void>;
  /** The log has more than before, or is new. */
  log(run: RunRef, log: SpoolLog): void;
  /** Whether the outcome and the end of each log of the run were taken. */
  isDelivered(runUid: string): boolean;
  /** Whether something of the run that is known now was not taken yet. */
  isPending(runUid: string): boolean;
  /** Forgets what was delivered. */
  forget(runUid: string): void;
  /** How many runs have something that was not taken yet. */
  waiting(): number;
  /** Sends until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

interface Sent {
  readonly report: IngestionReport;
  /** The report was taken, or never will be. */
  done(): Promise<void> | void;
}

interface OpenLog {
  readonly run: RunRef;
  readonly log: SpoolLog;
  progress: LogProgress;
}

const pieceBytes = 128 * 1024;
const mostReports = 500;
const idleMs = 60_000;

export function createDelivery(shell: DeliveryShell): Delivery {
  const { outbox } = shell;
  const held: Held = { progress: new Map(), logs: new Map(), taken: new Set() };
  let waking = new AbortController();
  const wake = () => waking.abort();
  const renew = () => {
    waking = new AbortController();
  };
  const sleepUntilWoken = async (ms: number, signal: AbortSignal) => {
    await shell.sleep(ms, AbortSignal.any([signal, waking.signal]));
  };
  return {
    progress(report) {
      held.progress.set(report.run.uid, report);
      wake();
    },
    async outcome(report) {
      if (held.taken.has(report.run.uid)) return;
      await outbox.put(report);
      wake();
    },
    log(run, log) {
      const ofRun = held.logs.get(run.uid) ?? new Map<string, OpenLog>();
      if (!ofRun.has(log.path)) ofRun.set(log.path, { run, log, progress: logStart });
      held.logs.set(run.uid, ofRun);
      wake();
    },
    isDelivered: (uid) => isDelivered(held, uid),
    isPending: (uid) => outbox.waiting.has(uid) || hasOpenLogs(held, uid),
    forget(uid) {
      held.taken.delete(uid);
      held.logs.delete(uid);
      held.progress.delete(uid);
    },
    waiting: () => new Set([...outbox.waiting, ...openRuns(held)]).size,
    run: (signal) => sendAll(shell, held, { renew, sleepUntilWoken }, signal),
  };
}

/** What is to be told and what was taken, by UID of the run. */
interface Held {
  readonly progress: Map<string, ProgressReport>;
  readonly logs: Map<string, Map<string, OpenLog>>;
  /** Outcomes that were taken. */
  readonly taken: Set<string>;
}

function isDelivered(held: Held, uid: string): boolean {
  return held.taken.has(uid) && !hasOpenLogs(held, uid);
}

function hasOpenLogs({ logs }: Held, uid: string): boolean {
  return [...(logs.get(uid)?.values() ?? [])].some((open) => !open.progress.ended);
}

function openRuns(held: Held): Set<string> {
  return new Set([...held.logs.keys()].filter((uid) => hasOpenLogs(held, uid)));
}

interface Waking {
  /** From here on, news end the next sleep. */
  renew(): void;
  sleepUntilWoken(ms: number, signal: AbortSignal): Promise<void>;
}

async function sendAll(shell: DeliveryShell, held: Held, waking: Waking, signal: AbortSignal): Promise<void> {
  let size = ingestion.batchBytes;
  for (let failures = 0; !isAborted(signal);) {
    waking.renew();
    const batch = await collect(reports(shell, held), size);
    if (batch.length === 0) {
      await waking.sleepUntilWoken(idleMs, signal);
      continue;
    }
    const result = await sendBatch(shell, batch);
    if (result === 'taken') [failures, size] = [0, ingestion.batchBytes];
    else if (result === 'too-large') size = batch.length === 1 ? size : Math.ceil(size / 2);
    else {
      failures += 1;
      await shell.sleep(Math.max(result.retryAfterMs, backoffMs(failures, shell.random)), signal);
    }
  }
}

/** Outcomes first: what matters most must not wait behind a long log. */
async function* reports(shell: DeliveryShell, held: Held): AsyncGenerator<Sent> {
  const settle = (uid: string) => {
    if (isDelivered(held, uid)) shell.onDelivered(uid);
  };
  for (const uid of shell.outbox.waiting) {
    const report = await shell.outbox.get(uid);
    const done = async () => {
      held.taken.add(uid);
      await shell.outbox.remove(uid);
      settle(uid);
    };
    if (report === undefined) await done();
    else yield { report, done };
  }
  for (const [uid, report] of held.progress) {
    const done = () => {
      if (held.progress.get(uid) === report) held.progress.delete(uid);
    };
    yield { report, done };
  }
  for (const [uid, ofRun] of held.logs) {
    for (const open of ofRun.values()) {
      const part = await nextPart(open);
      if (part === undefined) continue;
      const done = () => {
        open.progress = part.progress;
        settle(uid);
      };
      yield { report: part.report, done };
    }
  }
}

/** Asked anew after each await: the compiler takes `signal.aborted` for a constant. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function nextPart({ run, log, progress }: OpenLog) {
  if (progress.ended) return undefined;
  try {
    const piece = await log.read(progress.byte, pieceBytes);
    return piece.next === progress.byte ? undefined : logPart(run, log.key, progress, piece);
  } catch {
    // It had to make way for others before it was sent.
    const text = '!gap spool-full\n!end incomplete\n';
    return logPart(run, log.key, progress, { text, next: progress.byte });
  }
}

/** As many as fit, and at least one. */
async function collect(reports: AsyncGenerator<Sent>, bytes: number): Promise<Sent[]> {
  const batch: Sent[] = [];
  let size = 0;
  for await (const sent of reports) {
    size += Buffer.byteLength(JSON.stringify(sent.report)) + 1;
    if (batch.length > 0 && size > bytes - 256) break;
    batch.push(sent);
    if (batch.length === mostReports) break;
  }
  return batch;
}

/** Statuses that say that this batch itself is wrong: to send it again would not help. */
const refusals = new Set([400, 413, 422]);

async function sendBatch(
  shell: DeliveryShell,
  batch: readonly Sent[],
): Promise<'taken' | 'too-large' | IngestionError> {
  try {
    const reports = batch.map(({ report }) => report);
    const rejected = await shell.controlPlane.send({ version: 'v1', sentBy: shell.sentBy, reports });
    for (const { index, message } of rejected) {
      const report = reports[index];
      if (report !== undefined) shell.onRejected(report, message);
    }
    for (const sent of batch) await sent.done();
    shell.onSent(batch.length - rejected.length);
    return 'taken';
  } catch (error) {
    shell.onTrouble(error);
    const known = error instanceof IngestionError ? error : new IngestionError(0, String(error), 0, error);
    if (!refusals.has(known.status)) return known;
    const [only] = batch;
    if (batch.length > 1 || only === undefined) return 'too-large';
    shell.onRejected(only.report, known.message);
    await only.done();
    return 'too-large';
  }
}
