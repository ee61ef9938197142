import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { eventually } from '../../../examples/demo/wait.ts';
import { readSettings } from '../../cluster/config.ts';
import { embeddedClusterOf } from '../../cluster/kubeconfig.ts';
import type { Json } from '../json.ts';
import { fieldsAt, isJson, listAt, textAt } from '../json.ts';
import type { Api } from './api.ts';
import { must } from './api.ts';
import type { Engine } from './engine.ts';
import { makeHostService, removeHostService } from './host-service.ts';
import type { LogSource } from './logs.ts';
import { podLogs } from './logs.ts';
import type { SharedServer } from './server.ts';
import { serverEngine } from './server-engine.ts';
import type { WebhookProcess } from './webhook-process.ts';
import {
  startWebhook,
  webhookConfigurationName,
  webhookNamespace,
  webhookService,
} from './webhook-process.ts';

const configurations = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
const seconds = 60;

/** The webhook that the chart installed; on an API server of this machine that has none, the program itself, from here. */
export function webhookEngine(shared: SharedServer, logs: readonly LogSource[]): Engine {
  return serverEngine({
    name: 'webhook',
    shared,
    logs: [...logs, podLogs(webhookNamespace)],
    installEngine: async ({ api, gitSyncImage }, atWork) => {
      const { status, body } = await api.request('GET', `${configurations}/${webhookConfigurationName}`);
      const work = () =>
        eventually('the webhook at work', seconds, async () => ((await atWork()) ? true : undefined));
      if (
        status === 200 &&
        fieldsAt(listAt(body, 'webhooks')[0], 'clientConfig', 'service')['name'] !== undefined
      ) {
        await work();
        return {};
      }
      const way = await wayBack(api);
      if (way === 'none') {
        return { notRun: 'the webhook is not installed: install the chart with engine: webhook' };
      }
      const program = await startWebhook(api, gitSyncImage);
      const stop = async (): Promise<void> => {
        await api.request('DELETE', `${configurations}/${webhookConfigurationName}`);
        if (way === 'Service') await removeHostService(api, webhookService);
        await program.stop();
      };
      try {
        if (way === 'Service') await makeHostService(api, { ...webhookService, port: program.port });
        await register(api, program, way);
        await work();
      } catch (error) {
        await stop();
        throw error;
      }
      return { stop, logs: program.logs };
    },
  });
}

/** How an API server reaches a process of this machine: a bare one by its port, an embedded cluster by a Service. */
async function wayBack({ address, kubeconfig }: Api): Promise<'port' | 'Service' | 'none'> {
  if (/^https:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(address)) return 'port';
  return (await embeddedClusterOf(readSettings(), kubeconfig)) === undefined ? 'none' : 'Service';
}

/** The configuration that the chart ships, but for the address where there is no Service. */
async function register(
  api: Api,
  { port, caBundle }: WebhookProcess,
  way: 'port' | 'Service',
): Promise<void> {
  await api.request('DELETE', `${configurations}/${webhookConfigurationName}`);
  const shipped = chartConfiguration();
  const webhooks = listAt(shipped, 'webhooks').map((webhook) => ({
    ...(isJson(webhook) ? webhook : {}),
    clientConfig: {
      ...(way === 'Service'
        ? fieldsAt(webhook, 'clientConfig')
        : { url: `https://localhost:${port}${textAt(webhook, 'clientConfig', 'service', 'path') ?? ''}` }),
      caBundle: Buffer.from(caBundle).toString('base64'),
    },
  }));
  await must(api, [201], 'POST', configurations, {
    ...shipped,
    metadata: { name: webhookConfigurationName },
    webhooks,
  });
}

/** The chart's template without its directives, as for the namespace that the chart asks for. */
export function chartConfiguration(): Json {
  const path = new URL('../../../manifests/chart/templates/webhook/configuration.yaml', import.meta.url);
  const text = readFileSync(path, 'utf8')
    .replaceAll(/^\{\{[^\n]*\}\}\n/gm, '')
    .replaceAll(/\{\{-? include [^\n]*\}\}/g, '{}')
    .replaceAll(/\{\{ \.Release\.Namespace \}\}/g, webhookNamespace);
  const parsed = load(text);
  if (!isJson(parsed)) throw new Error('the chart has no webhook configuration');
  return parsed;
}
