import { describe, expect, it } from 'vitest';
import { settingsFrom } from './config.ts';

describe('settingsFrom', () => {
  it('keeps everything below the home directory unless told otherwise', () => {
    expect(settingsFrom({ HOME: '/home/ada' })).toEqual({
      clusterName: 'dbt-jobs',
      cacheDir: '/home/ada/.cache/dbt-jobs',
      stateDir: '/home/ada/.local/state/dbt-jobs/clusters',
      runDir: '/run/dbt-jobs',
      givenKubeconfig: undefined,
      environment: { HOME: '/home/ada' },
    });
  });

  it('takes the cluster, the folders and a given kubeconfig from the environment', () => {
    const environment = {
      HOME: '/home/ada',
      XDG_CACHE_HOME: '/big/cache',
      XDG_STATE_HOME: '/big/state',
      CLUSTER_NAME: 'dbt-jobs-test',
      DBT_JOBS_KUBECONFIG: '/home/ada/.kube/config',
    };
    expect(settingsFrom(environment)).toEqual({
      clusterName: 'dbt-jobs-test',
      cacheDir: '/big/cache/dbt-jobs',
      stateDir: '/big/state/dbt-jobs/clusters',
      runDir: '/run/dbt-jobs',
      givenKubeconfig: '/home/ada/.kube/config',
      environment,
    });
  });

  it.each(['', undefined])('reads an empty variable (%j) as one that is not set', (value) => {
    const settings = settingsFrom({ HOME: '/home/ada', CLUSTER_NAME: value, DBT_JOBS_KUBECONFIG: value });
    expect([settings.clusterName, settings.givenKubeconfig]).toEqual(['dbt-jobs', undefined]);
  });

  it.each(['../escape', 'Upper', '1first', 'ends-', 'a b', `a${'b'.repeat(32)}`])(
    'refuses the cluster name %j and says what is allowed',
    (name) => {
      expect(() => settingsFrom({ HOME: '/', CLUSTER_NAME: name })).toThrow(
        `CLUSTER_NAME: "${name}" cannot name a cluster\nUse at most 32 lower-case letters`,
      );
    },
  );
});
