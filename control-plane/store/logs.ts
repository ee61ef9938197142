import type { LogLine, LogRange } from '../wire/log.ts';
import type { Database } from './database.ts';
import { type Chunk, linesOf } from './log-chunk.ts';
import { type Gap, gapBetween, readGaps } from './log-gap.ts';
import { readLogLine } from './log-line.ts';
import type { LogAddress, Logs, StoredStream } from './store.ts';
import type { Tables } from './tables.ts';

/** Of the numbers that a search names. */
const mostMatches = 10_000;

export function createLogs(database: Database): Logs {
  return {
    async streams(namespace, runUid) {
      const rows = await streamRows(database, namespace, runUid);
      return rows.toSorted(asBegun).map(({ first_error_line, ...row }) => streamOf(row, first_error_line));
    },
    async range(address, from, limit) {
      const stream = await streamRow(database, address);
      return stream && rangeOf(database, address, stream, from, limit);
    },
    async search(address, text) {
      if ((await streamRow(database, address)) === undefined) return undefined;
      const wanted = text.toLowerCase();
      const matches: number[] = [];
      let total = 0;
      for await (const chunk of chunksFrom(database, address)) {
        for (const [at, line] of (await linesOf(chunk)).entries()) {
          if (!readLogLine(line.at, line.text).text.toLowerCase().includes(wanted)) continue;
          total += 1;
          if (matches.length < mostMatches) matches.push(chunk.first_line + at);
        }
      }
      return { matches, total };
    },
    read: (address) => readAll(database, address),
  };
}

type StreamRow = Tables['log_stream'];

async function streamRow({ read }: Database, address: LogAddress): Promise<StreamRow | undefined> {
  return read((database) =>
    database
      .selectFrom('log_stream')
      .selectAll()
      .where((eb) => eb.and(keyOfStream(address)))
      .executeTakeFirst(),
  );
}

const keyOfStream = ({ namespace, runUid, stream }: LogAddress) => ({ namespace, run_uid: runUid, stream });

const streamRows = ({ read }: Database, namespace: string, runUid: string) =>
  read((database) =>
    database
      .selectFrom('log_stream')
      .selectAll()
      .select((eb) =>
        eb
          .selectFrom('log_chunk')
          .select((of) => of(of.ref('first_line'), '+', of.ref('first_error')).as('line'))
          .whereRef('log_chunk.namespace', '=', 'log_stream.namespace')
          .whereRef('log_chunk.run_uid', '=', 'log_stream.run_uid')
          .whereRef('log_chunk.stream', '=', 'log_stream.stream')
          .where('first_error', 'is not', null)
          .orderBy('first_line')
          .limit(1)
          .as('first_error_line'),
      )
      .where('namespace', '=', namespace)
      .where('run_uid', '=', runUid)
      .execute(),
  );

function streamOf(row: StreamRow, firstErrorLine: number | null): StoredStream {
  return {
    id: row.stream,
    attempt: row.attempt,
    container: row.container,
    execution: row.execution,
    lines: row.lines,
    bytes: row.bytes,
    firstErrorLine: firstErrorLine ?? undefined,
    end: row.ending ?? undefined,
    removed: row.removed === 1,
  };
}

/** One without a line stands last. */
const asBegun = (a: StreamRow, b: StreamRow): number =>
  compare(a.first_key || '~', b.first_key || '~') || compare(a.stream, b.stream);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function rangeOf(
  { read }: Database,
  address: LogAddress,
  stream: StreamRow,
  from: number,
  limit: number,
): Promise<LogRange> {
  const chunks = await read((database) =>
    database
      .selectFrom('log_chunk')
      .selectAll()
      .where((eb) => eb.and(keyOfStream(address)))
      // The line before the first one that is asked for says whether there is a gap between them.
      .where('first_line', '>=', (eb) =>
        eb
          .selectFrom('log_chunk')
          .select((of) => of.fn.coalesce(of.fn.max('first_line'), of.lit(0)).as('line'))
          .where((of) => of.and(keyOfStream(address)))
          .where('first_line', '<=', Math.max(0, from - 1)),
      )
      .where('first_line', '<', from + limit)
      .orderBy('first_line')
      .execute(),
  );
  const lines: LogLine[] = [];
  for await (const line of shown(chunks, readGaps(stream.gaps_json)))
    if (line.n >= from && line.n < from + limit) lines.push(line);
  return { lines, total: stream.lines };
}

async function* readAll(database: Database, address: LogAddress): AsyncGenerator<string> {
  const stream = await streamRow(database, address);
  if (stream === undefined) return;
  let lines = 0;
  let text = '';
  for await (const line of shown(chunksFrom(database, address), readGaps(stream.gaps_json))) {
    text += textOf(line);
    lines += 1;
    if (lines % linesOfPiece !== 0) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** Of a piece of a download: some 100 kB of a usual log. */
const linesOfPiece = 1000;

function textOf({ at, level, text, gap }: LogLine): string {
  const missing = gap === undefined ? '' : `--- lines are missing here: ${gap} ---\n`;
  return `${missing}${at} ${level === undefined ? '' : `${level.toUpperCase()} `}${text}\n`;
}

/** Lines of chunks that follow each other, as a person reads them. */
async function* shown(
  chunks: Iterable<Chunk> | AsyncIterable<Chunk>,
  gaps: readonly Gap[],
): AsyncGenerator<LogLine> {
  let previous: string | undefined;
  for await (const chunk of chunks) {
    for (const [at, line] of (await linesOf(chunk)).entries()) {
      const n = chunk.first_line + at;
      const isFirst = previous === undefined && n > 0;
      const gap = isFirst ? undefined : gapBetween(gaps, previous, line.at);
      previous = line.at;
      yield { n, ...readLogLine(line.at, line.text), ...(gap !== undefined && { gap }) };
    }
  }
}

/** One after the other: a log may be larger than the memory. */
async function* chunksFrom({ read }: Database, address: LogAddress): AsyncGenerator<Chunk> {
  for (let after = ''; ;) {
    const chunk = await read((database) =>
      database
        .selectFrom('log_chunk')
        .selectAll()
        .where((eb) => eb.and(keyOfStream(address)))
        .where('first_key', '>', after)
        .orderBy('first_key')
        .limit(1)
        .executeTakeFirst(),
    );
    if (chunk === undefined) return;
    yield chunk;
    after = chunk.last_key;
  }
}
