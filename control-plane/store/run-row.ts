import { z } from 'zod';
import { type OutcomeReason, outcomeReasons } from '../../contract/outcome.ts';
import type { OutcomeReport, ProgressReport, RunRef } from '../../contract/ingestion.ts';
import { instant } from './instant.ts';
import { run, type RunSummary } from '../wire/run.ts';
import type { CreatedRun, StoredRun } from './store.ts';
import type { Tables } from './tables.ts';

export type RunRow = Tables['run'];

/** What a row keeps of a progress report, beside the columns that lists are made by. */
const progressDocument = run.pick({
  phase: true,
  trigger: true,
  command: true,
  createdAt: true,
  startedAt: true,
  endedAt: true,
  image: true,
  commit: true,
  attempts: true,
  waitingFor: true,
  cancelledBy: true,
});

const reasons = Object.keys(outcomeReasons) as OutcomeReason[];

const outcomeDocument = z.object({
  /** A reason that a newer version wrote is one that this version does not know. */
  reason: z.enum(reasons).catch('Unknown'),
  message: z.string(),
  container: z.string().optional(),
  exitCode: z.number().optional(),
  dbt: z
    .object({
      counts: z.record(z.string(), z.number()),
      failedNodes: z.array(z.object({ uniqueId: z.string(), status: z.string(), message: z.string() })),
      unfinishedNodes: z.array(z.string()).optional(),
    })
    .optional(),
});

type Progress = z.output<typeof progressDocument>;

/** Keys in the order of the schema: of two reports of one instant the greater text holds, whichever came first. */
const written = (report: ProgressReport | CreatedRun): string =>
  JSON.stringify(progressDocument.parse({ phase: 'pending', attempts: [], ...report }));

/** All columns but those of `undecided`. */
export function progressColumns(report: ProgressReport, changedAt: string) {
  return {
    ...refColumns(report.run),
    created_at: instant(report.createdAt),
    phase: report.phase,
    trigger_kind: report.trigger.kind,
    observed_at: instant(report.observedAt),
    progress_json: written(report),
    changed_at: changedAt,
  };
}

export function createdRow(created: CreatedRun, changedAt: string): RunRow {
  return {
    ...refColumns(created),
    created_at: instant(created.createdAt),
    phase: 'pending',
    trigger_kind: created.trigger.kind,
    observed_at: '',
    progress_json: written(created),
    ...undecided,
    changed_at: changedAt,
  };
}

/** For a run of which nothing else is known yet. */
export function outcomeRow({ run, decidedAt, outcome }: OutcomeReport, changedAt: string): RunRow {
  return {
    ...refColumns(run),
    created_at: instant(decidedAt),
    phase: 'ended',
    trigger_kind: null,
    observed_at: '',
    progress_json: '',
    result: outcome.result,
    decided_at: instant(decidedAt),
    outcome_json: JSON.stringify(outcomeDocument.parse(outcome)),
    changed_at: changedAt,
  };
}

export const undecided = { result: null, decided_at: null, outcome_json: null } as const;

function refColumns({ uid, kind, namespace, name, project, job, plan }: RunRef) {
  return { uid, kind, namespace, name, project, job: job ?? null, plan: plan ?? null };
}

export const summaryOf = (row: RunRow): RunSummary => summary(row, progressOf(row));

export function runOf(row: RunRow): StoredRun {
  const progress = progressOf(row);
  const { image, attempts, waitingFor, cancelledBy } = progress;
  return {
    ...summary(row, progress),
    namespace: row.namespace,
    kind: row.kind,
    image,
    outcome: outcomeOf(row)?.shown,
    waitingFor: row.result === null ? waitingFor : undefined,
    cancelledBy,
    attempts,
  };
}

function summary(row: RunRow, { trigger, command, commit, startedAt, endedAt }: Progress): RunSummary {
  return {
    uid: row.uid,
    name: row.name,
    project: row.project,
    job: row.job ?? undefined,
    phase: row.phase,
    result: row.result ?? undefined,
    reason: outcomeOf(row)?.reason,
    trigger,
    command,
    plan: row.plan ?? undefined,
    commit,
    createdAt: row.created_at,
    startedAt,
    // The outcome may be known before the watcher has told of the end.
    endedAt: endedAt ?? row.decided_at ?? undefined,
  };
}

function progressOf(row: RunRow): Progress {
  if (row.progress_json !== '') return progressDocument.parse(JSON.parse(row.progress_json));
  return {
    phase: row.phase,
    trigger: { kind: 'tool' },
    command: [],
    createdAt: row.created_at,
    attempts: [],
  };
}

function outcomeOf(row: RunRow) {
  if (row.outcome_json === null) return undefined;
  const { reason, message, container, exitCode, dbt } = outcomeDocument.parse(JSON.parse(row.outcome_json));
  const shown = {
    message,
    nextStep: outcomeReasons[reason].nextStep,
    container,
    exitCode,
    counts: dbt?.counts,
    failedNodes: dbt?.failedNodes ?? [],
    unfinishedNodes: dbt?.unfinishedNodes ?? [],
  };
  return { reason, shown };
}
