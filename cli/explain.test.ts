import { describe, expect, it } from 'vitest';
import type { Answer, Request } from './api-server.ts';
import { explain } from './explain.ts';

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: p
  labels:
    dbt-jobs.io/project: shop
spec:
  containers:
    - name: dbt
      image: plan:current
`;

interface Injected {
  readonly metadata: object;
  readonly spec: object;
}

function inject(body: unknown): Injected {
  expect(body).toMatchObject({ metadata: { name: 'p', namespace: 'acme' } });
  return {
    metadata: {
      name: 'p',
      namespace: 'acme',
      labels: { 'dbt-jobs.io/project': 'shop' },
      annotations: { 'dbt-jobs.io/project-uid': 'u1' },
    },
    spec: { containers: [{ name: 'dbt', image: 'shop:7', terminationMessagePolicy: 'File' }], priority: 0 },
  };
}

interface Given {
  readonly answer?: (request: Request) => Answer;
  readonly file?: () => Promise<string>;
  readonly namespace?: string;
}

async function run({ answer, file, namespace }: Given = {}) {
  const lines: string[] = [];
  const problems: string[] = [];
  const requests: Request[] = [];
  const admits = ({ body }: Request): Answer => ({
    code: 201,
    text: JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...inject(body) }),
    warnings: ['dbt-jobs: a warning'],
  });
  const exitCode = await explain(
    {
      cluster: {
        namespace: 'acme',
        send: (request) => {
          requests.push(request);
          return Promise.resolve((answer ?? admits)(request));
        },
      },
      terminal: { line: (text) => lines.push(text), problem: (text) => problems.push(text) },
      readFile: file ?? (() => Promise.resolve(pod)),
      paint: ({ mark, text }) => `${mark} ${text}`,
    },
    {
      command: 'explain',
      connection: { namespace, context: undefined, kubeconfig: undefined },
      file: 'pod.yaml',
    },
  );
  return { exitCode, lines, problems, requests };
}

describe('explain', () => {
  it('shows the pod with what admission changes, and the warnings', async () => {
    const { exitCode, lines, problems } = await run();
    expect({ exitCode, lines, problems }).toEqual({
      exitCode: 0,
      lines: [
        'The pod, as namespace acme admits it:\n',
        '  apiVersion: v1',
        '  kind: Pod',
        '  metadata:',
        '    name: p',
        '    labels:',
        '      dbt-jobs.io/project: shop',
        '+   annotations:',
        '+     dbt-jobs.io/project-uid: u1',
        '  spec:',
        '    containers:',
        '      - name: dbt',
        '-       image: plan:current',
        '+       image: shop:7',
        '\n3 lines added, 1 removed; fields that the API server itself fills are left out.\nDbtProject shop is applied.',
        'Next: kubectl create -n acme -f pod.yaml',
      ],
      problems: ['Warning: dbt-jobs: a warning'],
    });
  });

  it('creates nothing, and lets no misspelt field pass', async () => {
    const { requests } = await run();
    expect(requests.map(({ method, path, query }) => ({ method, path, query }))).toEqual([
      {
        method: 'POST',
        path: '/api/v1/namespaces/acme/pods',
        query: { dryRun: 'All', fieldValidation: 'Strict', fieldManager: 'kubectl-dbt' },
      },
    ]);
  });

  it('prints a denial as it came', async () => {
    const message = 'pods "p" is forbidden: … denied request: dbt-jobs: 1 problem(s) with DbtProject "shop"';
    const answer = () => ({ code: 403, text: JSON.stringify({ kind: 'Status', message }), warnings: [] });
    const { exitCode, lines, problems } = await run({ answer });
    expect({ exitCode, lines, problems }).toEqual({ exitCode: 1, lines: [], problems: [message] });
  });

  it('asks nothing where the manifest is for another namespace', async () => {
    const file = () => Promise.resolve(pod.replace('name: p', 'namespace: globex'));
    expect(await run({ file, namespace: 'acme' })).toEqual({
      exitCode: 2,
      lines: [],
      problems: ['pod.yaml is for namespace globex, but --namespace is acme: write the same'],
      requests: [],
    });
  });

  it('asks nothing where the file cannot be read', async () => {
    const file = () => Promise.reject(Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }));
    expect(await run({ file })).toEqual({
      exitCode: 2,
      lines: [],
      problems: ['pod.yaml: ENOENT: no such file'],
      requests: [],
    });
  });
});
