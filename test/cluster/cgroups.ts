import { mkdir, readFile, readdir, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** cgroup v2 has one tree; v1 has one for each controller, and every folder with a `tasks` file is one. */
const trees = async (): Promise<string[]> => {
  if (await exists(join(root, 'cgroup.controllers'))) return [root];
  const entries = await readdir(root, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name));
  const isTree = await Promise.all(
    folders.map(
      async (folder) => (await exists(join(folder, 'tasks'))) || (await exists(join(folder, 'cgroup.procs'))),
    ),
  );
  return folders.filter((_, index) => isTree[index]);
};

/** The kubelet wants its root cgroup to be there, in every tree. */
export const makeCgroups = async (name: string): Promise<void> => {
  for (const tree of await trees()) await mkdir(join(tree, name), { recursive: true });
};

const below = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const inner = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => below(join(folder, entry.name))),
  );
  return [...inner.flat(), folder];
};

const cgroupsOf = async (name: string): Promise<string[]> => {
  const roots = (await trees()).map((tree) => join(tree, name));
  const present = await Promise.all(roots.map(exists));
  return (await Promise.all(roots.filter((_, index) => present[index]).map(below))).flat();
};

/** Every process of every container. */
export const processesInCgroups = async (name: string): Promise<number[]> => {
  const lists = await Promise.all(
    (await cgroupsOf(name)).map((folder) => readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '')),
  );
  return [...new Set(lists.flatMap((list) => list.split('\n').filter(Boolean).map(Number)))];
};

/** Deepest first; none may hold a process any more. */
export const removeCgroups = async (name: string): Promise<void> => {
  for (const folder of await cgroupsOf(name)) await rmdir(folder).catch(() => undefined);
  const left = await cgroupsOf(name);
  if (left.length > 0) throw new Error(`${left[0] ?? ''}: could not be removed`);
};
