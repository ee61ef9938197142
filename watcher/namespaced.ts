import type { WatchEvent } from './cache.ts';
import type { KubeObject } from './kube/metadata.ts';

/** Objects of one resource as last seen, found by namespace and name. */
export interface Namespaced<T> {
  on(event: WatchEvent<T>): void;
  in(namespace: string): readonly T[];
  byName(namespace: string, name: string): T | undefined;
}

export function createNamespaced<T extends KubeObject>(): Namespaced<T> {
  const namespaces = new Map<string, Map<string, T>>();
  return {
    on(event) {
      const { namespace, name } = event.object.metadata;
      const objects = namespaces.get(namespace) ?? new Map<string, T>();
      if (event.type === 'gone') objects.delete(name);
      else objects.set(name, event.object);
      if (objects.size === 0) namespaces.delete(namespace);
      else namespaces.set(namespace, objects);
    },
    in: (namespace) => [...(namespaces.get(namespace)?.values() ?? [])],
    byName: (namespace, name) => namespaces.get(namespace)?.get(name),
  };
}
