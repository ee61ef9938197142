import { stat } from 'node:fs/promises';

/** One static binary: all that the cluster's own images are made of. */
export const busyboxBinary = '/bin/busybox';

/** Changes when the binary does. @throws when Debian's busybox-static is not installed. */
export const busyboxKey = async (): Promise<string> => {
  const found = await stat(busyboxBinary).catch(() => undefined);
  if (!found) throw new Error(`${busyboxBinary} is missing\nInstall it with: apt-get install busybox-static`);
  return `${found.size} ${found.mtimeMs}`;
};
