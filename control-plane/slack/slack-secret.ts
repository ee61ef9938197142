import { z } from 'zod';
import { slackSecret } from '../../contract/names.ts';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { objectPath } from '../kube/path.ts';

/** What the Secret `dbt-jobs-slack` of an organization holds. */
export interface SlackConnection {
  readonly token: string;
  readonly channel: string;
  /** As Slack said when the token was set; a Secret that somebody wrote by hand has neither. */
  readonly workspace?: string;
  readonly bot?: string;
}

const base64 = z.string().transform((text) => Buffer.from(text, 'base64').toString('utf8'));
const secret = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  data: z
    .object({
      token: base64.optional(),
      channel: base64.optional(),
      workspace: base64.optional(),
      bot: base64.optional(),
    })
    .default({}),
});

export interface ReadSecret {
  /** Undefined where a key is missing. */
  readonly connection: SlackConnection | undefined;
  readonly resourceVersion: string;
}

/** Undefined where there is none. Throws KubeError. */
export async function readSecret(user: KubeClient, namespace: string): Promise<ReadSecret | undefined> {
  const found = await unlessMissing(user.request({ path: objectPath('secrets', namespace, slackSecret) }));
  if (found === undefined) return undefined;
  const { data, metadata } = secret.parse(found);
  const { token, channel, workspace, bot } = data;
  const connection =
    token === undefined || channel === undefined
      ? undefined
      : { token, channel, ...(workspace !== undefined && { workspace }), ...(bot !== undefined && { bot }) };
  return { connection, resourceVersion: metadata.resourceVersion };
}

/** Creates it, or writes over what was read. Throws KubeError, of 409 where somebody else wrote meanwhile. */
export async function writeSecret(
  user: KubeClient,
  namespace: string,
  connection: SlackConnection,
  resourceVersion: string | undefined,
): Promise<void> {
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: { name: slackSecret, namespace, ...(resourceVersion !== undefined && { resourceVersion }) },
    stringData: connection,
  };
  if (resourceVersion === undefined)
    await user.request({ method: 'POST', path: objectPath('secrets', namespace), body });
  else await user.request({ method: 'PUT', path: objectPath('secrets', namespace, slackSecret), body });
}

/** Throws KubeError. */
export async function deleteSecret(user: KubeClient, namespace: string): Promise<void> {
  await unlessMissing(
    user.request({ method: 'DELETE', path: objectPath('secrets', namespace, slackSecret) }),
  );
}

async function unlessMissing(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}
