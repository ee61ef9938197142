import { z } from 'zod';
import type { Operation } from './patch.ts';

const apiVersion = 'admission.k8s.io/v1';
const kind = 'AdmissionReview';

const review = z.object({
  apiVersion: z.literal(apiVersion),
  kind: z.literal(kind),
  request: z.object({
    uid: z.string().min(1),
    operation: z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']),
    namespace: z.string().default(''),
    name: z.string().default(''),
    dryRun: z.boolean().default(false),
    object: z.unknown(),
  }),
});

/** The half of a review that asks. `name` is empty where the API server is yet to generate it. */
export type AdmissionRequest = z.output<typeof review>['request'];

/** A whole answer, ready for the wire: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response */
export interface AdmissionAnswer {
  readonly apiVersion: typeof apiVersion;
  readonly kind: typeof kind;
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly patchType?: 'JSONPatch';
    /** Base64 of the JSON patch. */
    readonly patch?: string;
    readonly warnings?: readonly string[];
    readonly status?: { readonly code: number; readonly message: string };
  };
}

/** The request of a v1 review, or what is wrong with it, field by field. */
export function parseReview(value: unknown): { request: AdmissionRequest } | { malformed: string } {
  const parsed = review.safeParse(value);
  if (parsed.success) return { request: parsed.data.request };
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'review'}: ${message}`);
  return { malformed: `not an AdmissionReview of ${apiVersion}: ${wrong.join('; ')}` };
}

export function allowed(uid: string, warnings: readonly string[] = []): AdmissionAnswer {
  return answer({ uid, allowed: true, ...(warnings.length === 0 ? {} : { warnings }) });
}

export function patched(uid: string, operations: readonly Operation[]): AdmissionAnswer {
  const patch = Buffer.from(JSON.stringify(operations)).toString('base64');
  return answer({ uid, allowed: true, patchType: 'JSONPatch', patch });
}

/** `code` is the HTTP status that the API server's client sees, with the message after the webhook's name. */
export function denied(uid: string, code: number, message: string): AdmissionAnswer {
  return answer({ uid, allowed: false, status: { code, message } });
}

function answer(response: AdmissionAnswer['response']): AdmissionAnswer {
  return { apiVersion, kind, response };
}
