import { z } from 'zod';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the API server, with a leading slash; its variable parts are DNS names. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Answer {
  readonly code: number;
  readonly text: string;
  /** Texts of the Warning headers, which kubectl would print too. */
  readonly warnings: readonly string[];
}

/** Throws Unreachable where there is no answer at all. */
export type Send = (request: Request) => Promise<Answer>;

export interface Cluster {
  readonly send: Send;
  /** Of the context; `default` where that has none. */
  readonly namespace: string;
}

/** There is no usable kubeconfig, or no answer. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The API server answered with an error. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const status = z.object({ kind: z.literal('Status'), message: z.string() });

/** The JSON of a good answer. Throws Refused, with the API server's own text, and Unreachable. */
export async function readJson(
  send: Send,
  request: Request,
): Promise<{ readonly value: unknown; readonly warnings: readonly string[] }> {
  const answer = await send(request);
  const value = parseJson(answer.text);
  if (answer.code < 300 && value !== undefined) return { value, warnings: answer.warnings };
  const parsed = status.safeParse(value);
  throw new Refused(
    answer.code,
    parsed.success ? parsed.data.message : `HTTP ${answer.code} without a reason`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The texts of `299 - "text", 299 - "other \"text\""` (RFC 7234 §5.5). */
export function parseWarnings(header: string): readonly string[] {
  return [...header.matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
    (match[1] ?? '').replaceAll(/\\(.)/g, '$1'),
  );
}
