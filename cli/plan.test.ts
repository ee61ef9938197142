import { describe, expect, it } from 'vitest';
import type { Answer, Request, Send } from './api-server.ts';
import { parseArguments, type PlanArguments } from './parse-arguments.ts';
import { plan } from './plan.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const id = '0123456789ab-91e3b4';
const image = 'dbt-jobs.local/demo-plan:1';
const statusPath = '/apis/dbt-jobs.io/v1alpha1/namespaces/acme/dbtprojects/shop/status';

interface Entry {
  readonly id: string;
  readonly image: string;
  readonly commit: string;
  readonly phase: string;
  readonly createdAt: string;
  readonly createdBy?: string;
  readonly jobName?: string;
  readonly message?: string;
}
interface Status {
  readonly plan?: string;
  readonly plans: readonly Entry[];
}

const entry: Entry = {
  id,
  image,
  commit,
  phase: 'Candidate',
  createdAt: '2026-01-01T00:00:00Z',
  createdBy: 'ci',
};
const json = (code: number, value: unknown): Answer => ({ code, text: JSON.stringify(value), warnings: [] });
const refusal = (code: number, message: string) => json(code, { kind: 'Status', message });

/** An API server with one project, whose watcher does the next thing of a list at each look. */
function fakeServer(initial: Status, later: readonly ((status: Status) => Status)[] = []) {
  const steps = [...later];
  const server = { status: initial, conflicts: 0, written: [] as unknown[], resourceVersion: 7 };
  const object = () => ({
    metadata: { name: 'shop', namespace: 'acme', uid: 'u1', resourceVersion: String(server.resourceVersion) },
    spec: {
      repository: { url: 'https://git.example.com/acme/shop.git' },
      resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
    },
    status: server.status,
  });
  const pod = {
    metadata: { name: 'shop-plan-x', creationTimestamp: '2026-01-01T00:00:00Z' },
    status: {
      phase: 'Failed',
      containerStatuses: [{ name: 'dbt', state: { terminated: { exitCode: 2 } } }],
    },
  };
  const write = (body: unknown): Answer => {
    if (server.conflicts > 0) {
      server.conflicts--;
      server.resourceVersion++;
      return refusal(409, 'the object has been modified');
    }
    server.written.push(body);
    server.status = { ...server.status, plans: [...server.status.plans, entry] };
    return json(200, object());
  };
  const send: Send = (request) => Promise.resolve(answer(request));
  const answer = ({ method, path, body }: Request): Answer => {
    if (path.endsWith('/selfsubjectreviews')) return json(201, { status: { userInfo: { username: 'ci' } } });
    if (method === 'PUT' && path === statusPath) return write(body);
    if (path.endsWith('/pods')) return json(200, { items: [pod] });
    if (path.endsWith('/pods/shop-plan-x/log')) return { code: 200, text: 'bad password\n', warnings: [] };
    if (method === 'GET' && `${path}/status` === statusPath) {
      if (server.written.length > 0 || initial.plans.length > 0) {
        server.status = steps.shift()?.(server.status) ?? server.status;
      }
      return json(200, object());
    }
    return refusal(404, 'not found');
  };
  return { send, server };
}

function argumentsOf(words: string): PlanArguments {
  const parsed = parseArguments(
    `plan shop -n acme --image ${image} --commit ${commit} ${words}`.trim().split(' '),
  );
  if (parsed.command !== 'plan') throw new Error(JSON.stringify(parsed));
  return parsed;
}

/** Time passes only while the program pauses. */
async function run(send: Send, words = '') {
  const lines: string[] = [];
  const problems: string[] = [];
  let now = Date.parse('2026-01-01T00:00:00Z');
  const exitCode = await plan(
    {
      cluster: { send, namespace: 'default' },
      terminal: { line: (text) => lines.push(text), problem: (text) => problems.push(text) },
      clock: {
        now: () => now,
        pause: (milliseconds) => {
          now += milliseconds;
          return Promise.resolve();
        },
      },
    },
    argumentsOf(words),
  );
  return { exitCode, lines, problems };
}

const header = [
  'DbtProject shop in namespace acme',
  `  plan    ${id}\n  image   ${image}\n  commit  ${commit}`,
];
const changed = (change: Partial<Entry>) => (status: Status) => ({
  ...status,
  plans: status.plans.map((plan) => ({ ...plan, ...change })),
});
const promoted = (status: Status) => ({ ...changed({ phase: 'Promoted' })(status), plan: id });

describe('plan', () => {
  it('writes the candidate with who made it, and says how to follow it', async () => {
    const { send, server } = fakeServer({ plans: [] });
    expect(await run(send)).toEqual({
      exitCode: 0,
      lines: [
        ...header,
        '\nAdded: the watcher tries it.',
        'Next: the same command with --wait follows it to its verdict.',
      ],
      problems: [],
    });
    expect(server.written).toMatchObject([
      {
        metadata: { name: 'shop', namespace: 'acme', uid: 'u1', resourceVersion: '7' },
        status: { plans: [entry] },
      },
    ]);
  });

  it('reads again and writes again where somebody else wrote in between', async () => {
    const { send, server } = fakeServer({ plans: [] });
    server.conflicts = 2;
    expect((await run(send)).exitCode).toBe(0);
    expect(server.written).toMatchObject([{ metadata: { resourceVersion: '9' } }]);
  });

  it('gives up where every write meets a conflict', async () => {
    const { send, server } = fakeServer({ plans: [] });
    server.conflicts = Infinity;
    await expect(run(send)).rejects.toThrow('the object has been modified');
    expect(server.written).toEqual([]);
  });

  it('follows it to its promotion and tells each change once', async () => {
    const same = (status: Status) => status;
    const { send } = fakeServer({ plans: [] }, [
      same,
      same,
      same,
      changed({ jobName: 'shop-plan' }),
      same,
      promoted,
    ]);
    const result = await run(send, '--wait');
    expect(result).toEqual({
      exitCode: 0,
      lines: [
        ...header,
        '',
        '      0 s  waiting for the watcher to make its Job',
        '      2 s  Job shop-plan, pod shop-plan-x Failed, dbt ended with exit code 2',
        `\nPlan ${id} is promoted and in force.`,
        `  image   ${image}\n  commit  ${commit}`,
        '\nNext: create a Job whose pod has the label of the project and image plan:current.',
      ],
      problems: [],
    });
  });

  it('shows why it failed: the message, and the last lines of what ended badly', async () => {
    const failure = changed({ phase: 'Failed', jobName: 'shop-plan', message: 'dbt debug ended with 2' });
    const { send } = fakeServer({ plans: [] }, [failure]);
    expect(await run(send, '--wait')).toEqual({
      exitCode: 1,
      lines: [...header, ''],
      problems: [
        `\nPlan ${id} failed: dbt debug ended with 2`,
        '\n  dbt, last lines:',
        '    bad password',
        '\nThe plan in force stays: none.',
        `Next: correct the cause; for the same image and commit, plan again with --id ${id}-2`,
      ],
    });
  });

  it('has no verdict where the time is over', async () => {
    const { send } = fakeServer({ plans: [] });
    const { exitCode, problems } = await run(send, '--wait=3s');
    expect({ exitCode, problems }).toEqual({
      exitCode: 3,
      problems: [
        'No verdict after 3 s; last seen: waiting for the watcher to make its Job',
        'Next: the same command again goes on waiting; kubectl describe dbtproject shop tells more.',
      ],
    });
  });

  it('says so where the entry is removed while it waits', async () => {
    const { send } = fakeServer({ plans: [] }, [() => ({ plans: [] })]);
    const { exitCode, problems } = await run(send, '--wait');
    expect({ exitCode, problems }).toEqual({
      exitCode: 1,
      problems: [
        `Plan ${id} is no longer in status.plans: somebody removed it.`,
        'Next: make the plan again.',
      ],
    });
  });

  it('goes on waiting while the API server is away for a moment', async () => {
    const { send } = fakeServer({ plans: [entry] }, [(status) => status, promoted]);
    let requests = 0;
    const shaky: Send = (request) =>
      ++requests === 3 ? Promise.resolve(refusal(503, 'starting')) : send(request);
    const { exitCode, lines } = await run(shaky, '--wait');
    expect({ exitCode, progress: lines.slice(2, 4) }).toEqual({
      exitCode: 0,
      progress: ['', '      0 s  trying again: starting'],
    });
  });

  it('needs no right but those of the planner role', async () => {
    const { send } = fakeServer({ plans: [] }, [
      changed({ jobName: 'shop-plan' }),
      changed({ phase: 'Failed' }),
    ]);
    const planner: Send = (request) =>
      request.path.startsWith('/api/v1/') ? Promise.resolve(refusal(403, 'forbidden')) : send(request);
    const { exitCode, lines, problems } = await run(planner, '--wait');
    expect({ exitCode, progress: lines.slice(3), problems: problems.slice(0, 2) }).toEqual({
      exitCode: 1,
      progress: ['      0 s  Job shop-plan, its pod may not be seen with these rights'],
      problems: [`\nPlan ${id} failed: the watcher gave no message`, '\nThe plan in force stays: none.'],
    });
  });

  it('writes nothing where it is promoted already', async () => {
    const { send, server } = fakeServer({ plans: [{ ...entry, phase: 'Promoted' }], plan: id });
    const { exitCode, lines } = await run(send, '--wait');
    expect({ exitCode, said: lines[2], written: server.written }).toEqual({
      exitCode: 0,
      said: `\nPlan ${id} is promoted already and in force.`,
      written: [],
    });
  });

  it('writes nothing where the id is taken by another image, and proposes one', async () => {
    const { send, server } = fakeServer({ plans: [{ ...entry, image: 'shop:6' }] });
    const { exitCode, problems } = await run(send);
    expect({ exitCode, problems, written: server.written }).toEqual({
      exitCode: 1,
      problems: [
        `\nPlan ${id} is there already, and a plan keeps its image and commit:`,
        `  image   shop:6\n  commit  ${commit}\n  phase   Candidate`,
        `Next: choose another id, for example --id ${id}-2`,
      ],
      written: [],
    });
  });

  it('passes on what the API server says of a project that is not there', async () => {
    const send: Send = () => Promise.resolve(refusal(404, 'dbtprojects.dbt-jobs.io "shop" not found'));
    await expect(run(send)).rejects.toThrow(
      'dbtprojects.dbt-jobs.io "shop" not found\nkubectl get dbtprojects -n acme lists the projects of this namespace',
    );
  });
});
