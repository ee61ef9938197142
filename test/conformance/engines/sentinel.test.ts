import { describe, expect, it } from 'vitest';
import { denial, problems } from '../../../contract/problems.ts';
import type { Json } from '../json.ts';
import type { Api } from './api.ts';
import { backstopDenies, engineAnswer } from './sentinel.ts';

const server = (pod: Json, job: Json = {}): Api => ({
  version: '',
  address: '',
  kubeconfig: '',
  request: (_method, path) => {
    const body = path.includes('/jobs') ? job : pod;
    return Promise.resolve({ status: body['message'] === undefined ? 201 : 403, body, warnings: [] });
  },
});
const denied = (...found: readonly string[]): Json => ({
  message: `pods "sentinel" is forbidden: … denied request: ${denial('conformance-sentinel', 'n', found)}`,
});
const injected: Json = { spec: { initContainers: [{ name: 'dbt-jobs-git-sync' }] } };
const limited: Json = { spec: { activeDeadlineSeconds: 1 } };

describe('an engine', () => {
  const table: Readonly<Record<string, readonly [Api, string | RegExp]>> = {
    'is ready where it changes pods and Jobs': [server(injected, limited), 'ready'],
    'is ready where what it injects is wrong: the cases will tell': [
      server(denied(problems.reservedInitContainers(['dbt-jobs-git-sync'])), limited),
      'ready',
    ],
    'is not ready where it leaves pods as they are': [server({ spec: {} }, limited), 'it changes no pod'],
    'is not ready where it leaves Jobs as they are': [server(injected, { spec: {} }), 'it changes no Job'],
    'is not ready where it does not know the project': [
      server(denied(problems.unknownProject())),
      /no such project/,
    ],
    'is not ready where it does not know the plan': [
      server(denied(problems.notInjected(['image', 'git-sync', 'volumes']))),
      /not injected/,
    ],
    'is not ready where something else refuses': [
      server({ message: 'connection refused' }),
      /connection refused/,
    ],
  };
  for (const [sentence, [api, answer]] of Object.entries(table)) {
    it(sentence, async () => {
      expect(await engineAnswer(api, 'n')).toMatch(answer);
    });
  }
});

describe('the backstop', () => {
  const table: Readonly<Record<string, readonly [Json, boolean]>> = {
    'is at work where it denies for a problem': [denied(problems.restartPolicy()), true],
    'is at work where it says the problem in other words: the cases will tell': [denied('no'), true],
    'is not at work where the pod is admitted': [{ spec: {} }, false],
    'does not know the plan yet': [denied(problems.restartPolicy(), problems.noPlan()), false],
    'does not know the project yet': [denied(problems.unknownProject()), false],
  };
  for (const [sentence, [answer, atWork]] of Object.entries(table)) {
    it(sentence, async () => {
      expect(await backstopDenies(server(answer), 'n')).toBe(atWork);
    });
  }
});
