import { z } from 'zod';
import { problem } from '../../wire/problem.ts';
import { NoAnswer, Refusal } from './refusal.ts';

/** Long enough for an API server under load, short enough that a person still waits. */
const timeoutMs = 20_000;

const base = '/api/v1';

export interface Ask {
  readonly method?: 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Asks the API. @throws {Refusal} for a problem, {NoAnswer} where none comes or it is not as the schema says. */
export async function request<Answer>(
  schema: z.ZodType<Answer>,
  path: string,
  ask: Ask = {},
): Promise<Answer> {
  const response = await send(path, ask);
  if (!response.ok) throw new Refusal(await problemOf(response));
  const answer = schema.safeParse(await jsonOf(response));
  if (answer.success) return answer.data;
  throw new NoAnswer(
    'The control plane answered what this page does not understand: reload it to get the version that does.',
    {
      cause: answer.error,
    },
  );
}

/** For what is answered without a body. */
export async function command(path: string, ask: Ask): Promise<void> {
  const response = await send(path, ask);
  if (!response.ok) throw new Refusal(await problemOf(response));
}

export function apiAddress(path: string): string {
  return base + path;
}

async function send(path: string, { method, body, signal }: Ask): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(base + path, {
      ...(method === undefined ? {} : { method }),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (cause) {
    // The query was given up by its page: no failure to be told.
    if (signal?.aborted === true) throw cause;
    const seconds = timeoutMs / 1000;
    const title = timeout.aborted
      ? `The control plane has not answered for ${seconds} seconds.`
      : 'The control plane cannot be reached.';
    throw new NoAnswer(title, { cause });
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** A proxy in between answers in its own words: then the status is all there is. */
async function problemOf(response: Response): Promise<z.output<typeof problem>> {
  const parsed = problem.safeParse(await jsonOf(response));
  return parsed.success
    ? parsed.data
    : { title: `The control plane answered with status ${response.status}.`, status: response.status };
}
