import { sql } from 'kysely';
import type { LogReport } from '../../contract/ingestion.ts';
import type { Announce } from './database.ts';
import { readGaps, writeGaps } from './log-gap.ts';
import { type Chunk, chunksOf, inOrder, keyOf, type Line, linesOf, smallBytes } from './log-chunk.ts';
import type { Tables, Writing } from './tables.ts';

type Stream = Tables['log_stream'];
type StreamKey = Pick<Stream, 'namespace' | 'run_uid' | 'stream'>;

/** What lines have done to a stream. `from`: the first number that is new or another line's now. */
interface Added {
  readonly lines: number;
  readonly bytes: number;
  readonly from: number;
}

/** Lines that are there already, in whatever order they come again, change nothing. */
export async function takeLog(
  transaction: Writing,
  announce: Announce,
  report: LogReport,
  changedAt: string,
): Promise<void> {
  const stream = await lockStream(transaction, report, changedAt);
  if (stream.removed === 1) return;
  const lines = inOrder(report.lines);
  const known = lines.findIndex((line) => keyOf(line) > stream.last_key);
  const split = known < 0 ? lines.length : known;
  const late = await insertLate(transaction, stream, lines.slice(0, split));
  const fresh = await append(transaction, stream, stream.lines + late.lines, lines.slice(split));
  const news = changed(stream, report, [late, fresh], lines);
  if (news === undefined) return;
  await transaction
    .updateTable('log_stream')
    .set({ ...news, changed_at: changedAt })
    .where((eb) => eb.and(keyOfStream(stream)))
    .execute();
  const { namespace, project, uid } = report.run;
  const from = Math.min(late.from, fresh.from);
  announce({ kind: 'log', namespace, project, uid, stream: stream.stream, from });
}

/** The row is this transaction's from here on: another replica that has lines of the same stream waits. */
async function lockStream(transaction: Writing, report: LogReport, changedAt: string): Promise<Stream> {
  const { run, attempt, container, execution } = report;
  return transaction
    .insertInto('log_stream')
    .values({
      namespace: run.namespace,
      run_uid: run.uid,
      stream: `${attempt}.${container}.${execution}`,
      project: run.project,
      attempt,
      container,
      execution,
      lines: 0,
      bytes: 0,
      first_key: '',
      last_key: '',
      gaps_json: '[]',
      ending: null,
      removed: 0,
      changed_at: changedAt,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['namespace', 'run_uid', 'stream'])
        .doUpdateSet((eb) => ({ lines: eb.ref('log_stream.lines') })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The columns of the stream that are others now; undefined for none. */
function changed(
  stream: Stream,
  { gaps, end }: LogReport,
  added: readonly Added[],
  sorted: readonly Line[],
): Partial<Stream> | undefined {
  const gapsJson = writeGaps([...readGaps(stream.gaps_json), ...gaps]);
  // Whoever has seen the end of the log knows more than who gave up.
  const ending = stream.ending === 'complete' ? stream.ending : (end ?? stream.ending);
  const lines = added.reduce((sum, { lines }) => sum + lines, stream.lines);
  if (lines === stream.lines && gapsJson === stream.gaps_json && ending === stream.ending) return undefined;
  const [first, last] = [sorted[0], sorted.at(-1)].map((line) => (line === undefined ? '' : keyOf(line)));
  return {
    lines,
    bytes: added.reduce((sum, { bytes }) => sum + bytes, stream.bytes),
    first_key: [stream.first_key, first ?? ''].filter((key) => key !== '').sort()[0] ?? '',
    last_key: [stream.last_key, last ?? ''].sort().at(-1) ?? '',
    gaps_json: gapsJson,
    ending,
  };
}

const nothing: Added = { lines: 0, bytes: 0, from: Number.MAX_SAFE_INTEGER };

/** `lines` stand behind all that the stream has. */
async function append(
  transaction: Writing,
  stream: Stream,
  known: number,
  lines: readonly Line[],
): Promise<Added> {
  if (lines.length === 0) return { ...nothing, from: known };
  const tail = await transaction
    .selectFrom('log_chunk')
    .selectAll()
    .where((eb) => eb.and(keyOfStream(stream)))
    .orderBy('first_line', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (tail === undefined || tail.bytes >= smallBytes) {
    const chunks = await chunksOf(lines, known);
    await insertChunks(transaction, stream, chunks);
    return { lines: lines.length, bytes: bytesOf(chunks), from: known };
  }
  const chunks = await chunksOf([...(await linesOf(tail)), ...lines], tail.first_line);
  await replaceChunk(transaction, stream, tail, chunks);
  return { lines: lines.length, bytes: bytesOf(chunks) - tail.bytes, from: known };
}

/** `lines` stand among those that the stream has; most are there already. */
async function insertLate(transaction: Writing, stream: Stream, lines: readonly Line[]): Promise<Added> {
  let added = nothing;
  let rest = lines;
  for (let first = rest[0]; first !== undefined; first = rest[0]) {
    const chunk = await chunkFor(transaction, stream, keyOf(first));
    const nextKey = await firstKeyAfter(transaction, stream, chunk.first_key);
    const own = nextKey === undefined ? rest : rest.filter((line) => keyOf(line) < nextKey);
    rest = rest.slice(own.length);
    const known = await linesOf(chunk);
    const merged = inOrder([...known, ...own]);
    const grown = merged.length - known.length;
    if (grown === 0) continue;
    const chunks = await chunksOf(merged, chunk.first_line);
    await replaceChunk(transaction, stream, chunk, chunks);
    if (nextKey !== undefined) await renumber(transaction, stream, nextKey, grown);
    const place = merged.findIndex((line, at) => line !== known[at]);
    added = {
      lines: added.lines + grown,
      bytes: added.bytes + bytesOf(chunks) - chunk.bytes,
      from: Math.min(added.from, chunk.first_line + place),
    };
  }
  return added;
}

/** The one that a line of this key belongs into: a line before all others goes into the first. */
async function chunkFor(transaction: Writing, stream: Stream, key: string): Promise<Chunk> {
  const chunks = transaction
    .selectFrom('log_chunk')
    .selectAll()
    .where((eb) => eb.and(keyOfStream(stream)))
    .limit(1);
  return (
    (await chunks.where('first_key', '<=', key).orderBy('first_key', 'desc').executeTakeFirst()) ??
    (await chunks.orderBy('first_key').executeTakeFirstOrThrow())
  );
}

async function firstKeyAfter(transaction: Writing, stream: Stream, key: string): Promise<string | undefined> {
  const next = await transaction
    .selectFrom('log_chunk')
    .select('first_key')
    .where((eb) => eb.and(keyOfStream(stream)))
    .where('first_key', '>', key)
    .orderBy('first_key')
    .limit(1)
    .executeTakeFirst();
  return next?.first_key;
}

async function renumber(transaction: Writing, stream: Stream, fromKey: string, by: number): Promise<void> {
  await transaction
    .updateTable('log_chunk')
    .set({ first_line: sql<number>`first_line + ${sql.lit(by)}` })
    .where((eb) => eb.and(keyOfStream(stream)))
    .where('first_key', '>=', fromKey)
    .execute();
}

async function replaceChunk(
  transaction: Writing,
  stream: Stream,
  chunk: Chunk,
  chunks: readonly Chunk[],
): Promise<void> {
  await transaction
    .deleteFrom('log_chunk')
    .where((eb) => eb.and({ ...keyOfStream(stream), first_key: chunk.first_key }))
    .execute();
  await insertChunks(transaction, stream, chunks);
}

async function insertChunks(transaction: Writing, stream: Stream, chunks: readonly Chunk[]): Promise<void> {
  await transaction
    .insertInto('log_chunk')
    .values(chunks.map((chunk) => ({ ...keyOfStream(stream), ...chunk })))
    .execute();
}

const keyOfStream = ({ namespace, run_uid, stream }: StreamKey): StreamKey => ({
  namespace,
  run_uid,
  stream,
});
const bytesOf = (chunks: readonly Chunk[]): number => chunks.reduce((sum, { bytes }) => sum + bytes, 0);
