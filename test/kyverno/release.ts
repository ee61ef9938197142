import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { z } from 'zod';
import type { Settings } from '../cluster/cluster.ts';
import { mustRun } from '../cluster/command.ts';

const kubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
});

/** As much of an object as is looked at here; the rest is there, unparsed. */
export type KubernetesObject = z.output<typeof kubernetesObject>;

/** @throws with `where` and everything in the object that is not as expected. */
export const parseAs = <T extends z.ZodType>(schema: T, object: unknown, where: string): z.output<T> => {
  const parsed = schema.safeParse(object);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`);
  throw new Error(`${where}: ${said.join('; ')}`);
};

export const parseManifest = (text: string): KubernetesObject[] =>
  loadAll(text)
    .filter((document) => document !== null && document !== undefined)
    .map((document, index) => parseAs(kubernetesObject, document, `document ${index + 1} of the manifest`));

const modulePath = 'github.com/kyverno/kyverno';
const moduleDir = join(import.meta.dirname, '../cluster/modules/kyverno');

/** Folder of Kyverno's sources in the version that modules/kyverno/go.mod pins; fetched where it is not there. */
export const kyvernoSources = async ({ environment }: Settings): Promise<string> => {
  const answer = await mustRun('go', ['mod', 'download', '-json', modulePath], {
    cwd: moduleDir,
    env: { ...environment, GOTOOLCHAIN: 'local' },
  });
  return z.object({ Dir: z.string() }).parse(JSON.parse(answer)).Dir;
};

/** What Kyverno's release installs: CRDs, roles, ServiceAccounts, configuration, Services and four Deployments. */
export const readRelease = async (settings: Settings): Promise<KubernetesObject[]> =>
  parseManifest(
    await readFile(join(await kyvernoSources(settings), 'config/install-latest-testing.yaml'), 'utf8'),
  );
