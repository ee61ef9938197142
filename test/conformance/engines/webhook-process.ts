import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { eventually } from '../../../examples/demo/wait.ts';
import { renewCertificates } from '../../../webhook/certificate-authority.ts';
import { serviceDnsNames } from '../../../webhook/certificates.ts';
import type { Api } from './api.ts';
import { must } from './api.ts';

/** As the chart has them. */
export const webhookConfigurationName = 'dbt-jobs-webhook';
export const webhookNamespace = 'dbt-jobs-system';
export const webhookService = { namespace: webhookNamespace, name: 'dbt-jobs-webhook' } as const;
const secretName = 'dbt-jobs-webhook-certificate';

export interface WebhookProcess {
  readonly port: number;
  /** PEM; it publishes this itself, but only every 20 s. */
  readonly caBundle: string;
  readonly logs: () => string;
  readonly stop: () => Promise<void>;
}

/** webhook/main.ts against the API server of the kubeconfig, ready to be asked at its port of this machine. */
export async function startWebhook(api: Api, gitSyncImage: string): Promise<WebhookProcess> {
  const caBundle = await storeCertificate(api);
  const [port, healthPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [new URL('../../../webhook/main.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: '/usr/bin:/bin',
      KUBECONFIG: api.kubeconfig,
      POD_NAMESPACE: webhookNamespace,
      SERVICE_NAME: webhookService.name,
      CERTIFICATE_SECRET: secretName,
      WEBHOOK_CONFIGURATION: webhookConfigurationName,
      GIT_SYNC_IMAGE: gitSyncImage,
      PORT: String(port),
      HEALTH_PORT: String(healthPort),
      LOG_LEVEL: 'debug',
    },
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    // It has nobody to announce its end to: SIGTERM would take its 10 s for that.
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await eventually('the webhook ready', 30, async () => {
      if (child.exitCode !== null) throw new Error(`the webhook ended: ${lines.join('').slice(-500)}`);
      const answer = await fetch(`http://127.0.0.1:${healthPort}/readyz`).catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, caBundle, stop, logs: () => lines.join('') };
}

/** The Secret that the program would make itself, for one more name: it keeps one that is good. Returns the CA. */
async function storeCertificate(api: Api): Promise<string> {
  const { caBundle, caKey, leaf, leafKey } = await renewCertificates(
    'create',
    undefined,
    [...serviceDnsNames(webhookService.name, webhookNamespace), 'localhost'],
    Date.now(),
  );
  await must(api, [201, 409], 'POST', '/api/v1/namespaces', { metadata: { name: webhookNamespace } });
  const secrets = `/api/v1/namespaces/${webhookNamespace}/secrets`;
  await api.request('DELETE', `${secrets}/${secretName}`);
  await must(api, [201], 'POST', secrets, {
    metadata: { name: secretName },
    stringData: { 'ca.crt': caBundle, 'ca.key': caKey, 'tls.crt': leaf, 'tls.key': leafKey },
  });
  return caBundle;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
