/** A patch that makes the project wrong in one way, and what is to notice it. */
export interface Break {
  /** Folder that the patch is in. */
  readonly suite: string;
  /** Path below test/breaks. */
  readonly path: string;
  /** What it breaks: a clause such as C16, or another id that tests name. */
  readonly id: string;
  /** What the project does with the patch. */
  readonly sentence: string;
  /** Names of the tests that are to turn red; absent where all of the id are. */
  readonly red?: readonly string[];
}

/** One test as it came out with a break in the tree. */
export interface Tested {
  readonly name: string;
  /** What it covers. */
  readonly ids: readonly string[];
  readonly red: boolean;
}

const fileName = /^(?<suite>[a-z-]+)\/(?<id>[A-Z][1-9][0-9]*)-[a-z0-9-]+\.patch$/;

/**
 * What stands before the diff: "<id>: <sentence>", then a line "Red: <name>" for each test.
 *
 * @throws naming the patch and all that is wrong with it
 */
export function parseBreak(path: string, text: string): Break {
  const named = fileName.exec(path)?.groups;
  const diffAt = text.search(/^diff --git /m);
  const head = diffAt === -1 ? text : text.slice(0, diffAt);
  const [first = '', ...others] = head.split('\n').filter((line) => line !== '');
  const [, id, sentence = ''] = /^([A-Z][0-9]+): (.+)$/.exec(first) ?? [];
  const red = others.map((line) => /^Red: (\S.*)$/.exec(line)?.[1]);
  const wrong = [
    named === undefined ? 'is not called <suite>/<id>-<what>.patch' : '',
    id === undefined ? 'does not begin with "<id>: <what the project does>"' : '',
    named !== undefined && id !== undefined && id !== named['id']
      ? `is of ${id}, but its name says ${named['id'] ?? ''}`
      : '',
    diffAt === -1 ? 'holds no diff of git' : '',
    red.includes(undefined) ? 'has a line before its diff that is not "Red: <name of a test>"' : '',
    new Set(red).size < red.length ? 'names a test twice' : '',
  ].filter(Boolean);
  if (wrong.length > 0) throw new Error(wrong.map((reason) => `test/breaks/${path} ${reason}`).join('\n'));
  return {
    suite: named?.['suite'] ?? '',
    path,
    id: id ?? '',
    sentence,
    ...(red.length === 0 ? {} : { red: red.filter((name) => name !== undefined) }),
  };
}

/** Every way in which the tests did not notice the break, and nothing else; empty where they did. */
export function judgeBreak({ id, red }: Break, tests: readonly Tested[]): readonly string[] {
  const ofId = tests.filter(({ ids }) => ids.includes(id)).map(({ name }) => name);
  const expected = red ?? ofId;
  const turned = tests.filter((one) => one.red).map(({ name }) => name);
  return [
    ...(ofId.length === 0 ? [`there is no test of ${id}`] : []),
    ...(turned.length === 0 ? ['nothing turned red: no test notices it'] : []),
    ...turned.filter((name) => !ofId.includes(name)).map((name) => `red, but not of ${id}: ${name}`),
    ...turned
      .filter((name) => ofId.includes(name) && !expected.includes(name))
      .map((name) => `red, but not in the patch’s list: ${name}`),
    ...expected
      .filter((name) => !turned.includes(name))
      .map((name) =>
        tests.some((one) => one.name === name)
          ? `was to turn red: ${name}`
          : `there is no such test: ${name}`,
      ),
  ];
}
