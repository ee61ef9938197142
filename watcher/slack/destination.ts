import { z } from 'zod';
import { annotations, slackSecret } from '../../contract/names.ts';
import { type KubeClient, KubeError } from '../kube/client.ts';
import type { Job } from '../kube/job.ts';
import type { Pod } from '../kube/pod.ts';
import type { SlackClient } from './slack-client.ts';

/** Id or #name. */
export const channelPattern = /^(#[\w-]{1,80}|[A-Z0-9]{6,20})$/;
export const tokenPattern = /^xox[a-z]-\S{8,512}$/;

export interface SlackShell {
  /** Of the installation, for organizations that are not connected themselves; undefined where there is none. */
  readonly installation: SlackClient | undefined;
  readonly connect: (connection: { readonly token: string; readonly channel: string }) => SlackClient;
}

export interface Destination {
  readonly slack: SlackClient;
  /** Whose connection it is: a namespace, empty for the installation's. Each has its own pace. */
  readonly owner: string;
}

export interface DestinationShell extends SlackShell {
  readonly client: KubeClient;
  /** The Secret holds something else than a token and a channel. */
  onBadSecret(namespace: string): void;
}

const base64 = (pattern: RegExp) =>
  z
    .string()
    .transform((text) => Buffer.from(text, 'base64').toString('utf8').trim())
    .pipe(z.string().regex(pattern));
const secret = z.object({
  data: z.object({ token: base64(tokenPattern), channel: base64(channelPattern) }),
});

/**
 * Where the alert of a run goes (C33), read anew each time, so that a new token holds from the next alert on: nowhere where
 * the run says `off`; to the organization's own Slack, in the run's channel where it names one; else to the installation's,
 * always in its own channel, since all organizations share that. Undefined: nowhere. Throws KubeError.
 */
export async function findDestination(
  shell: DestinationShell,
  run: Job | Pod,
): Promise<Destination | undefined> {
  const { namespace, annotations: said } = run.metadata;
  if (said[annotations.slackAlerts] === 'off') return undefined;
  const found = await readSecret(shell.client, namespace);
  if (found === undefined)
    return shell.installation === undefined ? undefined : { slack: shell.installation, owner: '' };
  const parsed = secret.safeParse(found);
  if (!parsed.success) {
    shell.onBadSecret(namespace);
    return undefined;
  }
  const { token, channel } = parsed.data.data;
  const wanted = said[annotations.slackChannel] ?? '';
  return {
    slack: shell.connect({ token, channel: channelPattern.test(wanted) ? wanted : channel }),
    owner: namespace,
  };
}

/** Undefined where there is none, or where the installation gave no right to it. */
async function readSecret(client: KubeClient, namespace: string): Promise<unknown> {
  try {
    return await client.request({ path: `/api/v1/namespaces/${namespace}/secrets/${slackSecret}` });
  } catch (error) {
    if (error instanceof KubeError && (error.status === 404 || error.status === 403)) return undefined;
    throw error;
  }
}
