import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { eventually } from '../../../examples/demo/wait.ts';
import type { Json } from '../json.ts';
import { fieldsAt, isJson, listAt, textAt } from '../json.ts';
import type { Api } from './api.ts';
import { must } from './api.ts';
import type { Engine } from './engine.ts';
import type { LogSource } from './logs.ts';
import { podLogs } from './logs.ts';
import type { SharedServer } from './server.ts';
import { serverEngine } from './server-engine.ts';
import type { WebhookProcess } from './webhook-process.ts';
import { startWebhook, webhookConfigurationName, webhookNamespace } from './webhook-process.ts';

const configurations = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
const seconds = 60;

/** The webhook that the chart installed; on an API server of this machine that has none, the program itself. */
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
      if (!/^https:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(api.address)) {
        return { notRun: 'the webhook is not installed: install the chart with engine: webhook' };
      }
      const program = await startWebhook(api, gitSyncImage);
      const stop = async (): Promise<void> => {
        await api.request('DELETE', `${configurations}/${webhookConfigurationName}`);
        await program.stop();
      };
      try {
        await register(api, program);
        await work();
      } catch (error) {
        await stop();
        throw error;
      }
      return { stop, logs: program.logs };
    },
  });
}

/** The configuration that the chart ships, but for the address: there is no Service without a cluster. */
async function register(api: Api, { port, caBundle }: WebhookProcess): Promise<void> {
  await api.request('DELETE', `${configurations}/${webhookConfigurationName}`);
  const shipped = chartConfiguration();
  const webhooks = listAt(shipped, 'webhooks').map((webhook) => ({
    ...(isJson(webhook) ? webhook : {}),
    clientConfig: {
      url: `https://localhost:${port}${textAt(webhook, 'clientConfig', 'service', 'path') ?? ''}`,
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
