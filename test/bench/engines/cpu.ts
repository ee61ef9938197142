import { z } from 'zod';
import { eventually } from '../../../examples/demo/wait.ts';
import { request } from '../../e2e/api.ts';
import type { ArmName } from './arm-names.ts';
import { nullNamespace } from './null-webhook.ts';

/** CPU time of one pod's admission, ms, on all cores together. */
export interface Cpu {
  readonly apiServer: number;
  /** Of the pods of the engine; 0 where the API server is the engine. */
  readonly engine: number;
}

const podsOf: Readonly<Partial<Record<ArmName, string>>> = {
  'null webhook': `namespace="${nullNamespace}"`,
  webhook: 'namespace="dbt-jobs-system",pod="dbt-jobs-webhook-[^"]*"',
  'kyverno-cluster-policy': 'namespace="kyverno"',
  'kyverno-mutating-policy': 'namespace="kyverno"',
};

/**
 * What the processes spend on `requests` pods that one arm admits, one after the other: what the machine does beside it does not
 * count, unlike in a time. The kubelet samples its containers every ten seconds or so, so a value is waited for.
 */
export async function measureCpu(
  arm: ArmName,
  requests: number,
  ask: (arm: ArmName) => Promise<number>,
): Promise<Cpu> {
  const [engineBefore, apiServerBefore] = [await engineSeconds(arm), await apiServerSeconds()];
  for (let index = 0; index < requests; index++) await ask(arm);
  const apiServer = (await apiServerSeconds()) - apiServerBefore;
  const engine = (await engineSeconds(arm)) - engineBefore;
  return { apiServer: (apiServer * 1000) / requests, engine: (engine * 1000) / requests };
}

async function apiServerSeconds(): Promise<number> {
  const { body } = await request('GET', '/metrics');
  return Number(/^process_cpu_seconds_total ([0-9.e+]+)$/m.exec(String(body['message']))?.[1]);
}

/** As of now or later. */
async function engineSeconds(arm: ArmName): Promise<number> {
  const pods = podsOf[arm];
  if (pods === undefined) return 0;
  const now = Date.now();
  const [node] = nodes.parse((await request('GET', '/api/v1/nodes')).body).items;
  if (node === undefined) throw new Error('the cluster has no node');
  const line = new RegExp(
    `^container_cpu_usage_seconds_total\\{[^}]*${pods}[^}]*\\} ([0-9.e+]+) ([0-9]+)$`,
    'gm',
  );
  return eventually(`a sample of ${arm}`, 90, async () => {
    const path = `/api/v1/nodes/${node.metadata.name}/proxy/metrics/resource`;
    const samples = [...String((await request('GET', path)).body['message']).matchAll(line)];
    if (samples.length === 0) throw new Error(`the kubelet has no sample of ${pods}`);
    return samples.every(([, , at]) => Number(at) >= now)
      ? samples.reduce((sum, [, seconds]) => sum + Number(seconds), 0)
      : undefined;
  });
}

const nodes = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });
