import { copyFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Settings } from '../cluster/cluster.ts';
import { imageArchive } from '../cluster/images/image-archive.ts';

/** Named after the folder of the binary, `kyverno-<version>-<key>`: another build rolls the Deployment out. */
export const imageOf = (binary: string): string =>
  `dbt-jobs.io/kyverno:${basename(dirname(binary)).replace(/^kyverno-/, '')}`;

/**
 * Archive of an image with nothing but the admission controller, as its Deployment expects it: the entry point is the
 * binary. No CA certificates: it talks to the API server alone, whose CA comes with the token.
 */
export const kyvernoArchive = (settings: Settings, binary: string): Promise<string> =>
  imageArchive(settings.cacheDir, {
    image: imageOf(binary),
    key: binary,
    config: { Entrypoint: ['/kyverno'], User: '65534:65534', WorkingDir: '/' },
    fill: (root) => copyFile(binary, join(root, 'kyverno')),
  });
