import { load } from 'js-yaml';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from './config.ts';

const kubeconfigSchema = z.object({
  'current-context': z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })),
  clusters: z.array(z.object({ name: z.string(), cluster: z.object({ server: z.string() }) })),
});

const parseYaml = (text: string): unknown => {
  try {
    return load(text);
  } catch {
    return undefined;
  }
};

/** Address of the API server that the current context of a kubeconfig leads to; none when it leads nowhere. */
export const serverIn = (kubeconfig: string): string | undefined => {
  const parsed = kubeconfigSchema.safeParse(parseYaml(kubeconfig));
  if (!parsed.success) return undefined;
  const { contexts, clusters, 'current-context': current } = parsed.data;
  const cluster = contexts.find(({ name }) => name === current)?.context.cluster;
  return clusters.find(({ name }) => name === cluster)?.cluster.server;
};

/** The embedded cluster of this machine that a kubeconfig leads to, by its server's address. */
export const embeddedClusterOf = async (
  settings: Settings,
  kubeconfigFile: string,
): Promise<string | undefined> => {
  const server = serverIn(await readFile(kubeconfigFile, 'utf8'));
  if (server === undefined) return undefined;
  const names = await readdir(settings.stateDir).catch((): string[] => []);
  const servers = await Promise.all(
    names.map((name) =>
      readFile(join(settings.stateDir, name, 'kubeconfig'), 'utf8').then(serverIn, () => undefined),
    ),
  );
  return names.find((_, index) => servers[index] === server);
};
