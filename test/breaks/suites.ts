import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EngineName } from '../conformance/engines/engine.ts';
import { run as runCommand } from '../cluster/command.ts';
import type { Tested } from './break.ts';

/** Tests that are run in a broken tree; a folder of patches has the name of its suite. */
export interface Suite {
  readonly tests: 'cases' | 'unit tests';
  /** Whether a bare cluster with Kyverno must be there. */
  readonly needs: 'a cluster' | 'nothing';
  /** @throws where the tests do not run: that is no red. */
  readonly run: (
    tree: string,
    environment: Readonly<Record<string, string | undefined>>,
  ) => Promise<readonly Tested[]>;
}

/** Engines of test/conformance that need no cluster. */
const withoutServer: readonly EngineName[] = ['core', 'http'];

export const suites: Readonly<Record<string, Suite>> = {
  // Not in a cluster: what the backstop makes good there is seen here, and a run takes seconds.
  webhook: conformance('core', 'http'),
  'cluster-policy': conformance('kyverno-cluster-policy'),
  'mutating-policy': conformance('kyverno-mutating-policy'),
  'mutating-admission-policy': conformance('mutating-admission-policy'),
  watcher: unit('watcher/'),
};

/** Far above what a run takes on two busy cores: one that hangs must end. */
const timeoutMs = 20 * 60_000;

const conformanceAnswer = z.strictObject({
  tests: z.array(z.strictObject({ name: z.string(), ids: z.array(z.string()), red: z.boolean() })),
  faults: z.array(z.string()),
});

/** Every case of test/conformance on these engines; a case is red where it is on one of them. */
function conformance(...engines: readonly EngineName[]): Suite {
  return {
    tests: 'cases',
    needs: engines.every((engine) => withoutServer.includes(engine)) ? 'nothing' : 'a cluster',
    run: async (tree, environment) => {
      const { code, stdout, stderr } = await runCommand(
        process.execPath,
        [join(tree, 'test/breaks/run-conformance.ts')],
        { env: { ...environment, ENGINES: engines.join(','), CASES: '' }, timeoutMs },
      );
      if (code !== 0) throw new Error(`the cases do not run: ${stderr.slice(-2000)}`);
      const { tests, faults } = conformanceAnswer.parse(JSON.parse(stdout));
      if (faults.length > 0) throw new Error(faults.join('\n'));
      return tests;
    },
  };
}

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** The unit tests of a folder; a test covers each id that its full name holds. */
function unit(folder: string): Suite {
  return {
    tests: 'unit tests',
    needs: 'nothing',
    run: async (tree, environment) => {
      const output = join(tree, 'report.json');
      const words = ['run', '--project', 'unit', '--reporter=json', `--outputFile=${output}`, folder];
      const { stderr } = await runCommand(
        process.execPath,
        [join(tree, 'node_modules/vitest/vitest.mjs'), ...words],
        { env: environment, cwd: tree, timeoutMs },
      );
      const { testResults } = report.parse(JSON.parse(readOr(output, stderr)));
      const broken = testResults.filter(({ assertionResults }) => assertionResults.length === 0);
      if (broken.length > 0)
        throw new Error(
          broken.map(({ name, message = '' }) => `${name} does not load: ${message}`).join('\n'),
        );
      return testResults.flatMap(({ assertionResults }) =>
        assertionResults.map(({ fullName, status }) => ({
          name: fullName,
          ids: fullName.match(/\b[A-Z][1-9][0-9]*\b/g) ?? [],
          red: status === 'failed',
        })),
      );
    },
  };
}

function readOr(path: string, said: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(`the tests do not run: ${said.slice(-2000)}`);
  }
}
