import type { IngestionReport } from '../../../contract/ingestion.ts';
import type { Store } from '../../../control-plane/store/store.ts';

export const namespace = 'bench';
export const project = 'shop';
const jobs = 50;
const batch = 500;
const firstMs = Date.parse('2026-01-01T00:00:00Z');

export const instantOf = (index: number): string => new Date(firstMs + index * 60_000).toISOString();
export const uidOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
export const jobOf = (index: number): string => `job-${index % jobs}`;

/** Runs as a watcher tells of them, a minute apart; each hundredth failed. */
export async function seedRuns(store: Store, count: number, onSeeded: (runs: number) => void): Promise<void> {
  for (let at = 0; at < count; at += batch) {
    const runs = Array.from({ length: Math.min(batch, count - at) }, (_, i) => reportsOf(at + i));
    await store.ingest(runs.flat());
    onSeeded(Math.min(at + batch, count));
  }
}

function reportsOf(index: number): IngestionReport[] {
  const createdAt = instantOf(index);
  const failed = index % 100 === 0;
  const run = {
    uid: uidOf(index),
    kind: 'Job',
    namespace,
    name: `${jobOf(index)}-${index}`,
    project,
    job: jobOf(index),
    plan: 'a1b2c3d4e5f6-91e3b4',
  } as const;
  const span = { startedAt: createdAt, endedAt: createdAt };
  return [
    {
      kind: 'progress',
      run,
      observedAt: createdAt,
      phase: 'ended',
      trigger: { kind: index % 10 === 0 ? 'manual' : 'schedule', scheduledFor: createdAt },
      createdAt,
      ...span,
      command: ['dbt', 'build', '--select', 'tag:nightly'],
      image: 'registry.example/shop/plan:0123456789ab',
      commit: '0123456789abcdef0123456789abcdef01234567',
      attempts: [
        {
          uid: `pod-${index}`,
          name: `${run.name}-abcde`,
          phase: failed ? 'Failed' : 'Succeeded',
          node: 'node-1',
          createdAt,
          clone: span,
          dbt: span,
          exitCode: failed ? 1 : 0,
        },
      ],
    },
    {
      kind: 'outcome',
      run,
      decidedAt: createdAt,
      outcome: {
        result: failed ? 'failed' : 'succeeded',
        reason: failed ? 'DbtHandledError' : 'DbtSucceeded',
        message: failed ? 'model.shop.orders: Database Error' : 'dbt did what it was asked to',
        container: 'dbt',
        exitCode: failed ? 1 : 0,
        dbt: { counts: { success: 40, ...(failed && { error: 1 }) }, failedNodes: [] },
      },
    },
  ];
}
