import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chartConfiguration } from './webhook.ts';

const selector = z.object({ matchExpressions: z.array(z.unknown()) });
const configuration = z.object({
  kind: z.literal('MutatingWebhookConfiguration'),
  webhooks: z.array(
    z.object({
      name: z.string(),
      failurePolicy: z.string(),
      namespaceSelector: selector,
      objectSelector: selector.optional(),
      matchConditions: z.array(z.unknown()).optional(),
    }),
  ),
});

describe('the configuration of a webhook without a cluster', () => {
  const inCharge = {
    matchExpressions: [
      { key: 'dbt-jobs.io/engine', operator: 'In', values: ['webhook'] },
      {
        key: 'kubernetes.io/metadata.name',
        operator: 'NotIn',
        values: ['kube-system', 'dbt-jobs-system'],
      },
    ],
  };
  it('has the selectors and policies that the chart ships', () => {
    const { webhooks } = configuration.parse(chartConfiguration());
    expect(webhooks.map(({ name, failurePolicy }) => [name, failurePolicy])).toEqual([
      ['pods.dbt-jobs.io', 'Fail'],
      ['jobs.dbt-jobs.io', 'Ignore'],
      ['cronjobs.dbt-jobs.io', 'Ignore'],
    ]);
    expect(webhooks.map(({ namespaceSelector }) => namespaceSelector)).toEqual([
      inCharge,
      inCharge,
      inCharge,
    ]);
    expect(webhooks.map((one) => [one.objectSelector, one.matchConditions?.length])).toEqual([
      [{ matchExpressions: [{ key: 'dbt-jobs.io/project', operator: 'Exists' }] }, undefined],
      [undefined, 1],
      [undefined, 1],
    ]);
  });
  it('keeps no directive of the template', () => {
    expect(JSON.stringify(chartConfiguration())).not.toContain('{{');
  });
});
