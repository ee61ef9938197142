import { readFile } from 'node:fs/promises';
import { Resolver } from 'node:dns/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ClusterFacts } from './cluster-processes.ts';

export type Check = { name: string; passes: () => Promise<boolean>; log: string };

const requestTimeoutMs = 2_000;

const get = async (
  { paths }: ClusterFacts,
  host: string,
  port: number,
  path: string,
): Promise<string | undefined> => {
  const [ca, cert, key] = await Promise.all(
    ['ca.crt', 'admin.crt', 'admin.key'].map((file) => readFile(join(paths.pki, file))),
  );
  return new Promise((resolve) => {
    const settings = { host, port, path, ca, cert, key, agent: false, timeout: requestTimeoutMs };
    const sent = request(settings, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve(response.statusCode === 200 ? body : undefined));
      response.on('error', () => resolve(undefined));
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(undefined));
    sent.end();
  });
};

const nodeSchema = z.object({
  spec: z.object({ taints: z.array(z.unknown()).optional() }),
  status: z.object({
    conditions: z
      .array(z.object({ type: z.string(), status: z.string(), lastHeartbeatTime: z.iso.datetime() }))
      .optional(),
  }),
});

/**
 * Whether pods can be scheduled now, judged from a Node object. What a kubelet reported before `since` says nothing
 * about the one that runs: a killed one stays Ready for 40 seconds. Heartbeats are in whole seconds.
 */
export const nodeIsReady = (node: unknown, since: Date): boolean => {
  const parsed = nodeSchema.safeParse(node);
  if (!parsed.success) return false;
  const { spec, status } = parsed.data;
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const fresh = ready !== undefined && Date.parse(ready.lastHeartbeatTime) + 999 >= since.getTime();
  // A node that has just become ready still carries the taint that keeps pods away.
  return fresh && ready.status === 'True' && (spec.taints ?? []).length === 0;
};

const dnsAnswers = async ({ plan }: ClusterFacts): Promise<boolean> => {
  const resolver = new Resolver({ timeout: requestTimeoutMs, tries: 1 });
  resolver.setServers([plan.dnsAddress]);
  const addresses = await resolver.resolve4('kubernetes.default.svc.cluster.local').catch((): string[] => []);
  return addresses.includes(plan.kubernetesAddress);
};

export const apiCheck = (facts: ClusterFacts): Check => ({
  name: 'API server',
  log: join(facts.paths.logs, 'kube-apiserver.log'),
  passes: async () => (await get(facts, facts.plan.nodeAddress, 6443, '/readyz')) !== undefined,
});

/**
 * What has to hold before a pod can be made and reached. Services are tried the way a pod's packet goes.
 * `since`: when the kubelet was started; a report of an earlier one does not count.
 */
export const readinessChecks = (facts: ClusterFacts, since: Date): Check[] => {
  const log = (component: string): string => join(facts.paths.logs, `${component}.log`);
  const api = (path: string) => async (): Promise<boolean> =>
    (await get(facts, facts.plan.nodeAddress, 6443, path)) !== undefined;
  return [
    apiCheck(facts),
    {
      name: 'node',
      log: log('kubelet'),
      passes: async () => {
        const body = await get(facts, facts.plan.nodeAddress, 6443, `/api/v1/nodes/${facts.nodeName}`);
        return body !== undefined && nodeIsReady(JSON.parse(body), since);
      },
    },
    {
      name: 'default service account',
      log: log('kube-controller-manager'),
      passes: api('/api/v1/namespaces/default/serviceaccounts/default'),
    },
    {
      name: 'Services',
      log: log('kube-proxy'),
      passes: async () => (await get(facts, facts.plan.kubernetesAddress, 443, '/readyz')) !== undefined,
    },
    { name: 'cluster DNS', log: log('coredns'), passes: () => dnsAnswers(facts) },
  ];
};

export const passing = async (checks: readonly Check[]): Promise<boolean> =>
  (await Promise.all(checks.map((check) => check.passes()))).every(Boolean);

const pollMs = 150;

/** @throws with what is still missing and the log that says why. */
export const waitUntilReady = async (checks: readonly Check[], timeoutMs: number): Promise<void> => {
  const deadline = Date.now() + timeoutMs;
  let waiting = checks;
  for (;;) {
    const passed = await Promise.all(waiting.map((check) => check.passes()));
    waiting = waiting.filter((_, index) => !passed[index]);
    if (waiting.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(
        [
          `Not ready after ${timeoutMs / 1000} s: ${waiting.map((check) => check.name).join(', ')}`,
          ...waiting.map((check) => `Read ${check.log}`),
          'Then start again: what runs is kept, what does not is repaired.',
        ].join('\n'),
      );
    }
    await sleep(pollMs);
  }
};
