import { z } from 'zod';

/** A call that the API server, or the way to it, did not answer with 2xx. */
export class KubeError extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** What the API server says is wrong with the object that was sent, by the path of the field. */
  readonly causes: readonly { readonly field: string; readonly message: string }[];
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, message: string, more: Partial<Omit<KubeError, 'status' | 'message'>> = {}) {
    super(message, { cause: more.cause });
    this.name = 'KubeError';
    this.status = status;
    this.causes = more.causes ?? [];
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** A Kubernetes Status, as far as a refusal is told from it. */
const status = z.object({
  message: z.string().default(''),
  details: z
    .object({
      retryAfterSeconds: z.number().optional(),
      causes: z
        .array(z.object({ field: z.string().default(''), message: z.string().default('') }))
        .optional(),
    })
    .optional(),
});

/** Of the text of an answer that is not 2xx, whatever it is. */
export function kubeErrorOf(code: number, text: string): KubeError {
  const parsed = status.safeParse(parseJson(text));
  if (!parsed.success) return new KubeError(code, `the API server answered ${code}`);
  const { message, details } = parsed.data;
  return new KubeError(code, message || `the API server answered ${code}`, {
    causes: details?.causes ?? [],
    retryAfterSeconds: details?.retryAfterSeconds,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
