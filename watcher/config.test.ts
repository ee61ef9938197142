import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      port: 8080,
      logLevel: 'info',
      namespace: undefined,
      podName: hostname(),
      leaseNamespace: undefined,
      inactivityMs: 55_000,
      slack: { apiUrl: 'https://slack.com/api/', timeoutMs: 10_000, installation: undefined },
      runUrl: undefined,
      relistMs: 3_600_000,
      spool: { folder: join(tmpdir(), 'dbt-jobs-spool'), maxBytes: 1024 ** 3 },
      controlPlane: undefined,
      serviceAccount: undefined,
    });
  });

  it('takes what is set', () => {
    const env = {
      PORT: '9',
      LOG_LEVEL: 'debug',
      WATCH_NAMESPACE: 'shop',
      POD_NAME: 'w-0',
      INACTIVITY_SECONDS: '60',
      SLACK_TOKEN: 'xoxb-0123456789',
      SLACK_CHANNEL: '#data',
      SLACK_API_URL: 'https://slack-gov.com/api/',
      RUN_URL: 'https://dbt.example/{namespace}/{uid}',
      LEASE_NAMESPACE: 'dbt-jobs-system',
      RELIST_SECONDS: '600',
      SPOOL_FOLDER: '/spool',
      SPOOL_MEGABYTES: '64',
      CONTROL_PLANE_URL: 'https://control-plane.example/base/',
      CONTROL_PLANE_TOKEN_FILE: '/token',
      CONTROL_PLANE_CA_FILE: '/ca.crt',
      KUBERNETES_SERVICE_HOST: 'fd00::1',
      KUBERNETES_SERVICE_PORT: '6443',
      SERVICE_ACCOUNT_FOLDER: '/account',
    };
    expect(readConfig(env)).toEqual({
      port: 9,
      logLevel: 'debug',
      namespace: 'shop',
      podName: 'w-0',
      leaseNamespace: 'dbt-jobs-system',
      inactivityMs: 60_000,
      slack: {
        apiUrl: 'https://slack-gov.com/api/',
        timeoutMs: 10_000,
        installation: { token: 'xoxb-0123456789', channel: '#data' },
      },
      runUrl: 'https://dbt.example/{namespace}/{uid}',
      relistMs: 600_000,
      spool: { folder: '/spool', maxBytes: 64 * 1024 * 1024 },
      controlPlane: {
        url: 'https://control-plane.example/base',
        tokenFile: '/token',
        caFile: '/ca.crt',
      },
      serviceAccount: { server: 'https://[fd00::1]:6443', folder: '/account' },
    });
  });

  it('prefers a kubeconfig to the cluster it runs in', () => {
    const env = { KUBECONFIG: '/kubeconfig', KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    expect(readConfig(env).serviceAccount).toBeUndefined();
  });

  it('names all that is wrong at once', () => {
    const env = { PORT: 'x', LOG_LEVEL: 'loud', WATCH_NAMESPACE: '../a', INACTIVITY_SECONDS: '10' };
    expect(() => readConfig(env)).toThrow(
      /PORT[\s\S]*LOG_LEVEL[\s\S]*WATCH_NAMESPACE[\s\S]*INACTIVITY_SECONDS|the environment is wrong/,
    );
    for (const name of Object.keys(env)) expect(() => readConfig(env)).toThrow(name);
  });

  it('takes empty values for absent ones', () => {
    const env = { SLACK_TOKEN: '', SLACK_CHANNEL: '', RUN_URL: '' };
    expect(readConfig(env)).toEqual(readConfig({}));
  });

  it('refuses a token without a channel', () => {
    expect(() => readConfig({ SLACK_TOKEN: 'xoxb-0123456789' })).toThrow(
      'SLACK_TOKEN and SLACK_CHANNEL are set together, or neither',
    );
  });

  it('S19: never repeats a token that is wrong', () => {
    const env = { SLACK_TOKEN: 'https://hooks.example/T0/B0/secret', SLACK_CHANNEL: 'data' };
    expect(() => readConfig(env)).toThrow(/SLACK_CHANNEL|SLACK_TOKEN/);
    expect(() => readConfig(env)).not.toThrow(/T0\/B0\/secret/);
  });
});
