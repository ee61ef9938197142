/**
 * Writes the policies that share expressions from policies/source: a line `# include FILE` becomes that file, indented like the
 * line; `with params=NAME` writes NAME where the file says params. Writes the files that `kyverno test` compares with, too.
 * `node policies/generate.ts` writes, policies/generate.test.ts finds drift.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expectedFiles } from './kyverno-expected.ts';

const source = new URL('source/', import.meta.url);

/** Source file → the policy made from it, relative to policies/. */
export const generated: Readonly<Record<string, string>> = {
  'backstop-pods.yaml': 'backstop/pods.yaml',
  'backstop-jobs.yaml': 'backstop/jobs.yaml',
  'mutating-policy.yaml': 'mutating-policy/dbt-jobs.yaml',
  'mutating-admission-policy.yaml': 'mutating-admission-policy/dbt-jobs.yaml',
};

export function generate(name: string): string {
  const text = readFileSync(new URL(name, source), 'utf8');
  const body = text.replace(
    /^( *)# include (\S+)(?: with params=(\S+))?$/gm,
    (_line, indent: string, file: string, params: string | undefined) =>
      readFileSync(new URL(file, source), 'utf8')
        .replaceAll(/\bparams\b/g, params ?? 'params')
        .trimEnd()
        .split('\n')
        .map((line) => (line === '' ? '' : indent + line))
        .join('\n'),
  );
  return `# Made by policies/generate.ts from policies/source/${name}: change it there.\n${body}`;
}

if (import.meta.main) {
  for (const [name, target] of Object.entries(generated)) {
    writeFileSync(new URL(target, import.meta.url), generate(name));
  }
  for (const [target, text] of Object.entries(expectedFiles())) {
    writeFileSync(new URL(target, import.meta.url), text);
  }
}
