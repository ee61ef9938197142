import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadAll } from 'js-yaml';
import { z } from 'zod';
import { generate, generated } from './generate.ts';
import { expectedFiles } from './kyverno-expected.ts';

describe('policies made from policies/source', () => {
  for (const [source, target] of Object.entries(generated)) {
    it(`${target} is what ${source} makes (else: make policies)`, () => {
      expect(readFileSync(new URL(target, import.meta.url), 'utf8')).toBe(generate(source));
    });
  }
});

describe('files that `kyverno test` compares with', () => {
  for (const [target, text] of Object.entries(expectedFiles())) {
    it(`${target} is what webhook/mutate/ makes (else: make policies)`, () => {
      expect(readFileSync(new URL(target, import.meta.url), 'utf8')).toBe(text);
    });
  }
});

/** What CEL of a Kubernetes 1.30 API server has: its documented libraries, macros and operators. C27 holds the backstop to it. */
const cel130 = new Set(
  `all exists exists_one filter map has size string int bool double bytes type dyn duration timestamp
   contains endsWith matches startsWith charAt indexOf join lastIndexOf lowerAscii replace split substring trim upperAscii
   isSorted sum min max find findAll quantity isQuantity compareTo isGreaterThan isLessThan asInteger asApproximateFloat
   orValue hasValue value optional of none url`
    .split(/\s+/)
    .filter(Boolean),
);

function functionsOf(expression: string): string[] {
  const code = expression.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
  return [...code.matchAll(/([A-Za-z_][A-Za-z0-9_]*)\s*\(/g)].map((match) => match[1] ?? '');
}

function expressionsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(expressionsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    /^(expression|messageExpression)$/.test(key) && typeof inner === 'string' ? [inner] : expressionsOf(inner),
  );
}

const withVariables = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ variables: z.array(z.object({ name: z.string(), expression: z.string() })) }),
});

/** Names after `variables.` in the code of all expressions of a policy. */
function variablesRead(policy: unknown): string[] {
  return expressionsOf(policy).flatMap((expression) =>
    [...expression.matchAll(/\bvariables\.([A-Za-z]+)/g)].map((match) => match[1] ?? ''),
  );
}

describe('a policy in CEL', () => {
  const policies = Object.values(generated)
    .flatMap((file) => loadAll(readFileSync(new URL(file, import.meta.url), 'utf8')))
    .flatMap((object) => {
      const { success, data } = withVariables.safeParse(object);
      return success ? [data] : [];
    });
  it.each(policies.map((policy) => [policy.kind, policy.metadata.name, policy] as const))(
    '%s %s defines each variable that it reads',
    (_kind, _name, policy) => {
      const defined = policy.spec.variables.map(({ name }) => name);
      expect([...new Set(variablesRead(policy))].filter((name) => !defined.includes(name))).toEqual([]);
    },
  );
});

describe('the backstop runs on Kubernetes 1.30', () => {
  for (const file of readdirSync(new URL('backstop/', import.meta.url)).filter((name) => name.endsWith('.yaml'))) {
    it(`${file} calls only CEL functions that 1.30 has`, () => {
      const expressions = loadAll(readFileSync(new URL(`backstop/${file}`, import.meta.url), 'utf8')).flatMap(
        expressionsOf,
      );
      expect(expressions.length).toBeGreaterThan(0);
      const unknown = expressions.flatMap(functionsOf).filter((name) => !cel130.has(name) && name !== 'in');
      expect(unknown).toEqual([]);
    });
  }
  it('finds a function that is newer', () => {
    expect(functionsOf("lists.range(3).map(i, 'x(' + string(i))").filter((name) => !cel130.has(name))).toEqual(['range']);
  });
});
