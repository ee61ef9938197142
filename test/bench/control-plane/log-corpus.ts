import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ingestion, type LogReport } from '../../../contract/ingestion.ts';
import { namespace, project } from './runs.ts';

/** A recorded run, dbt 1.11 with `--log-format json`. */
const recording = new URL('../../outcomes/cases/J20-exit-1-failed-model/dbt.log', import.meta.url);
const template = z.looseObject({ info: z.looseObject({ msg: z.string() }) });
/** As the watcher cuts a log: watcher/ingest/delivery.ts. */
const reportBytes = 128 * 1024;
const streams = 4;

export interface LogBody {
  /** A batch as it is sent. */
  readonly body: string;
  /** Of the lines alone, a line feed each: what dbt wrote. */
  readonly logBytes: number;
}

/** Batches of some 1 MB with the logs of several runs at once; no two lines are equal. */
export function logBodies(logBytes: number): readonly LogBody[] {
  const templates = readFileSync(recording, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => template.parse(JSON.parse(line)));
  const bodies: LogBody[] = [];
  let nanos = 0;
  for (let written = 0, part = 0; written < logBytes;) {
    const reports: LogReport[] = [];
    let bytes = 0;
    // JSON in JSON grows by a third.
    while (bytes < ingestion.batchBytes * 0.65) {
      const report = logReport(templates, `run-${part % streams}`, () => (nanos += 1_000_000));
      reports.push(report);
      bytes += report.lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
      part += 1;
    }
    bodies.push({ body: JSON.stringify({ version: 'v1', sentBy: 'bench', reports }), logBytes: bytes });
    written += bytes;
  }
  return bodies;
}

function logReport(
  templates: readonly z.output<typeof template>[],
  uid: string,
  nextNanos: () => number,
): LogReport {
  const lines: LogReport['lines'] = [];
  for (let bytes = 0, at = 0; bytes < reportBytes; at += 1) {
    const stamp = stampOf(nextNanos());
    const line = templates[at % templates.length];
    if (line === undefined) throw new Error('the recording is empty');
    const msg = `${line.info.msg} ${randomBytes(12).toString('hex')}`;
    const text = JSON.stringify({ ...line, info: { ...line.info, msg, ts: `${stamp.slice(0, 26)}Z` } });
    lines.push({ at: stamp, n: 0, text });
    bytes += text.length;
  }
  const run = { uid, kind: 'Job', namespace, name: uid, project } as const;
  return { kind: 'log', run, attempt: `${uid}-pod`, container: 'dbt', execution: 0, lines, gaps: [] };
}

function stampOf(nanos: number): string {
  const ms = Math.floor(nanos / 1e6);
  const second = new Date(Date.parse('2026-11-23T02:00:00Z') + ms).toISOString().slice(0, 23);
  return `${second}${String(nanos % 1e6).padStart(6, '0')}Z`;
}
