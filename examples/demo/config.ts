/** What the environment says: handed on to the tools that the demo calls. */
export const environment: NodeJS.ProcessEnv = process.env;

/** What stands before `make` where another cluster than the default one is meant. */
export const clusterPrefix =
  process.env['CLUSTER_NAME'] === undefined ? '' : `CLUSTER_NAME=${process.env['CLUSTER_NAME']} `;
