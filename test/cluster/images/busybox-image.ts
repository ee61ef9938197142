import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { busyboxBinary, busyboxKey } from './busybox-binary.ts';
import { imageArchive } from './image-archive.ts';

/** A shell and a few tools for checks. Names are resolved with nslookup: a static wget cannot. */
export const busyboxImage = 'dbt-jobs.io/busybox:1';

const tools = ['sh', 'ls', 'cat', 'id', 'nc', 'wget', 'nslookup', 'httpd', 'sleep', 'tail', 'true'] as const;

/** @throws when Debian's busybox-static is not installed. */
export const busyboxArchive = async (cacheDir: string): Promise<string> =>
  imageArchive(cacheDir, {
    image: busyboxImage,
    key: await busyboxKey(),
    config: { Env: ['PATH=/bin'], Cmd: ['sh'], User: '65534:65534' },
    fill: async (root) => {
      await mkdir(join(root, 'bin'));
      await mkdir(join(root, 'tmp'), { mode: 0o1777 });
      await copyFile(busyboxBinary, join(root, 'bin/busybox'));
      for (const tool of tools) await symlink('busybox', join(root, 'bin', tool));
    },
  });
