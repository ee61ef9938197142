import type {
  LogReport,
  NodesReport,
  OutcomeReport,
  ProgressReport,
  RunRef,
} from '../../../contract/ingestion.ts';

type Tweak<T> = Partial<T>;

export const runRef = (uid: string, tweak: Tweak<RunRef> = {}): RunRef => ({
  uid,
  kind: 'Job',
  namespace: 'acme',
  name: `${uid}-name`,
  project: 'shop',
  ...tweak,
});

export const progress = (run: RunRef, tweak: Tweak<ProgressReport> = {}): ProgressReport => ({
  kind: 'progress',
  run,
  observedAt: '2026-11-23T02:00:05.000Z',
  phase: 'running',
  trigger: { kind: 'schedule', scheduledFor: '2026-11-23T02:00:00.000Z' },
  createdAt: '2026-11-23T02:00:00Z',
  command: ['dbt', 'build'],
  attempts: [],
  ...tweak,
});

export const outcome = (run: RunRef, tweak: Tweak<OutcomeReport['outcome']> = {}): OutcomeReport => ({
  kind: 'outcome',
  run,
  decidedAt: '2026-11-23T02:10:00Z',
  outcome: { result: 'failed', reason: 'OOMKilled', message: 'container dbt was killed', ...tweak },
});

export const nodes = (run: RunRef, tweak: Tweak<NodesReport> = {}): NodesReport => ({
  kind: 'nodes',
  run,
  observedAt: '2026-11-23T02:01:00.000Z',
  attempt: 'pod-1',
  execution: 0,
  index: 0,
  nodes: [],
  ...tweak,
});

export const log = (run: RunRef, lines: LogReport['lines'], tweak: Tweak<LogReport> = {}): LogReport => ({
  kind: 'log',
  run,
  attempt: 'pod-1',
  container: 'dbt',
  execution: 0,
  lines,
  gaps: [],
  ...tweak,
});

/** The instant `nanos` after 02:00. */
export const stamp = (nanos: number): string => {
  const seconds = Math.floor(nanos / 1e9);
  const at = new Date(Date.parse('2026-11-23T02:00:00Z') + seconds * 1000).toISOString().slice(0, 19);
  return `${at}.${String(nanos % 1e9).padStart(9, '0')}Z`;
};
export const line = (nanos: number, text: string, n = 0): LogReport['lines'][number] => ({
  at: stamp(nanos),
  n,
  text,
});

/** The address of the log of `log`. */
export const streamId = 'pod-1.dbt.0';
export const address = (run: RunRef, stream = streamId) => ({
  namespace: run.namespace,
  runUid: run.uid,
  stream,
});
