import type { KubeObject } from './kube/metadata.ts';

export type WatchEvent<T> =
  | { readonly type: 'added' | 'changed'; readonly object: T }
  /** What is gone is told by name and UID; who needs more has kept it. */
  | { readonly type: 'gone'; readonly object: KubeObject };

/** What a watch has seen, by UID: an object made again under its old name is another object. Keeps no object itself. */
export interface Cache<T> {
  put(object: T): WatchEvent<T>[];
  remove(uid: string): WatchEvent<T>[];
  /** Drops what a complete list did not contain. */
  keepOnly(uids: ReadonlySet<string>): WatchEvent<T>[];
}

export function createCache<T extends KubeObject>(): Cache<T> {
  const byUid = new Map<string, KubeObject>();
  const uidByName = new Map<string, string>();
  const nameOf = (object: KubeObject) => `${object.metadata.namespace}/${object.metadata.name}`;
  const remove = (uid: string): WatchEvent<T>[] => {
    const object = byUid.get(uid);
    if (object === undefined) return [];
    byUid.delete(uid);
    if (uidByName.get(nameOf(object)) === uid) uidByName.delete(nameOf(object));
    return [{ type: 'gone', object }];
  };
  return {
    remove,
    put(object) {
      const { name, namespace, uid, resourceVersion } = object.metadata;
      const before = byUid.get(uid);
      if (before !== undefined && before.metadata.resourceVersion === resourceVersion) return [];
      const namesake = uidByName.get(nameOf(object));
      const gone = namesake === undefined || namesake === uid ? [] : remove(namesake);
      byUid.set(uid, { metadata: { name, namespace, uid, resourceVersion } });
      uidByName.set(nameOf(object), uid);
      return [...gone, { type: before === undefined ? 'added' : 'changed', object }];
    },
    keepOnly(uids) {
      return [...byUid.keys()].filter((uid) => !uids.has(uid)).flatMap(remove);
    },
  };
}
