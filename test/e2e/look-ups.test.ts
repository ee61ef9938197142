import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { engines, labels } from '../../contract/names.ts';
import { eventually } from '../../examples/demo/wait.ts';
import { create, type Json, makeNamespace, pathOf, request, setStatus } from './api.ts';
import type { EveryEngine } from './every-engine.ts';
import { installEveryEngine } from './every-engine.ts';
import { labelled, pod, textOf } from './pods.ts';
import { plans, project } from './projects.ts';

let installed: EveryEngine;
const namespaceOf = (engine: string): string => `look-ups-${engine}`;

async function admit(engine: string, name = 'shop', spec: Json = {}) {
  return request('POST', `${pathOf('Pod', namespaceOf(engine))}?dryRun=All`, labelled(name, pod(spec)));
}

async function injects(engine: string): Promise<true | undefined> {
  return (await admit(engine)).status === 201 ? true : undefined;
}

beforeAll(async () => {
  installed = await installEveryEngine();
  for (const engine of engines) {
    await makeNamespace(namespaceOf(engine), { [labels.engine]: engine });
    await create('DbtProject', namespaceOf(engine), project('shop'));
    await setStatus(namespaceOf(engine), 'shop', plans);
  }
  for (const engine of engines) await eventually(`${engine} injects`, 90, () => injects(engine));
});

afterAll(async () => {
  const names = engines.map(namespaceOf);
  await installed.commands.kubectl('delete', 'namespace', '--ignore-not-found', '--wait=false', ...names);
  await installed.restore();
});

/** Requests for DbtProjects that the API server has answered since it started, but for watches. */
async function reads(): Promise<number> {
  const { body } = await request('GET', '/metrics');
  const counters = [
    ...String(body['message']).matchAll(
      /^apiserver_request_total\{[^}]*resource="dbtprojects"[^}]*verb="(?:GET|LIST)"[^}]*\} ([0-9.e+]+)$/gm,
    ),
  ];
  return counters.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Requests of one pod, with and without a service-account token. */
interface Reads {
  readonly plain: number;
  /**
   * The API server mounts a token into what an engine injected, and asks an engine again that wants to see that: each asking is
   * a look-up where the engine has none of its own memory. Organizations have no tokens in their pods.
   */
  readonly withToken: number;
}

/** The webhook and the API server watch the projects; Kyverno asks. */
const expected: Readonly<Record<(typeof engines)[number], Reads>> = {
  webhook: { plain: 0, withToken: 0 },
  'kyverno-cluster-policy': { plain: 1, withToken: 2 },
  'kyverno-mutating-policy': { plain: 1, withToken: 1 },
  'mutating-admission-policy': { plain: 0, withToken: 0 },
};

describe.each(Object.entries(expected))('a pod of %s costs', (engine, { plain, withToken }) => {
  const pods = 10;
  const cases = [
    [plain, 'without a token', { automountServiceAccountToken: false }],
    [withToken, 'with a token', {}],
  ] as const;
  it.each(cases)('%i reads of its project %s', async (each, _sentence, spec) => {
    const before = await reads();
    for (let index = 0; index < pods; index++) expect((await admit(engine, 'shop', spec)).status).toBe(201);
    expect((await reads()) - before).toBe(each * pods);
  });
});

/** The right to read DbtProjects, and a project that must be asked for: the webhook knows by itself those that are there. */
const rights: Readonly<
  Record<string, { readonly role: string; readonly project: string; readonly text: RegExp }>
> = {
  webhook: {
    role: 'dbt-jobs-webhook',
    project: 'not-there',
    text: /denied the request: dbt-jobs: DbtProject "not-there" could not be read: the API server answered 403; try again$/,
  },
  'kyverno-cluster-policy': {
    role: 'dbt-jobs-kyverno-cluster-policy',
    project: 'shop',
    text: /dbtprojects.* permission denied/s,
  },
  'kyverno-mutating-policy': {
    role: 'dbt-jobs-kyverno-mutating-policy',
    project: 'shop',
    text: /dbtprojects.* is forbidden/s,
  },
};

async function rulesOf(role: string): Promise<readonly unknown[]> {
  const text = await installed.commands.kubectl('get', 'clusterrole', role, '-o', 'json');
  return z.object({ rules: z.array(z.unknown()) }).parse(JSON.parse(text)).rules;
}

async function setRules(role: string, value: readonly unknown[]): Promise<void> {
  const patch = JSON.stringify([{ op: 'replace', path: '/rules', value }]);
  await installed.commands.kubectl('patch', 'clusterrole', role, '--type=json', '-p', patch);
}

describe('where a project cannot be read (C26)', () => {
  it.each(Object.entries(rights))(
    '%s itself denies the pod, and says so',
    async (engine, { role, project: name, text }) => {
      const rules = await rulesOf(role);
      await setRules(role, []);
      try {
        const message = await eventually(`${engine} cannot read`, 60, async () => {
          const { status, body } = await admit(engine, name);
          const said = textOf(body);
          return status !== 201 && !said.includes('there is no such project') ? said : undefined;
        });
        expect(message).toMatch(text);
        expect(message).not.toContain('problem(s)');
      } finally {
        await setRules(role, rules);
      }
      await eventually(`${engine} reads again`, 60, () => injects(engine));
    },
  );
});
