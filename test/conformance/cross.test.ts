import { describe, expect, it } from 'vitest';
import { canaryOf, secretCanary } from './canary.ts';
import { runEngine } from './cross.ts';
import type { Engine } from './engines/engine.ts';
import { coreEngine } from './engines/core.ts';
import { sampleCase } from './sample-case.ts';

const untouched = sampleCase({
  name: 'a/one',
  expect: 'untouched',
  object: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x', labels: { a: 'b' } },
    spec: { containers: [] },
  },
});
const clock = (): (() => number) => {
  let now = 0;
  return () => (now += 500);
};
const run = (change: Partial<Engine> = {}, cases = [untouched, { ...untouched, name: 'a/two' }]) =>
  runEngine({ ...coreEngine(), ...change }, cases, clock());

describe('a run of an engine', () => {
  it('has a result for each case, and how long it took', async () => {
    expect(await run()).toEqual({
      engine: 'core',
      faults: [],
      seconds: 0.5,
      results: new Map([
        ['a/one', { kind: 'passed' }],
        ['a/two', { kind: 'passed' }],
      ]),
    });
  });
  it('tells why an engine could not be had', async () => {
    const { results, notRun } = await run({ prepare: () => Promise.resolve({ notRun: 'no cluster' }) });
    expect([results.size, notRun]).toEqual([0, 'no cluster']);
  });
  it('tells why an engine is not asked about a case', async () => {
    const { results } = await run({
      notAsked: ({ name }) => (name === 'a/one' ? 'no such request' : undefined),
    });
    expect([...results.values()]).toEqual([
      { kind: 'not asked', why: 'no such request' },
      { kind: 'passed' },
    ]);
  });
  it('fails one case where the engine throws, and goes on', async () => {
    const core = coreEngine();
    const { results } = await run({
      admit: (asked, object, how) =>
        asked.name === 'a/one' ? Promise.reject(new Error('it broke')) : core.admit(asked, object, how),
    });
    expect([...results.values()]).toEqual([{ kind: 'failed', faults: ['it broke'] }, { kind: 'passed' }]);
  });
  it('fails the case whose canary is in a log', async () => {
    const engine = `{"pod":{"labels":"${canaryOf(untouched)}"}}`;
    const { results, faults } = await run({ logs: () => Promise.resolve({ engine, audit: engine }) });
    expect([results.get('a/one'), results.get('a/two'), faults]).toEqual([
      { kind: 'failed', faults: ['a value of the object is in a log'] },
      { kind: 'passed' },
      [],
    ]);
  });
  it('fails where a credential is in an audit record', async () => {
    const { faults } = await run({ logs: () => Promise.resolve({ engine: '', audit: secretCanary }) });
    expect(faults).toEqual(['a credential is in a log: audit']);
  });
  it('fails where the engine is there and does not come to work', async () => {
    const { results, faults, notRun } = await run({
      prepare: () => Promise.reject(new Error('it denies all')),
    });
    expect([results.size, faults, notRun]).toEqual([0, ['it denies all'], undefined]);
  });
  it('closes the engine whatever happens', async () => {
    let closed = 0;
    const close = () => {
      closed++;
      return Promise.resolve();
    };
    await run({ close });
    await run({ close, prepare: () => Promise.reject(new Error('broken')) });
    expect(closed).toBe(2);
  });
});
