import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadAll } from 'js-yaml';
import * as names from '../contract/names.ts';
import { outcomeReasons } from '../contract/outcome.ts';
import { denial, problems, shown } from '../contract/problems.ts';

const root = new URL('../', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, root), 'utf8');

const known = new Set<string>();
const collect = (value: unknown): void => {
  if (typeof value === 'string') known.add(value);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
};
Object.values(names).forEach(collect);

const policies = readdirSync(new URL('policies/', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => `policies/${file}`);

describe('a policy', () => {
  for (const file of policies) {
    it(`${file} uses no label, annotation or reserved name that the contract does not have`, () => {
      const used = [
        ...textOf(file).matchAll(
          /dbt-jobs\.io\/[a-z0-9-]+|(?<![\w.-])dbt-jobs-(?:git-sync|packages|repository|work|tmp|clone|ca|profiles)\b/g,
        ),
      ].map((match) => match[0]);
      const foreign = used.filter((name) => !known.has(name) && name !== names.apiVersion);
      expect(foreign).toEqual([]);
    });
    it(`${file} uses no path under /dbt-jobs/ that the contract does not have`, () => {
      const used = [...textOf(file).matchAll(/(?<=[='":,])\/dbt-jobs\/[a-z./_-]*[a-z]/g)].map(
        (match) => match[0],
      );
      const prefixes = [...known].filter((name) => name.startsWith('/dbt-jobs/'));
      expect(
        used.filter((path) => !prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))),
      ).toEqual([]);
    });
  }
});

describe('the CRD', () => {
  const [crd] = loadAll(textOf('contract/dbtproject.crd.yaml'));
  it('reserves in its rules exactly the environment that the engines set', () => {
    const reserved = `'${Object.values(names.environment)
      .map((entry) => entry.name)
      .join("', '")}'`;
    expect(JSON.stringify(crd).split(reserved).length - 1).toBe(2);
  });
  it('defaults every optional field whose absence has no meaning of its own', () => {
    const required = [
      '"default":1',
      '"default":"git"',
      '"default":"ca.crt"',
      '"default":false',
      '"default":"env"',
      '"default":{"from":"none"}',
    ];
    const text = JSON.stringify(crd);
    expect(required.filter((part) => !text.includes(part))).toEqual([]);
  });
});

describe('a denial', () => {
  it('counts and numbers its problems on one line', () => {
    expect(denial('shop', 'acme', [problems.restartPolicy(), problems.noPlan()])).toBe(
      'dbt-jobs: 2 problem(s) with DbtProject "shop" in namespace "acme": (1) spec.restartPolicy is "Always": a run ends, so write "Never" or "OnFailure"; (2) there is no plan in force: make one with "kubectl dbt plan", then create the pod again',
    );
  });
  it('stays below 5,000 bytes however many names it lists', () => {
    const many = Array.from({ length: 300 }, (_, index) => `container-with-a-long-name-${index}`);
    const text = denial('shop', 'acme', [problems.reservedMounts(many)]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(names.denialBytes);
    expect(text.endsWith(' …')).toBe(true);
  });
  it('never quotes a value that could be read as a template or break the line', () => {
    for (const value of ['{{ x }}', 'a\nb', '', ' a', '-x', `a${'b'.repeat(300)}`, 'a"b', "a'b", 'ä']) {
      expect(shown(value)).toBe('(a value that cannot be shown)');
    }
    expect(shown('reg.example:5000/a/b@sha256:0f')).toBe('"reg.example:5000/a/b@sha256:0f"');
  });
});

describe('an outcome reason', () => {
  it('is PascalCase and has a next step that fits on a line', () => {
    for (const [reason, entry] of Object.entries(outcomeReasons)) {
      expect(reason).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(entry.nextStep.length).toBeGreaterThan(5);
      expect(entry.nextStep.length).toBeLessThan(121);
    }
  });
});
