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
import type { NodesSource } from './nodes-part.ts';
import { createHeld, type Held, isDelivered, openRuns } from './held.ts';
import type { Outbox } from './outbox.ts';
import { type PendingShell, reports, type Sent } from './pending.ts';

export interface DeliveryShell {
  readonly controlPlane: ControlPlane;
  readonly outbox: Outbox;
  readonly sentBy: string;
  readonly random: () => number;
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Everything of the run that is known to be complete was taken. */
  onDelivered(runUid: string): void;
  onSent(reports: number): void;
  onRejected(report: IngestionReport, message: string): void;
  onTrouble(error: unknown): void;
}

/** What the control plane is told, held while it does not listen. */
export interface Delivery {
  /** The newest replaces an older one that was not sent yet; one that says nothing new is not sent. */
  progress(report: ProgressReport): void;
  /** On disk when it settles; sent until it is taken. */
  outcome(report: OutcomeReport): Promise<void>;
  /** dbt may have said more than before. */
  nodes(run: RunRef, source: NodesSource): void;
  /** The log has more than before, or is new. */
  log(run: RunRef, log: SpoolLog): void;
  /** Whether the outcome and the end of each log of the run were taken, and all that is known of it besides. */
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

const mostReports = 500;
/** Between two signs of life where there is nothing to tell. */
const idleMs = 60_000;

export function createDelivery(shell: DeliveryShell): Delivery {
  const { outbox } = shell;
  const held = createHeld();
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
      if (held.putProgress(report)) wake();
    },
    async outcome(report) {
      if (held.taken.has(report.run.uid)) return;
      await outbox.put(report);
      wake();
    },
    nodes(run, source) {
      held.putNodes(run, source);
      wake();
    },
    log(run, log) {
      held.putLog(run, log);
      wake();
    },
    isDelivered: (uid) => isDelivered(held, uid),
    isPending: (uid) => outbox.waiting.has(uid) || held.isOpen(uid),
    forget: (uid) => held.forget(uid),
    waiting: () => new Set([...outbox.waiting, ...openRuns(held)]).size,
    run: (signal) => sendAll(shell, held, { wake, renew, sleepUntilWoken }, signal),
  };
}

interface Waking {
  wake(): void;
  /** From here on, news end the next sleep. */
  renew(): void;
  sleepUntilWoken(ms: number, signal: AbortSignal): Promise<void>;
}

async function sendAll(shell: DeliveryShell, held: Held, waking: Waking, signal: AbortSignal): Promise<void> {
  let size = ingestion.batchBytes;
  const pending: PendingShell = {
    ...shell,
    pause: (ms) => shell.sleep(ms, signal),
    wake: () => waking.wake(),
  };
  let spokeAt = Number.NEGATIVE_INFINITY;
  for (let failures = 0; !isAborted(signal);) {
    waking.renew();
    const batch = await collect(reports(pending, held), size);
    const silentMs = shell.now() - spokeAt;
    if (batch.length === 0 && silentMs < idleMs) {
      await waking.sleepUntilWoken(idleMs - silentMs, signal);
      continue;
    }
    const result = await sendBatch(shell, batch);
    if (result === 'taken') [failures, size, spokeAt] = [0, ingestion.batchBytes, shell.now()];
    else if (result === 'too-large') size = batch.length === 1 ? size : Math.ceil(size / 2);
    else {
      failures += 1;
      await shell.sleep(Math.max(result.retryAfterMs, backoffMs(failures, shell.random)), signal);
    }
  }
}

/** Asked anew after each await: the compiler takes `signal.aborted` for a constant. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
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
    if (only === undefined) return known;
    if (batch.length > 1) return 'too-large';
    shell.onRejected(only.report, known.message);
    await only.done();
    return 'too-large';
  }
}
