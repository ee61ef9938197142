import { z } from 'zod';

/** Of each log the number of the line that a reader wants next. */
export type Position = ReadonlyMap<string, number>;

/** Attempts times containers of a run: a dozen; more is not of our making. */
const mostLogs = 500;
const shape = z.array(z.tuple([z.string().max(256), z.number().int().min(0)])).max(mostLogs);

/** As the id of an event: without a line feed, which would end it. */
export function writePosition(position: Position): string {
  return Buffer.from(JSON.stringify([...position])).toString('base64url');
}

/** Undefined of anything else than what `writePosition` gives: the header is the reader's to choose. */
export function readPosition(id: string | undefined): Position | undefined {
  if (id === undefined) return undefined;
  try {
    return new Map(shape.parse(JSON.parse(Buffer.from(id, 'base64url').toString('utf8'))));
  } catch {
    return undefined;
  }
}
