import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it, vi } from 'vitest';
import { type Gate, openGate, type Passing } from './gate.ts';
import { eventsAbout, isHeld, makeJob, outcomeIn, read } from './runs.ts';
import { openStage, type Stage } from './stage.ts';

/** A request of the watcher at which it is killed: before anybody has it, or when it was carried out and not answered. */
interface Point {
  readonly to: 'api' | 'controlPlane' | 'slack';
  readonly fate: 'lost' | 'unanswered';
  readonly is: (request: Passing, count: number) => boolean;
  /** Messages in Slack at the end, where they are more than one. */
  readonly messages?: number;
}

const to = (method: string, path: RegExp, body = /^/) =>
  ((request) => request.method === method && path.test(request.path) && body.test(request.body)) satisfies (
    request: Passing,
  ) => boolean;
const jobs = /\/jobs$/;
const job = /\/jobs\/nightly$/;
const log = to('GET', /\/log$/);
const [hold, release] = [/"finalizers":\["dbt-jobs/, /"finalizers":\[\]/];
const [outcome, mark] = [/"dbt-jobs\.io\/outcome":/, /"dbt-jobs\.io\/slack":/];
const report = /\/reports$/;
const api = (fate: Point['fate'], is: Point['is']): Point => ({ to: 'api', fate, is });
const ingestion = (fate: Point['fate'], body: RegExp): Point => ({
  to: 'controlPlane',
  fate,
  is: to('POST', report, body),
});
const message = to('POST', /chat\.postMessage$/);

const points: Readonly<Record<string, Point>> = {
  'before it lists the runs': api(
    'lost',
    (request) => to('GET', jobs)(request) && request.query.has('limit'),
  ),
  'when it has listed them': api(
    'unanswered',
    (request) => to('GET', jobs)(request) && request.query.has('limit'),
  ),
  'before it watches them': api('lost', (request) => to('GET', jobs)(request) && request.query.has('watch')),
  'before it holds the run': api('lost', to('PATCH', job, hold)),
  'when it holds the run': api('unanswered', to('PATCH', job, hold)),
  'before it reads the log': api('lost', log),
  'before it reads the log on': api('lost', (request, count) => log(request) && count > 1),
  'before it tells of progress': ingestion('lost', /"kind":"progress"/),
  'when it has told of progress': ingestion('unanswered', /"kind":"progress"/),
  'before it sends the log': ingestion('lost', /"kind":"log"/),
  'when it has sent the log': ingestion('unanswered', /"kind":"log"/),
  'before it writes the Event': api('lost', to('POST', /\/events$/)),
  'when it has written the Event': api('unanswered', to('POST', /\/events$/)),
  'before it writes the outcome': api('lost', to('PATCH', job, outcome)),
  'when it has written the outcome': api('unanswered', to('PATCH', job, outcome)),
  'before it sends the outcome': ingestion('lost', /"kind":"outcome"/),
  'when it has sent the outcome': ingestion('unanswered', /"kind":"outcome"/),
  'before it sends the end of the log': ingestion('lost', /"end":"complete"/),
  'when it has sent the end of the log': ingestion('unanswered', /"end":"complete"/),
  'before it posts the message': { to: 'slack', fate: 'lost', is: message },
  // C33: nobody can know whether a message that was not answered is there.
  'when it has posted the message': { to: 'slack', fate: 'unanswered', is: message, messages: 2 },
  'before it marks the run with the message': { ...api('lost', to('PATCH', job, mark)), messages: 2 },
  'when it has marked the run with the message': api('unanswered', to('PATCH', job, mark)),
  'before it lets the run go': api('lost', to('PATCH', job, release)),
  'when it has let the run go': api('unanswered', to('PATCH', job, release)),
};

const script = `
echo Running with dbt; echo password=hunter2; sleep 1
echo '1 of 1 ERROR creating sql view model main.a .. [ERROR in 1s]'; exit 1`;
const lines = [
  'Running with dbt',
  'password=***',
  '1 of 1 ERROR creating sql view model main.a .. [ERROR in 1s]',
];

/** Gates before everything that a watcher talks to; at the point `kill` is called, once. */
async function openGates(stage: Stage, point: Point, kill: () => void) {
  const { pki, server } = inject('faults');
  const file = (name: string): Buffer => readFileSync(join(pki, name));
  let [count, killed] = [0, false];
  const die = (): void => {
    killed = true;
    kill();
  };
  const gate = (
    name: Point['to'],
    upstream: string,
    tls?: Parameters<typeof openGate>[0]['tls'],
  ): Promise<Gate> =>
    openGate({
      upstream,
      ...(tls && { tls }),
      decide(request) {
        if (killed || name !== point.to) return 'passes';
        if (log(request)) count += 1;
        if (!point.is(request, count)) return 'passes';
        if (point.fate === 'lost') die();
        return point.fate;
      },
      onDone: die,
    });
  const tls = {
    cert: file('kube-apiserver.crt'),
    key: file('kube-apiserver.key'),
    ca: file('ca.crt'),
  };
  const gates = {
    api: await gate('api', server, tls),
    controlPlane: await gate('controlPlane', `http://127.0.0.1:${stage.controlPlane.port}`),
    slack: await gate('slack', new URL(stage.slack.url).origin),
  };
  return {
    ports: { api: gates.api.port, controlPlane: gates.controlPlane.port, slack: gates.slack.port },
    isKilled: () => killed,
    close: () => Promise.all(Object.values(gates).map((one) => one.close())),
  };
}

async function stateOf(stage: Stage, uid: string) {
  const run = await read('Job', stage.namespace, 'nightly');
  return {
    outcome: run && outcomeIn(run)?.reason,
    held: run && isHeld(run),
    events: await eventsAbout(stage.namespace, uid),
    outcomes: stage.controlPlane.outcomes(uid),
    log: stage.controlPlane.log(uid, 'dbt'),
    messages: stage.slack.posted.length,
    marked: run?.metadata.annotations['dbt-jobs.io/slack'] !== undefined,
  };
}

describe.concurrent('J8 a watcher that is killed', () => {
  it.each(Object.entries(points))('%s leaves a run that the next one tells once', async (name, point) => {
    const stage = await openStage(`kill-${Object.keys(points).indexOf(name)}`);
    let pid = 0;
    const gates = await openGates(stage, point, () => void process.kill(pid, 'SIGKILL'));
    const { ports } = gates;
    const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 60_000, interval: 250 });
    try {
      const first = await stage.start({ ports, ready: 'not awaited' });
      pid = first.pid;
      await eventually(async () => expect(gates.isKilled() || (await first.isReady())).toBe(true));
      const uid = await makeJob(stage.namespace, 'nightly', script);
      await eventually(() => expect(gates.isKilled()).toBe(true));
      const second = await stage.start({ ports });
      const expected = {
        outcome: 'DbtHandledError',
        held: false,
        events: ['DbtHandledError'],
        outcomes: ['DbtHandledError'],
        log: { lines, gaps: [], end: 'complete' },
        messages: point.messages ?? 1,
        marked: true,
      };
      await eventually(async () => expect(await stateOf(stage, uid)).toEqual(expected));
      await second.stop();
      expect(await stateOf(stage, uid)).toEqual(expected);
    } finally {
      await stage.close();
      await gates.close();
    }
  });
});
