import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownCases, readConfig } from './config.ts';
import { engineNames } from './engines/engine.ts';

describe('the environment of a run', () => {
  it('may be empty: every engine, our own cases, whatever can be had', () => {
    expect(readConfig({})).toEqual({
      cases: ownCases,
      engines: engineNames,
      requireAll: false,
      logFiles: [],
    });
  });
  it('narrows engines in their own order, takes other cases, and requires all', () => {
    expect(
      readConfig({
        CASES: 'x',
        ENGINES: ' webhook, core ',
        CONFORMANCE_REQUIRE: 'all',
        CONFORMANCE_LOGS: 'a,b',
      }),
    ).toEqual({ cases: resolve('x'), engines: ['core', 'webhook'], requireAll: true, logFiles: ['a', 'b'] });
  });
  it('is wrong with an engine that is not there and a requirement that is none, told at once', () => {
    expect(() => readConfig({ ENGINES: 'core,opa', CONFORMANCE_REQUIRE: 'yes' })).toThrow(
      `ENGINES: there is no engine opa: name some of ${engineNames.join(', ')}\n` +
        'CONFORMANCE_REQUIRE: "yes": set it to "all" or not at all',
    );
  });
});
