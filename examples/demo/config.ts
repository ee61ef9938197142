/** What the environment says: handed on to the tools that the demo calls. */
export const environment: NodeJS.ProcessEnv = process.env;

export const clusterName = process.env['CLUSTER_NAME'] ?? 'dbt-jobs';
