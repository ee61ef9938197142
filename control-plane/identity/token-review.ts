import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../api/refusal.ts';
import type { KubeClient } from '../kube/client.ts';
import { remember } from './remember.ts';

export interface ReviewedUser {
  readonly user: string;
  readonly groups: readonly string[];
}

export interface TokenReviewShell {
  readonly kube: KubeClient;
  now(): number;
  /** Absent: the API server's own, which is what a user's token is for. */
  readonly audience?: string;
}

/** How long a token that was taken back still opens the door, ms. */
const rememberMs = 10_000;
const mostTokens = 10_000;
/** Reviews at a time: anybody can send tokens, and the API server has other work. */
const mostPending = 50;
/** Longer than any token; headers of 16 kB are refused before. */
const token = z.string().regex(/^[\x21-\x7e]{1,16384}$/);

const review = z.object({
  status: z.object({
    authenticated: z.boolean().optional(),
    audiences: z.array(z.string()).optional(),
    user: z.object({ username: z.string().min(1), groups: z.array(z.string()).default([]) }).optional(),
  }),
});

/** Undefined of a token that the API server does not know. Throws KubeError, and a Refusal of 503 where too many ask. */
export function createTokenReview(
  shell: TokenReviewShell,
): (text: string) => Promise<ReviewedUser | undefined> {
  const known = remember<ReviewedUser | undefined>({
    forMs: rememberMs,
    most: mostTokens,
    now: () => shell.now(),
  });
  let pending = 0;
  const ask = async (text: string): Promise<ReviewedUser | undefined> => {
    if (pending >= mostPending) throw tooMany;
    pending++;
    try {
      return await reviewToken(shell, text);
    } finally {
      pending--;
    }
  };
  return async (text) => {
    if (!token.safeParse(text).success) return undefined;
    // The memory of the process holds no token for longer than a request takes.
    return known(createHash('sha256').update(text).digest('base64'), () => ask(text));
  };
}

const tooMany = new Refusal({ status: 503, title: 'Too many sign in at once' }, { 'Retry-After': '1' });

async function reviewToken({ kube, audience }: TokenReviewShell, text: string) {
  const answer = await kube.request({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/tokenreviews',
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      spec: { token: text, ...(audience !== undefined && { audiences: [audience] }) },
    },
  });
  const { status } = review.parse(answer);
  if (status.authenticated !== true || status.user === undefined) return undefined;
  // An authenticator that knows of no audiences says none, and would take a token that is for somebody else.
  if (audience !== undefined && status.audiences?.includes(audience) !== true) return undefined;
  return { user: status.user.username, groups: status.user.groups };
}
