import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  buildKey,
  describePlan,
  duration,
  goVersionIn,
  planBuild,
  toolsDirectory,
  versionIn,
} from './build-plan.ts';
import type { PlanInput } from './build-plan.ts';
import { components } from './components.ts';
import type { Component } from './components.ts';

const server: Component = {
  name: 'server',
  module: 'demo',
  package: 'example.org/demo/cmd/server',
  versionOf: 'example.org/demo',
  stamp: (version) => ({ 'example.org/demo.version': version }),
  coldSeconds: 90,
  sources: ['embedded'],
};

const goMod = 'module x\n\ngo 1.26.0\n\nrequire (\n\texample.org/demo v1.2.3 // indirect\n)\n';

const input: PlanInput = {
  components: [server, { ...server, name: 'client', coldSeconds: 5 }],
  modules: { demo: { goMod, goSum: 'sum' } },
  goVersion: 'go1.26.8',
  cacheDir: '/cache',
  exists: () => false,
};

describe('planBuild', () => {
  it('names a binary by version and by everything that goes into it', () => {
    const args = [
      'build',
      '-trimpath',
      '-tags',
      'providerless',
      '-ldflags',
      '-s -w -X example.org/demo.version=v1.2.3',
    ];
    const key = buildKey({ goMod, goSum: 'sum' }, [...args, server.package], 'go1.26.8');
    expect(planBuild(input)[0]).toEqual({
      component: server,
      version: 'v1.2.3',
      binary: `/cache/bin/server-v1.2.3-${key}/server`,
      args,
      built: false,
    });
  });

  it('knows what is built already', () => {
    const [first] = planBuild(input);
    const steps = planBuild({ ...input, exists: (path) => path === first?.binary });
    expect(steps.map((step) => step.built)).toEqual([true, false]);
  });

  it('says which go.mod is missing', () => {
    expect(() => planBuild({ ...input, modules: {} })).toThrow(
      'modules/demo/go.mod: missing, server is built from it',
    );
  });
});

describe('buildKey', () => {
  const original = buildKey({ goMod, goSum: 'sum' }, ['a'], 'go1.26.8');
  const others: Record<string, string> = {
    'another version': buildKey(
      { goMod: goMod.replace('v1.2.3', 'v1.2.4'), goSum: 'sum' },
      ['a'],
      'go1.26.8',
    ),
    'another checksum': buildKey({ goMod, goSum: 'other' }, ['a'], 'go1.26.8'),
    'another flag': buildKey({ goMod, goSum: 'sum' }, ['b'], 'go1.26.8'),
    'another compiler': buildKey({ goMod, goSum: 'sum' }, ['a'], 'go1.27.0'),
  };
  it.each(Object.entries(others))('changes with %s', (_name, key) => {
    expect(key).not.toBe(original);
  });

  it('is twelve hex digits, the same each time', () => {
    expect(original).toMatch(/^[0-9a-f]{12}$/);
    expect(buildKey({ goMod, goSum: 'sum' }, ['a'], 'go1.26.8')).toBe(original);
  });
});

it('gives another folder of tools to another set of versions', () => {
  const steps = planBuild(input);
  const newer = planBuild({ ...input, goVersion: 'go1.27.0' });
  expect(toolsDirectory('/cache', steps)).toMatch(/^\/cache\/tools-[0-9a-f]{12}$/);
  expect(toolsDirectory('/cache', newer)).not.toBe(toolsDirectory('/cache', steps));
});

it('tells what it builds and how long it takes', () => {
  expect(describePlan(planBuild(input))).toEqual([
    'Building 2 of 2 binaries, once: about 1m 35s on 2 cores, plus the download of their sources',
    '  server  v1.2.3    1m 30s',
    '  client  v1.2.3    5s',
  ]);
  expect(describePlan(planBuild({ ...input, exists: () => true }))).toEqual([]);
});

it('says how to add what a go.mod does not require', () => {
  expect(() => versionIn(goMod, 'example.org/other')).toThrow(
    'go.mod: does not require example.org/other\nAdd it with: go get -tool example.org/other@<version>',
  );
});

it.each([
  [0.4, '0s'],
  [59.4, '59s'],
  [59.6, '1m 00s'],
  [498, '8m 18s'],
])('writes %d seconds as %s', (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});

describe('the pinned modules', () => {
  it.each(components.map((component) => [component.name, component] as const))(
    'pin %s, and its package is a tool of the module',
    (_name, component) => {
      const text = readFileSync(join(import.meta.dirname, 'modules', component.module, 'go.mod'), 'utf8');
      expect(versionIn(text, component.versionOf)).toMatch(/^v\d+\.\d+\.\d+$/);
      expect(goVersionIn(text)).toMatch(/^1\.\d+/);
      expect(text).toMatch(new RegExp(`^(tool |\\t)${component.package}$`, 'm'));
    },
  );
});
