/** What the environment says of a test run. */

/** Tests have a cluster of their own, so that a demo can be left running. */
export const cluster = process.env['CLUSTER_NAME'] ?? 'dbt-jobs-test';

/** Faults have one for themselves: what runs in it is killed, and no other watcher may be there. */
export const faultsCluster = `${cluster}-faults`;

/** Epoch milliseconds after which no further file of the tier `rest` is begun; CI sets TEST_DEADLINE in epoch seconds. */
export const deadline =
  process.env['TEST_DEADLINE'] === undefined
    ? Number.POSITIVE_INFINITY
    : Number(process.env['TEST_DEADLINE']) * 1000;

/** Handed on to the tools that a tier calls. */
export const environment: NodeJS.ProcessEnv = process.env;
