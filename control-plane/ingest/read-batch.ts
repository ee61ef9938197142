import { z } from 'zod';
import {
  type ingestionAnswer,
  ingestionBatch,
  ingestionReport,
  type IngestionReport,
  type RunRef,
} from '../../contract/ingestion.ts';

export type IngestionAnswer = z.output<typeof ingestionAnswer>;

/** What a batch is: what can be kept, and what never will be. */
export interface ReadBatch {
  readonly reports: readonly IngestionReport[];
  readonly rejected: IngestionAnswer['rejected'];
}

/** The body is no batch at all: nothing of it can be told apart. */
export class InvalidBatchError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidBatchError';
  }
}

const envelope = ingestionBatch.extend({ reports: z.array(z.unknown()).max(1000) });

/** Each report by itself: a bad one takes no other with it. Throws `InvalidBatchError`. */
export function readBatch(body: unknown): ReadBatch {
  const batch = envelope.safeParse(body);
  if (!batch.success) throw new InvalidBatchError(wordsOf(batch.error));
  const reports: IngestionReport[] = [];
  const rejected: IngestionAnswer['rejected'] = [];
  for (const [index, value] of batch.data.reports.entries()) {
    const report = ingestionReport.safeParse(value);
    const message = report.success ? problemOf(report.data) : wordsOf(report.error);
    if (message !== undefined) rejected.push({ index, message });
    else if (report.success) reports.push(report.data);
  }
  return { reports, rejected };
}

const mostWords = 1000;

/** Fields and rules, never a value: it may be anything that was printed. */
const wordsOf = (error: z.ZodError): string =>
  error.issues
    .map(({ path, message }) => `${z.core.toDotPath(path) || 'it'}: ${message}`)
    .join('; ')
    .slice(0, mostWords);

/** Names of Kubernetes objects and values of labels; a UID is one of them in practice. */
const name = /^[\w.-]{1,253}$/;
/** Without a point: the id of a stream is `<attempt>.<container>.<execution>`. */
const containerName = /^[a-z0-9-]{1,63}$/;
/** So that keys of lines have one length (store/log-chunk.ts). */
const mostN = 9_999_999_999;

/** What the contract says in words, and what a database could not keep. */
function problemOf(report: IngestionReport): string | undefined {
  const badName = badNameOf(report.run);
  if (badName !== undefined)
    return `run.${badName}: must be letters, digits, hyphens, points and underscores`;
  switch (report.kind) {
    case 'progress':
    case 'outcome':
      return undefined;
    case 'nodes': {
      if (!name.test(report.attempt)) return 'attempt: must be a UID';
      const bad = report.nodes.findIndex(({ uniqueId }) => uniqueId.includes('\0'));
      return bad < 0 ? undefined : `nodes[${bad}].uniqueId: must hold no NUL`;
    }
    case 'log': {
      if (!name.test(report.attempt)) return 'attempt: must be a UID';
      if (!containerName.test(report.container)) return 'container: must be the name of a container';
      const bad = report.lines.findIndex(
        ({ n, text }) => n > mostN || text.includes('\n') || text.includes('\0'),
      );
      return bad < 0
        ? undefined
        : `lines[${bad}]: must hold no line feed and no NUL, and n is at most ${mostN}`;
    }
  }
}

const badNameOf = (run: RunRef): string | undefined =>
  (['uid', 'namespace', 'name', 'project'] as const).find((field) => !name.test(run[field])) ??
  (['job', 'plan'] as const).find((field) => run[field] !== undefined && !name.test(run[field]));
