import { describe, expect, it } from 'vitest';
import { engines } from '../../contract/names.ts';
import { readConfig } from './config.ts';
import { runConformance } from './conformance.ts';
import { findRed } from './report.ts';

/** On the slowest machine; a warm run of all four takes minutes. */
const timeout = 600_000;

const config = readConfig();

describe('on the cluster', () => {
  for (const engine of engines.filter((name) => config.engines.includes(name))) {
    it(`${engine} does what every case says, where it can be had`, { timeout }, async () => {
      const run = await runConformance({ ...config, engines: [engine] }, (line) => console.log(line));
      expect(findRed(run, config)).toEqual([]);
    });
  }
});
