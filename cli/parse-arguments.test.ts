import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMs, parseArguments } from './parse-arguments.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const nowhere = { namespace: undefined, context: undefined, kubeconfig: undefined };
const words = (line: string) => line.split(' ').filter((word) => word !== '');
const dnsLabel = 'must be a DNS label: at most 63 lower-case letters, digits and -, not at its ends';

const accepted: Record<string, { line: string; parsed: unknown }> = {
  'a plan has an id made from commit and image': {
    line: `plan shop --image dbt-jobs.local/demo-plan:1 --commit ${commit}`,
    parsed: {
      command: 'plan',
      connection: nowhere,
      project: 'shop',
      image: 'dbt-jobs.local/demo-plan:1',
      commit,
      id: '0123456789ab-91e3b4',
      waitMs: undefined,
    },
  },
  'every option of plan has its place, with = or a space': {
    line: `plan --image=shop@sha256:${'a'.repeat(64)} --commit ${commit} --id v7 -n acme --wait=90s --context prod --kubeconfig=/k shop`,
    parsed: {
      command: 'plan',
      connection: { namespace: 'acme', context: 'prod', kubeconfig: '/k' },
      project: 'shop',
      image: `shop@sha256:${'a'.repeat(64)}`,
      commit,
      id: 'v7',
      waitMs: 90_000,
    },
  },
  '--wait by itself is ten minutes, and does not swallow the project': {
    line: `plan --wait shop --image shop:7 --commit ${commit} --id v7`,
    parsed: {
      command: 'plan',
      connection: nowhere,
      project: 'shop',
      image: 'shop:7',
      commit,
      id: 'v7',
      waitMs: 600_000,
    },
  },
  'explain reads standard input as -': {
    line: 'explain -f - -n acme',
    parsed: { command: 'explain', connection: { ...nowhere, namespace: 'acme' }, file: '-' },
  },
  'no word at all asks for help': { line: '', parsed: { command: 'help', about: undefined } },
  'help beside wrong options is help': {
    line: 'plan --nope --help',
    parsed: { command: 'help', about: 'plan' },
  },
};

const refused: Record<string, { line: string; problems: readonly string[] }> = {
  'everything that is missing is told at once': {
    line: 'plan',
    problems: [
      'PROJECT is missing: the name of a DbtProject (kubectl get dbtprojects)',
      '--image is missing',
      '--commit is missing',
    ],
  },
  'everything that is wrong is told at once': {
    line: 'plan Shop more --image A --commit main --id -x --wait=5x -n A --foo',
    problems: [
      '"--foo" is no option of kubectl dbt plan: it has --image, --commit, --id, --wait, --namespace, --context, --kubeconfig, --help',
      `PROJECT: "Shop" ${dnsLabel}`,
      '"more" is too much: one PROJECT at a time',
      '--image: "A" must be an image: name, name:tag or name@sha256:<64 hex digits>',
      '--commit: "main" must be a full commit, 40 or 64 lower-case hex digits, no branch, tag or short form: git rev-parse HEAD prints it',
      `--id: "-x" ${dnsLabel}`,
      `--namespace: "A" ${dnsLabel}`,
      '--wait: "5x" is no time: write it like 90s, 10m or 1h30m, at most 24h',
    ],
  },
  'the image that pods write is no image': {
    line: `plan shop --image plan:current --commit ${commit}`,
    problems: ['--image: "plan:current" is what pods write: name the image that was pushed'],
  },
  'an option is not taken for the value of another': {
    line: `plan shop --image --commit ${commit}`,
    problems: [
      '--image needs a value',
      `"${commit}" is too much: one PROJECT at a time`,
      '--commit is missing',
    ],
  },
  'an option given twice is not guessed about': {
    line: `plan shop --image a --image b --commit ${commit}`,
    problems: ['--image is given twice: give it once'],
  },
  'an upper-case commit is refused': {
    line: `plan shop --image a --commit ${commit.toUpperCase()}`,
    problems: [
      `--commit: "${commit.toUpperCase()}" must be a full commit, 40 or 64 lower-case hex digits, no branch, tag or short form: git rev-parse HEAD prints it`,
    ],
  },
  'explain wants its manifest by name': {
    line: 'explain pod.yaml',
    problems: ['"pod.yaml" is too much: name the manifest with -f', '--filename is missing'],
  },
  'another command is told which there are': {
    line: 'plans shop',
    problems: ['"plans" is no command of kubectl dbt: it has plan and explain'],
  },
};

describe('parseArguments', () => {
  it.each(Object.entries(accepted))('%s', (_, { line, parsed }) => {
    expect(parseArguments(words(line))).toEqual(parsed);
  });

  it.each(Object.entries(refused))('%s', (_, { line, problems }) => {
    const about = line.split(' ')[0];
    expect(parseArguments(words(line))).toEqual({
      command: 'usage',
      about: about === 'plan' || about === 'explain' ? about : undefined,
      problems,
    });
  });

  it('answers every list of words, and accepts no plan that the CRD would refuse', () => {
    const or = (right: string) =>
      fc.oneof(fc.constant(right), fc.constantFrom('--', '-n', '--id=', ''), fc.string());
    const argv = fc.tuple(or('shop'), or('--image'), or('shop:7'), or('--commit'), or(commit), or('--wait'));
    fc.assert(
      fc.property(argv, (rest) => {
        const parsed = parseArguments(['plan', ...rest]);
        if (parsed.command !== 'plan') {
          expect(parsed.command).toMatch(/^(usage|help)$/);
          return;
        }
        expect(parsed.image).toMatch(/^[a-z0-9][A-Za-z0-9._:/-]*(@sha256:[0-9a-f]{64})?$/);
        expect(parsed.commit).toMatch(/^([0-9a-f]{40}|[0-9a-f]{64})$/);
        expect(`${parsed.project} ${parsed.id}`).toMatch(/^[a-z0-9-]{1,63} [a-z0-9-]{1,63}$/);
      }),
      { numRuns: 500 },
    );
  });

  it('shows control characters of a word escaped', () => {
    expect(parseArguments(['\u001b[2J'])).toEqual({
      command: 'usage',
      about: undefined,
      problems: ['"\\u001b[2J" is no command of kubectl dbt: it has plan and explain'],
    });
  });
});

describe('durationMs', () => {
  const cases: Record<string, number | undefined> = {
    '90s': 90_000,
    '10m': 600_000,
    '1h30m': 5_400_000,
    '24h': 86_400_000,
    '24h1s': undefined,
    '0s': undefined,
    '': undefined,
    '10': undefined,
    '-1m': undefined,
    '1.5h': undefined,
    '30m1h': undefined,
  };
  it.each(Object.entries(cases))('%j', (text, milliseconds) => {
    expect(durationMs(text)).toBe(milliseconds);
  });
});
