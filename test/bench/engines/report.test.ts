import { expect, it } from 'vitest';
import { armNames } from './arm-names.ts';
import type { Cpu } from './cpu.ts';
import { renderReport } from './report.ts';

it('engines.md tells what the engine adds by itself, as a multiple of the null webhook', () => {
  const adds = [0, 4, 1, 5, 17, 9, 3];
  const text = renderReport({
    plan: { rounds: 3, requests: 10, warmUp: 1 },
    cpuRequests: 100,
    server: 'Kubernetes v1.36.3',
    kyverno: 'Kyverno v1.19.1',
    cores: 2,
    times: armNames.map((name, index) => {
      const added = adds[index] ?? 0;
      return { name, whole: [10 + added, 9 + added, 12 + added], added: [added, added, added] };
    }),
    cpu: new Map<(typeof armNames)[number], Cpu>([
      ['no engine', { apiServer: 4, engine: 0 }],
      ['webhook', { apiServer: 6, engine: 1.5 }],
    ]),
  });
  expect(text.slice(text.indexOf('| arm')))
    .toBe(`| arm                       | whole            | added            | own              | × null        |
| ------------------------- | ---------------- | ---------------- | ---------------- | ------------- |
| no engine                 | 10.0 (9.0–12.0)  |                  |                  |               |
| null webhook              | 14.0 (13.0–16.0) | 4.0 (4.0–4.0)    |                  |               |
| backstop alone            | 11.0 (10.0–13.0) | 1.0 (1.0–1.0)    |                  |               |
| webhook                   | 15.0 (14.0–17.0) | 5.0 (5.0–5.0)    | 4.0 (4.0–4.0)    | 1.0 (1.0–1.0) |
| kyverno-cluster-policy    | 27.0 (26.0–29.0) | 17.0 (17.0–17.0) | 16.0 (16.0–16.0) | 4.0 (4.0–4.0) |
| kyverno-mutating-policy   | 19.0 (18.0–21.0) | 9.0 (9.0–9.0)    | 8.0 (8.0–8.0)    | 2.0 (2.0–2.0) |
| mutating-admission-policy | 13.0 (12.0–15.0) | 3.0 (3.0–3.0)    | 2.0 (2.0–2.0)    | 0.5 (0.5–0.5) |

## CPU

CPU time of one pod, ms, from 100 requests of each arm in a row: of the API server, and of the engine's own pods.

| arm       | API server | engine | both | above no engine |
| --------- | ---------- | ------ | ---- | --------------- |
| no engine | 4.0        |        | 4.0  |                 |
| webhook   | 6.0        | 1.5    | 7.5  | 3.5             |
`);
});
