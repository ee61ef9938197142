import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      port: 8080,
      logLevel: 'info',
      namespace: undefined,
      podName: hostname(),
      inactivityMs: 55_000,
      slack: undefined,
      runUrl: undefined,
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
    };
    expect(readConfig(env)).toEqual({
      port: 9,
      logLevel: 'debug',
      namespace: 'shop',
      podName: 'w-0',
      inactivityMs: 60_000,
      slack: {
        token: 'xoxb-0123456789',
        channel: '#data',
        apiUrl: 'https://slack-gov.com/api/',
        timeoutMs: 10_000,
      },
      runUrl: 'https://dbt.example/{namespace}/{uid}',
    });
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
