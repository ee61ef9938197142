import { afterAll, beforeAll, expect, it } from 'vitest';
import { checks, type Facts, openChecks } from '../cluster/check.ts';

let facts: Facts;
let close: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  ({ facts, close } = await openChecks());
});

afterAll(() => close());

for (const { name, expected, see } of checks) {
  it(name, async () => {
    expect(await see(facts)).toMatch(expected);
  });
}
