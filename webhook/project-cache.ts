import type { DbtProject } from '../contract/dbt-project.ts';

/** Longest silence of a live watch, ms: the API server sends a bookmark about every 60 s. */
export const silenceLimitMs = 90_000;

/** The DbtProjects of all namespaces, as of the last word from the API server. */
export interface ProjectCache {
  find(namespace: string, name: string): DbtProject | undefined;
  replaceAll(projects: readonly DbtProject[]): void;
  put(project: DbtProject): void;
  /** Removes this very object: one made again under its name has another UID and stays. */
  remove(project: { readonly namespace: string; readonly name: string; readonly uid: string }): void;
  /** The API server spoke just now, if only to say that nothing changed. */
  heard(): void;
  /** The watch has ended: what the cache holds may be out of date until `heard`. */
  lost(): void;
  isFresh(): boolean;
  isSynced(): boolean;
  /** Milliseconds since the API server last spoke; undefined before it first did. */
  ageMs(): number | undefined;
}

export function createProjectCache(now: () => number): ProjectCache {
  let projects = new Map<string, DbtProject>();
  let heardAt: number | undefined;
  let watching = false;
  const key = (namespace: string, name: string): string => `${namespace}/${name}`;
  const keyOf = ({ metadata }: DbtProject): string => key(metadata.namespace, metadata.name);
  const ageMs = (): number | undefined => (heardAt === undefined ? undefined : now() - heardAt);
  return {
    find: (namespace, name) => projects.get(key(namespace, name)),
    replaceAll: (list) => {
      projects = new Map(list.map((project) => [keyOf(project), project]));
    },
    put: (project) => {
      projects.set(keyOf(project), project);
    },
    remove: ({ namespace, name, uid }) => {
      const removed = key(namespace, name);
      if (projects.get(removed)?.metadata.uid === uid) projects.delete(removed);
    },
    heard: () => {
      heardAt = now();
      watching = true;
    },
    lost: () => {
      watching = false;
    },
    isFresh: () => watching && (ageMs() ?? Infinity) <= silenceLimitMs,
    isSynced: () => heardAt !== undefined,
    ageMs,
  };
}
