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
    });
  });

  it('takes what is set', () => {
    const env = {
      PORT: '9',
      LOG_LEVEL: 'debug',
      WATCH_NAMESPACE: 'shop',
      POD_NAME: 'w-0',
      INACTIVITY_SECONDS: '60',
    };
    expect(readConfig(env)).toEqual({
      port: 9,
      logLevel: 'debug',
      namespace: 'shop',
      podName: 'w-0',
      inactivityMs: 60_000,
    });
  });

  it('names all that is wrong at once', () => {
    const env = { PORT: 'x', LOG_LEVEL: 'loud', WATCH_NAMESPACE: '../a', INACTIVITY_SECONDS: '10' };
    expect(() => readConfig(env)).toThrow(
      /PORT[\s\S]*LOG_LEVEL[\s\S]*WATCH_NAMESPACE[\s\S]*INACTIVITY_SECONDS|the environment is wrong/,
    );
    for (const name of Object.keys(env)) expect(() => readConfig(env)).toThrow(name);
  });
});
