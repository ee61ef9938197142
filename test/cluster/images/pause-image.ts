import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { busyboxBinary, busyboxKey } from './busybox-binary.ts';
import { imageArchive } from './image-archive.ts';

export const pauseImage = 'dbt-jobs.io/pause:2';

/** Archive of the image that holds a pod's namespaces. It only sleeps: containerd ends it with SIGKILL. */
export const pauseArchive = async (cacheDir: string): Promise<string> =>
  imageArchive(cacheDir, {
    image: pauseImage,
    key: await busyboxKey(),
    config: { Entrypoint: ['/bin/busybox', 'sleep', '2147483647'], User: '65535:65535' },
    fill: async (root) => {
      await mkdir(join(root, 'bin'));
      await copyFile(busyboxBinary, join(root, 'bin/busybox'));
    },
  });
