import { z } from 'zod';
import type { Requirement } from '../api/route.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Identity } from '../wire/organization.ts';
import { remember } from './remember.ts';

/** How long a right that was taken away still holds for looking, ms; a write is decided by the API server itself. */
const rememberMs = 10_000;
/** Of some 300 bytes each. */
const mostAnswers = 20_000;

const review = z.object({ status: z.object({ allowed: z.boolean(), denied: z.boolean().optional() }) });

export type May = (identity: Identity, namespace: string, requirement: Requirement) => Promise<boolean>;

/** Asks the API server (SubjectAccessReview). Throws KubeError. */
export function createAccessReview(shell: { readonly kube: KubeClient; now(): number }): May {
  const known = remember<boolean>({ forMs: rememberMs, most: mostAnswers, now: () => shell.now() });
  return ({ user, groups }, namespace, requirement) => {
    const { verb, group, resource, subresource, name } = requirement;
    const resourceAttributes = {
      namespace,
      verb,
      group,
      resource,
      ...(subresource !== undefined && { subresource }),
      ...(name !== undefined && { name }),
    };
    const spec = { user, groups, resourceAttributes };
    return known(JSON.stringify(spec), async () => {
      const answer = await shell.kube.request({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec },
      });
      const { allowed, denied } = review.parse(answer).status;
      return allowed && denied !== true;
    });
  };
}
