/** Where the API server keeps each kind of object that is asked for by name. */
const roots = {
  cronjobs: '/apis/batch/v1',
  dbtprojects: '/apis/dbt-jobs.io/v1alpha1',
  jobs: '/apis/batch/v1',
  pods: '/api/v1',
  secrets: '/api/v1',
} as const;

export type Kind = keyof typeof roots;

/** All of a namespace, or the one that is named, or a part of it as `status`. */
export function objectPath(
  kind: Kind,
  namespace: string,
  ...of: readonly [] | [string] | [string, string]
): string {
  return [`${roots[kind]}/namespaces`, namespace, kind, ...of]
    .map((part, index) => (index === 0 ? part : encodeURIComponent(part)))
    .join('/');
}

/** All of the cluster. */
export function clusterPath(kind: Kind): string {
  return `${roots[kind]}/${kind}`;
}
