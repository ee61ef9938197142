import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { isErrorLine } from './log-line.ts';

/** A line of a stream as it came. */
export interface Line {
  /** Nine digits after the point, UTC. */
  readonly at: string;
  /** Counts the lines of one stamp, from 0. */
  readonly n: number;
  readonly text: string;
}

/** Sorts as the lines of a stream do: by stamp, then by number. */
export const keyOf = ({ at, n }: Line): string => `${at} ${String(n).padStart(nDigits, '0')}`;
/** So that the greatest number is one less than 10^10. */
const nDigits = 10;
export const mostN = 10 ** nDigits - 1;

/** Consecutive lines of a stream, as a row keeps them but for the stream's name. */
export interface Chunk {
  readonly first_key: string;
  readonly last_key: string;
  readonly first_line: number;
  readonly lines: number;
  readonly bytes: number;
  readonly first_error: number | null;
  readonly data: Uint8Array;
}

/**
 * Bytes of a chunk before compression: small enough that a page of a log, or a line that comes late, touches little; large
 * enough to compress well.
 */
const chunkBytes = 256 * 1024;
/** A chunk with less than this is made anew with what follows: a log that grows line by line ends in few chunks. */
export const smallBytes = 64 * 1024;
/** Of a line beside its text: stamp, number, blanks and line feed. */
const lineBytes = 34;

export async function chunksOf(lines: readonly Line[], firstLine: number): Promise<readonly Chunk[]> {
  const chunks: Chunk[] = [];
  let at = 0;
  while (at < lines.length) {
    const end = endOfChunk(lines, at);
    chunks.push(await chunkOf(lines.slice(at, end), firstLine + at));
    at = end;
  }
  return chunks;
}

function endOfChunk(lines: readonly Line[], from: number): number {
  let bytes = 0;
  for (let at = from; at < lines.length; at++) {
    bytes += (lines[at]?.text.length ?? 0) + lineBytes;
    if (bytes >= chunkBytes) return at + 1;
  }
  return lines.length;
}

async function chunkOf(lines: readonly Line[], firstLine: number): Promise<Chunk> {
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a chunk has lines');
  const firstError = lines.findIndex(({ text }) => isErrorLine(text));
  const text = Buffer.from(lines.map(({ at, n, text }) => `${at} ${n} ${text}\n`).join(''));
  return {
    first_key: keyOf(first),
    last_key: keyOf(last),
    first_line: firstLine,
    lines: lines.length,
    bytes: text.length - lines.reduce((sum, { n }) => sum + stampLength + 2 + String(n).length, 0),
    first_error: firstError < 0 ? null : firstError,
    data: await compress(text),
  };
}

const stampLength = '2026-11-23T02:00:00.000000000Z'.length;
const compressAsync = promisify(zstdCompress);
const decompressAsync = promisify(zstdDecompress);
const compress = (text: Buffer): Promise<Buffer> =>
  compressAsync(text, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });

export async function linesOf({ data }: Pick<Chunk, 'data'>): Promise<readonly Line[]> {
  const text = (await decompressAsync(data)).toString('utf8');
  const lines: Line[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const blank = text.indexOf(' ', at + stampLength + 1);
    lines.push({
      at: text.slice(at, at + stampLength),
      n: Number(text.slice(at + stampLength + 1, blank)),
      text: text.slice(blank + 1, end),
    });
    at = end + 1;
  }
  return lines;
}

/** Sorted by key, each key once: of two lines of one key the first that is given. */
export function inOrder(lines: readonly Line[]): readonly Line[] {
  if (lines.every((line, at) => at === 0 || isBefore(lines[at - 1] ?? line, line))) return lines;
  const byKey = new Map<string, Line>();
  for (const line of lines) if (!byKey.has(keyOf(line))) byKey.set(keyOf(line), line);
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

const isBefore = (a: Line, b: Line): boolean => a.at < b.at || (a.at === b.at && a.n < b.n);
