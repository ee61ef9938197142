import { beforeAll, expect, it } from 'vitest';
import { flavours, runSuite } from '../../policies/kyverno-test.ts';
import { readSettings } from '../cluster/config.ts';
import { kyvernoCli } from '../kyverno/binaries.ts';

let cli: string;

beforeAll(async () => {
  cli = await kyvernoCli(readSettings(), (line) => console.log(line));
});

it.each(flavours)('the suite beside policies/%s passes in the CLI of Kyverno', async (flavour) => {
  const { rows, faults } = await runSuite(cli, flavour);
  expect(faults).toEqual([]);
  expect(rows.length).toBeGreaterThan(0);
});
