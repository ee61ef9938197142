import { describe, expect, it } from 'vitest';
import { remember } from './remember.ts';

function start(most = 3) {
  const clock = { now: 0 };
  const asked: string[] = [];
  const known = remember<string>({ forMs: 100, most, now: () => clock.now });
  const ask = (key: string) =>
    known(key, () => {
      asked.push(key);
      return Promise.resolve(`${key} at ${clock.now}`);
    });
  return { clock, asked, known, ask };
}

describe('an answer', () => {
  it('is used as long as it is young, and counted from when it was asked for', async () => {
    const { clock, ask } = start();
    await ask('a');
    clock.now = 99;
    expect(await ask('a')).toBe('a at 0');
    clock.now = 100;
    expect(await ask('a')).toBe('a at 100');
  });

  it('is asked for once by many at a time', async () => {
    const { asked, ask } = start();
    await Promise.all([ask('a'), ask('a'), ask('b')]);
    expect(asked).toEqual(['a', 'b']);
  });

  it('that did not come is asked for again by the next', async () => {
    const { known, ask } = start();
    await expect(known('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await ask('a')).toBe('a at 0');
  });

  it('makes room for later ones', async () => {
    const { asked, ask } = start(2);
    for (const key of ['a', 'b', 'c', 'b', 'a']) await ask(key);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });
});
