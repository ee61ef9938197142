import { availableParallelism } from 'node:os';
import { request } from '../../e2e/api.ts';
import type { EveryEngine } from '../../e2e/every-engine.ts';
import { installEveryEngine } from '../../e2e/every-engine.ts';
import type { ArmName } from './arm-names.ts';
import { armNames } from './arm-names.ts';
import { makeArms, removeArms, send } from './arms.ts';
import type { Cpu } from './cpu.ts';
import { measureCpu } from './cpu.ts';
import type { Plan } from './measure.ts';
import { measure } from './measure.ts';
import { installNullWebhook, removeNullWebhook } from './null-webhook.ts';
import type { Measured } from './report.ts';

export interface Wanted extends Plan {
  /** Requests of each arm for its CPU time. */
  readonly cpuRequests: number;
}

/**
 * Measures every engine in the cluster of CLUSTER_NAME, in which the chart and Kyverno are installed, and leaves it as it was.
 *
 * @throws where an engine cannot be had, or does not give the pod that the others give
 */
export async function measureEngines(wanted: Wanted, tell: (line: string) => void): Promise<Measured> {
  tell('1/4  Every engine and the null webhook');
  const installed = await installEveryEngine();
  try {
    await installNullWebhook(installed);
    tell('2/4  What each arm makes of the pod');
    const arms = await makeArms();
    const ask = async (name: ArmName): Promise<number> => {
      const object = arms.find((arm) => arm.name === name)?.pod ?? {};
      const start = performance.now();
      const { status } = await send(name, object);
      const took = performance.now() - start;
      if (status !== 201) throw new Error(`${name}: status ${status}`);
      return took;
    };
    tell(`3/4  Time: ${wanted.rounds} rounds of ${wanted.requests} requests for each of ${arms.length} arms`);
    const times = await measure(armNames, wanted, ask);
    tell(`4/4  CPU: ${wanted.cpuRequests} requests for each`);
    const cpu = new Map<ArmName, Cpu>();
    for (const name of armNames) cpu.set(name, await measureCpu(name, wanted.cpuRequests, ask));
    const { body } = await request('GET', '/version');
    return {
      plan: wanted,
      times,
      cpu,
      cpuRequests: wanted.cpuRequests,
      server: `Kubernetes ${String(body['gitVersion'])}`,
      kyverno: await kyvernoVersion(installed),
      cores: availableParallelism(),
    };
  } finally {
    await removeArms();
    await removeNullWebhook(installed);
    await installed.restore();
  }
}

async function kyvernoVersion({ commands }: EveryEngine): Promise<string> {
  const image = '--output=jsonpath={.spec.template.spec.containers[0].image}';
  const found = await commands.kubectl(
    'get',
    'deployment/kyverno-admission-controller',
    '-n',
    'kyverno',
    image,
  );
  return `Kyverno ${/:(v[0-9.]+)/.exec(found)?.[1] ?? 'of an unknown version'}`;
}
