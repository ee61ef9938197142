import type { Logger } from 'pino';
import { z } from 'zod';
import { finalizer } from '../contract/names.ts';
import { backoffMs } from './backoff.ts';
import { releaseRun } from './hold.ts';
import { type KubeClient, KubeError } from './kube/client.ts';
import { metadata } from './kube/metadata.ts';
import { type Holdable, runPath } from './report/annotation.ts';
import { type Sources, sourcesOf } from './sources.ts';

export interface ReleaseShell {
  readonly client: KubeClient;
  readonly log: Logger;
  /** Undefined for all namespaces. */
  readonly namespace: string | undefined;
  readonly random: () => number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const pageSize = 500;
const mostTries = 8;

/**
 * Takes our finalizer from every Job and Pod, so that nothing waits for a watcher that will never be there again. Throws
 * an Error that names what is held still.
 */
export async function releaseAll(shell: ReleaseShell, signal: AbortSignal): Promise<void> {
  const { jobs, pods } = sourcesOf(shell.namespace);
  const held: string[] = [];
  let released = 0;
  for (const [kind, source] of [['Job', jobs] as const, ['Pod', pods] as const]) {
    for await (const found of heldOf(shell, kind, source, signal)) {
      const { namespace, name } = found.metadata;
      try {
        await persist(shell, signal, () => releaseNow(shell, found));
        released += 1;
      } catch (err) {
        held.push(`${kind} ${namespace}/${name}`);
        shell.log.error({ kind, namespace, name, err }, 'Could not release');
      }
    }
  }
  shell.log.info({ released, held: held.length }, 'Released what was held');
  if (held.length === 0) return;
  throw new Error(
    `${held.length} objects keep the finalizer ${finalizer}: ${held.slice(0, 20).join(', ')}\n` +
      'take it from them by hand: kubectl patch -n <namespace> <kind> <name> --type=json -p \'[{"op":"remove","path":"/metadata/finalizers"}]\'',
  );
}

const page = z.object({
  metadata: z.object({ continue: z.string().nullish() }),
  items: z
    .array(z.unknown())
    .nullish()
    .transform((items) => items ?? []),
});
const item = z.object({ metadata });

async function* heldOf(
  shell: ReleaseShell,
  kind: 'Job' | 'Pod',
  source: Sources['jobs'] | Sources['pods'],
  signal: AbortSignal,
): AsyncGenerator<Holdable> {
  let next: string | undefined;
  do {
    const query = { ...source.query, limit: String(pageSize), ...(next && { continue: next }) };
    const answer = await persist(shell, signal, async () =>
      page.parse(await shell.client.request({ path: source.path, query, signal })),
    );
    for (const raw of answer.items) {
      // Only the metadata: whatever else is wrong with an object, it must not stay held.
      const found = item.safeParse(raw).data;
      if (found?.metadata.finalizers.includes(finalizer)) yield { kind, metadata: found.metadata };
    }
    next = answer.metadata.continue || undefined;
  } while (next !== undefined);
}

async function releaseNow({ client }: ReleaseShell, found: Holdable): Promise<void> {
  try {
    await releaseRun(client, found);
  } catch (error) {
    if (!(error instanceof KubeError && error.status === 409)) throw error;
    const fresh = await client.request({ path: runPath(found) });
    await releaseRun(client, { kind: found.kind, metadata: item.parse(fresh).metadata });
  }
}

async function persist<T>(shell: ReleaseShell, signal: AbortSignal, what: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await what();
    } catch (error) {
      const hopeless = error instanceof KubeError && error.status === 403;
      if (hopeless || failures >= mostTries || signal.aborted) throw error;
      await shell.sleep(backoffMs(failures, shell.random), signal);
    }
  }
}
