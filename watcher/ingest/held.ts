import { createHash } from 'node:crypto';
import type { ProgressReport, RunRef } from '../../contract/ingestion.ts';
import type { SpoolLog } from '../spool/spool.ts';
import { type LogProgress, logStart } from './log-part.ts';
import type { NodesSource } from './nodes-part.ts';

export interface OpenLog {
  readonly run: RunRef;
  readonly log: SpoolLog;
  progress: LogProgress;
}

export interface OpenNodes {
  readonly run: RunRef;
  readonly source: NodesSource;
  /** Of its last report: of two, the later must be known. */
  observedAt: number;
  /** Told a moment ago. */
  rests: boolean;
}

/** What is to be told and what was taken, by UID of the run. */
export interface Held {
  readonly progress: Map<string, ProgressReport>;
  readonly logs: Map<string, Map<string, OpenLog>>;
  readonly nodes: Map<string, Map<string, OpenNodes>>;
  /** Outcomes that were taken. */
  readonly taken: Set<string>;
  /** False where the same was told last. */
  putProgress(report: ProgressReport): boolean;
  putNodes(run: RunRef, source: NodesSource): void;
  putLog(run: RunRef, log: SpoolLog): void;
  /** Whether anything but the outcome is known and was not taken yet. */
  isOpen(uid: string): boolean;
  forget(uid: string): void;
}

export function createHeld(): Held {
  const progress = new Map<string, ProgressReport>();
  const logs = new Map<string, Map<string, OpenLog>>();
  const nodes = new Map<string, Map<string, OpenNodes>>();
  const taken = new Set<string>();
  /** Digest of the progress that was told last. */
  const told = new Map<string, string>();
  return {
    progress,
    logs,
    nodes,
    taken,
    putProgress(report) {
      const { uid } = report.run;
      const content = digest({ ...report, observedAt: '' });
      if (told.get(uid) === content) return false;
      told.set(uid, content);
      progress.set(uid, report);
      return true;
    },
    putNodes(run, source) {
      const key = `${source.attempt}/${source.execution}`;
      putOnce(nodes, run.uid, key, { run, source, observedAt: 0, rests: false });
    },
    putLog: (run, log) => putOnce(logs, run.uid, log.path, { run, log, progress: logStart }),
    isOpen: (uid) =>
      progress.has(uid) ||
      [...(logs.get(uid)?.values() ?? [])].some((open) => !open.progress.ended) ||
      [...(nodes.get(uid)?.values() ?? [])].some(({ source }) => source.news(1) !== undefined),
    forget: (uid) => [progress, logs, nodes, taken, told].forEach((one) => one.delete(uid)),
  };
}

function putOnce<T>(all: Map<string, Map<string, T>>, uid: string, key: string, value: T): void {
  const ofRun = all.get(uid) ?? new Map<string, T>();
  if (!ofRun.has(key)) ofRun.set(key, value);
  all.set(uid, ofRun);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64');
}

export function isDelivered(held: Held, uid: string): boolean {
  return held.taken.has(uid) && !held.isOpen(uid);
}

export function openRuns(held: Held): string[] {
  const { progress, logs, nodes } = held;
  return [progress, logs, nodes].flatMap((map) => [...map.keys()]).filter((uid) => held.isOpen(uid));
}
