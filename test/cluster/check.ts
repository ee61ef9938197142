import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkObjects, webhookObjects } from './check-objects.ts';
import { startDenyingWebhook } from './check-webhook.ts';
import { clusterDown, clusterEnv, clusterUp, loadImages } from './cluster.ts';
import type { ClusterEnv } from './cluster.ts';
import { run } from './command.ts';
import { readSettings } from './config.ts';
import type { Settings } from './config.ts';
import { rememberedFacts } from './embedded.ts';
import { busyboxArchive } from './images/busybox-image.ts';

type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

const kubectlOf =
  ({ kubeconfig, bin }: ClusterEnv, namespace: string): Kubectl =>
  async (args, input) => {
    const all = ['--kubeconfig', kubeconfig, '--namespace', namespace, ...args];
    const { stdout, stderr } = await run(`${bin}/kubectl`, all, input === undefined ? {} : { input });
    return (stdout + stderr).trim();
  };

export type Facts = {
  settings: Settings;
  env: ClusterEnv;
  kubectl: Kubectl;
  namespace: string;
  hostAddress: string;
  auditLog: string;
};

/** What demo and tests rely on, in an embedded cluster that is up. What was seen, and what should have been: a pattern, so that the rest of an answer may vary. */
export type Check = { name: string; expected: RegExp; see: (facts: Facts) => Promise<string> };

const clusterIp = ({ kubectl }: Facts): Promise<string> =>
  kubectl(['get', 'service', 'web', '--output', 'jsonpath={.spec.clusterIP}']);

const fetchText = (url: string): Promise<string> =>
  fetch(url, { signal: AbortSignal.timeout(3_000) }).then((response) => response.text());

const inWeb = ({ kubectl }: Facts, command: string): Promise<string> =>
  kubectl(['exec', 'web', '--', 'sh', '-c', command]);

const throughPortForward = async ({ env, namespace }: Facts): Promise<string> => {
  const args = ['--kubeconfig', env.kubeconfig, '--namespace', namespace, 'port-forward', 'pod/web', ':8080'];
  const forward = spawn(`${env.bin}/kubectl`, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const said = (await once(forward.stdout, 'data', { signal: AbortSignal.timeout(5_000) })).join('');
    const port = /127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? '';
    return await fetchText(`http://127.0.0.1:${port}/index.html`);
  } finally {
    forward.kill();
  }
};

/** The API server has to find the webhook by its Service: cluster address, iptables, and out to the host. */
const throughWebhook = async ({ kubectl, namespace, hostAddress }: Facts): Promise<string> => {
  const webhook = await startDenyingWebhook(hostAddress, `webhook.${namespace}.svc`, 'the webhook was here');
  try {
    const { port, certificate } = webhook;
    await kubectl(
      ['apply', '--filename', '-'],
      webhookObjects({ namespace, address: hostAddress, port, certificate }),
    );
    const deadline = Date.now() + 10_000;
    for (;;) {
      const answer = await kubectl(['create', 'configmap', `denied-${Date.now()}`]);
      if (answer.includes('the webhook was here') || Date.now() > deadline) return answer;
      await sleep(200);
    }
  } finally {
    await kubectl(['delete', 'validatingwebhookconfiguration', namespace, '--ignore-not-found']);
    webhook.stop();
  }
};

/** The same cluster, given: it is found ready, takes an image, and survives being taken down. */
const asGiven = async ({ settings, env }: Facts): Promise<string> => {
  const given = { ...settings, clusterName: 'given', givenKubeconfig: env.kubeconfig };
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const cluster = await clusterUp(given, log);
  await loadImages(given, [await busyboxArchive(settings.cacheDir)], log);
  await clusterDown(given, log);
  const after = await clusterUp(settings, log);
  return `${cluster.source}, started ${cluster.started.length + after.started.length}; ${lines.join('; ')}`;
};

export const checks: readonly Check[] = [
  {
    name: 'a pod at the restricted level, with fsGroup and a probe, gets ready',
    expected: /^pod\/web condition met$/,
    see: ({ kubectl }) => kubectl(['wait', 'pod/web', '--for=condition=Ready', '--timeout=30s']),
  },
  { name: 'logs are read', expected: /^started$/, see: ({ kubectl }) => kubectl(['logs', 'web']) },
  {
    name: 'a command is executed, and the volume belongs to the fsGroup',
    expected: /^uid=1000 .*groups=.*2000[^]*\b2000\b.*index\.html/,
    see: (facts) => inWeb(facts, 'id; ls -ln /data'),
  },
  {
    name: 'seccomp filters the container',
    expected: /^Seccomp:\s+2$/m,
    see: (facts) => inWeb(facts, 'cat /proc/1/status'),
  },
  { name: 'a port is forwarded', expected: /^hello$/m, see: throughPortForward },
  {
    name: 'the API server reaches a pod',
    expected: /^hello$/,
    see: ({ kubectl, namespace }) =>
      kubectl(['get', '--raw', `/api/v1/namespaces/${namespace}/services/web:80/proxy/`]),
  },
  {
    name: 'the host reaches a Service',
    expected: /^hello$/m,
    see: async (facts) => fetchText(`http://${await clusterIp(facts)}/index.html`),
  },
  {
    name: 'a pod reaches a Service, even its own',
    expected: /^hello$/m,
    see: async (facts) =>
      inWeb(facts, `printf 'GET /index.html HTTP/1.0\\r\\n\\r\\n' | nc -w 3 ${await clusterIp(facts)} 80`),
  },
  {
    name: 'a pod resolves a Service by name',
    expected: /same address/,
    see: async (facts) => {
      const answer = await inWeb(facts, `nslookup web.${facts.namespace}.svc.cluster.local`);
      return answer.includes(`Address: ${await clusterIp(facts)}`) ? 'same address' : answer;
    },
  },
  {
    name: 'a pod reaches the API server',
    expected: /^open$/,
    see: (facts) =>
      inWeb(facts, 'nc -w 3 $KUBERNETES_SERVICE_HOST $KUBERNETES_SERVICE_PORT </dev/null && echo open'),
  },
  {
    name: 'the API server calls a webhook by its Service',
    expected: /denied the request: the webhook was here/,
    see: throughWebhook,
  },
  {
    name: 'a memory limit ends a container as OOMKilled',
    expected: /^OOMKilled 137$/,
    see: async ({ kubectl }) => {
      await kubectl(['wait', 'job/hungry', '--for=condition=Failed', '--timeout=30s']);
      const state = '{.items[0].status.containerStatuses[0].state.terminated';
      return kubectl([
        'get',
        'pods',
        '--selector=job-name=hungry',
        '--output',
        `jsonpath=${state}.reason} ${state}.exitCode}`,
      ]);
    },
  },
  {
    name: 'the level is enforced',
    expected: /violates PodSecurity "restricted:latest"/,
    see: ({ kubectl }) => kubectl(['run', 'rootlike', '--image=none', '--restart=Never']),
  },
  {
    name: 'the API server has its own admission policies',
    expected: /mutatingadmissionpolicies[^]*validatingadmissionpolicies/,
    see: ({ kubectl }) =>
      kubectl(['api-resources', '--api-group=admissionregistration.k8s.io', '--output=name']),
  },
  {
    name: 'pods and Jobs are audited with their bodies',
    expected: /^audited$/,
    see: async ({ auditLog, namespace }) => {
      const lines = (await readFile(auditLog, 'utf8')).split('\n');
      const body = (line: string): boolean =>
        line.includes(`"namespace":"${namespace}"`) && line.includes('requestObject');
      return lines.some(body) ? 'audited' : `no body among ${lines.length} lines`;
    },
  },
  {
    name: 'given by its kubeconfig it is used and left alone',
    expected: /^given, started 0; .*Loaded dbt-jobs\.io\/busybox:1.*left alone/,
    see: asGiven,
  },
];

/** Makes the objects that the checks look at; `close` removes them. @throws for a cluster that is not embedded. */
export const openChecks = async (): Promise<{ facts: Facts; close: () => Promise<void> }> => {
  const settings = readSettings();
  const env = await clusterEnv(settings);
  const remembered = await rememberedFacts(settings);
  if (!remembered)
    throw new Error(`Cluster ${settings.clusterName} is not an embedded one: only that can be checked`);
  const namespace = `check-${Date.now()}`;
  const kubectl = kubectlOf(env, namespace);
  const { plan, paths } = remembered;
  await loadImages(settings, [await busyboxArchive(settings.cacheDir)], () => undefined);
  await kubectl(['apply', '--filename', '-'], checkObjects(namespace));
  return {
    facts: { settings, env, kubectl, namespace, hostAddress: plan.hostAddress, auditLog: paths.auditLog },
    close: async () => {
      await kubectl(['delete', 'namespace', namespace, '--wait=false']);
    },
  };
};
