import type { IngestionReport } from '../../contract/ingestion.ts';
import { type Held, isDelivered, type OpenLog, type OpenNodes } from './held.ts';
import { logPart } from './log-part.ts';
import { nodesPart } from './nodes-part.ts';
import type { Outbox } from './outbox.ts';

/** What takes a report from what is held. */
export interface PendingShell {
  readonly outbox: Outbox;
  now(): number;
  pause(ms: number): Promise<void>;
  /** There is more to send than there was. */
  wake(): void;
  /** Everything of the run that is known to be complete was taken. */
  onDelivered(runUid: string): void;
}

export interface Sent {
  readonly report: IngestionReport;
  /** The report was taken, or never will be. */
  done(): Promise<void> | void;
}

const pieceBytes = 128 * 1024;
/** Nodes change by the dozen: they are told together. */
const restMs = 1000;

/** Outcomes first: what matters most must not wait behind a long log. */
export async function* reports(shell: PendingShell, held: Held): AsyncGenerator<Sent> {
  const settle = (uid: string) => {
    if (isDelivered(held, uid)) shell.onDelivered(uid);
  };
  yield* outcomes(shell, held, settle);
  for (const [uid, report] of held.progress) {
    const done = () => {
      if (held.progress.get(uid) === report) held.progress.delete(uid);
      settle(uid);
    };
    yield { report, done };
  }
  yield* nodes(shell, held, settle);
  yield* logs(held, settle);
}

async function* outcomes(
  shell: PendingShell,
  held: Held,
  settle: (uid: string) => void,
): AsyncGenerator<Sent> {
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
}

function* nodes(shell: PendingShell, held: Held, settle: (uid: string) => void): Generator<Sent> {
  for (const [uid, ofRun] of held.nodes) {
    for (const open of ofRun.values()) {
      if (open.rests) continue;
      const observedAt = Math.max(shell.now(), open.observedAt + 1);
      const part = nodesPart(open.run, open.source, observedAt);
      if (part === undefined) continue;
      open.observedAt = observedAt;
      const done = () => {
        part.taken();
        if (!part.isFull) void rest(shell, open);
        settle(uid);
      };
      yield { report: part.report, done };
    }
  }
}

async function rest(shell: PendingShell, open: OpenNodes): Promise<void> {
  open.rests = true;
  await shell.pause(restMs);
  open.rests = false;
  shell.wake();
}

async function* logs(held: Held, settle: (uid: string) => void): AsyncGenerator<Sent> {
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
