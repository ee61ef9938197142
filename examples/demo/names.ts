/** Where the demo's git server and warehouse run. */
export const infrastructure = 'dbt-jobs-demo';
/** The organization of the demo, and its project. */
export const organization = 'acme';
export const project = 'shop';
export const installation = 'dbt-jobs-system';
export const gitHost = `git.${infrastructure}.svc.cluster.local`;
