/**
 * Runs the `kyverno test` suite of both flavours, one call of the CLI each, without a cluster and without a network:
 * `node policies/kyverno-test.ts <kubectl-kyverno>`. The CLI alone calls a test a pass where no rule was applied, and skips
 * a policy that it finds invalid; here both are faults.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dump, load, loadAll } from 'js-yaml';
import { z } from 'zod';

export const flavours = ['cluster-policy', 'mutating-policy'] as const;
export type Flavour = (typeof flavours)[number];

const row = z.object({
  POLICY: z.string(),
  RESOURCE: z.string(),
  RESULT: z.string(),
  REASON: z.string(),
  Message: z.string(),
});
/** One resource under one policy, as the CLI tells it; RESOURCE is apiVersion/Kind/namespace/name. */
export type Row = z.output<typeof row>;

const suite = z.object({
  results: z.array(
    z.object({ policy: z.string(), resources: z.array(z.string()), result: z.enum(['pass', 'skip']) }),
  ),
});
/** What a kyverno-test.yaml expects; resources are namespace/name. */
export type Suite = z.output<typeof suite>;

const root = new URL('../', import.meta.url).pathname;

export interface SuiteRun {
  readonly rows: readonly Row[];
  readonly faults: readonly string[];
}

/** Throws an Error with what the CLI said where it gave no results at all. */
export async function runSuite(cli: string, flavour: Flavour): Promise<SuiteRun> {
  const folder = mkdtempSync(join(tmpdir(), 'dbt-jobs-kyverno-test-'));
  try {
    cpSync(join(root, 'policies'), join(folder, 'policies'), { recursive: true });
    cpSync(join(root, 'contract'), join(folder, 'contract'), { recursive: true });
    const tests = join(folder, 'policies', flavour, 'test');
    if (flavour === 'cluster-policy') rewrite(join(dirname(tests), 'dbt-jobs.yaml'), withoutMatchConditions);
    const rows = rowsOf(await output(cli, tests));
    return { rows, faults: faultsOf(rows, readSuite(flavour)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function readSuite(flavour: Flavour): Suite {
  return suite.parse(load(readFileSync(join(root, 'policies', flavour, 'test/kyverno-test.yaml'), 'utf8')));
}

/** The CLI prints its progress, then the rows as JSON, then a summary. */
export function rowsOf(said: string): readonly Row[] {
  const found = /^\[$[\s\S]*?^\]$/m.exec(said);
  if (found === null) throw new Error(`kyverno test gave no results:\n${said}`);
  return z.array(row).parse(JSON.parse(found[0]));
}

/** A line for each resource that was not what the suite expects, or to which nothing was applied. */
export function faultsOf(rows: readonly Row[], { results }: Suite): readonly string[] {
  return results.flatMap(({ policy, resources, result }) =>
    resources.flatMap((resource) => {
      const found = rows.find(
        ({ POLICY, RESOURCE }) => POLICY === policy && RESOURCE.endsWith(`/${resource}`),
      );
      const fault = faultOf(found, result);
      return fault === undefined ? [] : [`${policy} on ${resource}: ${fault}`];
    }),
  );
}

function faultOf(found: Row | undefined, expected: 'pass' | 'skip'): string | undefined {
  if (found === undefined) return 'not tried';
  const [said] = found.Message.split('\n');
  if (found.RESULT !== 'Pass') return `${found.REASON}: ${said ?? ''}`;
  if (expected === 'pass' && found.REASON !== 'Ok') return `no rule was applied (${found.REASON})`;
  return undefined;
}

/** The CLI of Kyverno 1.19.1 asks a client that it does not have for its version, and dies, where a ClusterPolicy has these. */
export function withoutMatchConditions(text: string): string {
  return z
    .array(z.looseObject({ spec: z.looseObject({ webhookConfiguration: z.looseObject({}) }) }))
    .parse(loadAll(text))
    .map(({ spec, ...policy }) => {
      const webhookConfiguration = { ...spec.webhookConfiguration };
      delete webhookConfiguration['matchConditions'];
      return dump({ ...policy, spec: { ...spec, webhookConfiguration } });
    })
    .join('---\n');
}

function rewrite(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** All that the CLI says; it ends with an error where a test fails, and the rows tell which. */
async function output(cli: string, tests: string): Promise<string> {
  const args = ['test', tests, '--detailed-results', '--remove-color', '--require-tests', '-o', 'json'];
  return new Promise((resolve) => {
    execFile(cli, args, { maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}`),
    );
  });
}

function tell(flavour: Flavour, { rows, faults }: SuiteRun): void {
  console.log(`${flavour}: ${rows.length} resources, ${faults.length} faults`);
  for (const fault of faults) console.log(`  ${fault}`);
}

if (import.meta.main) {
  const [cli] = process.argv.slice(2);
  if (cli === undefined) {
    console.error('name the Kyverno CLI\nnode policies/kyverno-test.ts <kubectl-kyverno>');
    process.exit(2);
  }
  for (const flavour of flavours) {
    const run = await runSuite(cli, flavour);
    tell(flavour, run);
    if (run.faults.length > 0) process.exitCode = 1;
  }
}
