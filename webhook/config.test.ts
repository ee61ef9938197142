import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const required = {
  POD_NAMESPACE: 'dbt-jobs-system',
  SERVICE_NAME: 'dbt-jobs-webhook',
  CERTIFICATE_SECRET: 'dbt-jobs-webhook-certificate',
  WEBHOOK_CONFIGURATION: 'dbt-jobs-webhook',
};

describe('the environment', () => {
  it('has a default for what is not of this cluster', () => {
    expect(readConfig(required)).toEqual({
      namespace: 'dbt-jobs-system',
      service: 'dbt-jobs-webhook',
      certificateSecret: 'dbt-jobs-webhook-certificate',
      webhookConfiguration: 'dbt-jobs-webhook',
      gitSyncImage: 'registry.k8s.io/git-sync/git-sync:v4.7.1',
      port: 8443,
      healthPort: 8080,
      logLevel: 'info',
    });
  });

  it('says what it says', () => {
    const said = {
      ...required,
      GIT_SYNC_IMAGE: 'git-sync:pinned',
      PORT: '1',
      HEALTH_PORT: '2',
      LOG_LEVEL: 'debug',
    };
    expect(readConfig(said)).toMatchObject({
      gitSyncImage: 'git-sync:pinned',
      port: 1,
      healthPort: 2,
      logLevel: 'debug',
    });
  });

  it('says in a pod where the API server is', () => {
    const pod = { ...required, KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '6443' };
    expect(readConfig(pod).apiServer).toEqual({
      host: '10.0.0.1',
      port: '6443',
      folder: '/var/run/secrets/kubernetes.io/serviceaccount',
    });
  });

  it('is told everything that is wrong at once', () => {
    const wrong = {
      ...required,
      POD_NAMESPACE: undefined,
      SERVICE_NAME: 'A b',
      PORT: '70000',
      LOG_LEVEL: 'loud',
    };
    expect(() => readConfig(wrong)).toThrow(
      /POD_NAMESPACE: is required; SERVICE_NAME: must be the name of an object; PORT: .*65535.*; LOG_LEVEL: .*\nset these/s,
    );
  });
});
