import { load, loadAll } from 'js-yaml';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogue } from './catalogue.ts';

const examples = join(import.meta.dirname, '..', '..', 'examples');
const read = (path: string): string => readFileSync(join(examples, path), 'utf8');

describe('examples/jobs', () => {
  const dbtCommands = ['build', 'run', 'test', 'snapshot', 'seed'];
  const pod = (command: string): object => ({
    metadata: { labels: { 'dbt-jobs.io/project': 'shop' } },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'dbt', image: 'plan:current', command: ['dbt', command] }],
    },
  });

  it.each(dbtCommands)(
    '%s.yaml is a Job with the label, plan:current and the command, and nothing else',
    (command) => {
      expect(load(read(`jobs/${command}.yaml`))).toEqual({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { generateName: `${command}-`, namespace: 'acme' },
        spec: { backoffLimit: 0, template: pod(command) },
      });
    },
  );

  it('J22 J25 nightly.yaml is a CronJob that says what happens to late and overlapping starts', () => {
    expect(load(read('jobs/nightly.yaml'))).toEqual({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly', namespace: 'acme' },
      spec: {
        schedule: '0 3 * * *',
        timeZone: 'Europe/Amsterdam',
        startingDeadlineSeconds: 3600,
        concurrencyPolicy: 'Forbid',
        jobTemplate: { spec: { backoffLimit: 0, template: pod('build') } },
      },
    });
  });

  it('has no other file', () => {
    const expected = [...dbtCommands, 'nightly'].map((name) => `${name}.yaml`).toSorted();
    expect(readdirSync(join(examples, 'jobs')).toSorted()).toEqual(expected);
  });
});

describe('examples/cluster', () => {
  const deployment = z.looseObject({
    kind: z.literal('Deployment'),
    metadata: z.object({ name: z.string(), namespace: z.literal('dbt-jobs-demo'), labels: z.unknown() }),
    spec: z.looseObject({
      template: z.looseObject({
        spec: z.looseObject({
          automountServiceAccountToken: z.literal(false),
          securityContext: z.unknown(),
          containers: z.array(z.looseObject({ image: z.string(), securityContext: z.unknown() })),
        }),
      }),
    }),
  });
  const documents = readdirSync(join(examples, 'cluster')).flatMap((file) =>
    loadAll(read(`cluster/${file}`)),
  );
  const deployments = documents.flatMap((document) => deployment.safeParse(document).data ?? []);

  it('has a git server and a warehouse', () => {
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual(['git', 'warehouse']);
  });

  it.each(deployments)(
    '$metadata.name passes Pod Security restricted and runs an image that is built here',
    ({ spec }) => {
      const { securityContext, containers } = spec.template.spec;
      const images = catalogue.map(({ reference }) => reference);
      expect({
        securityContext,
        containers: containers.map((container) => container.securityContext),
      }).toEqual({
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65532,
          runAsGroup: 65532,
          fsGroup: 65532,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        ],
      });
      expect(containers.filter(({ image }) => !images.includes(image))).toEqual([]);
    },
  );
});

describe('examples/changes', () => {
  const changes = readdirSync(join(examples, 'changes'));

  it.each(changes)('%s changes files that the project has', (change) => {
    const files = readdirSync(join(examples, 'changes', change), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(examples, 'changes', change).length + 1));
    const texts = files.map((file) => ({
      file,
      known: existsSync(join(examples, 'project', file)),
      changed: read(`changes/${change}/${file}`) !== read(`project/${file}`),
    }));
    expect(texts).toEqual(files.map((file) => ({ file, known: true, changed: true })));
    expect(files).not.toEqual([]);
  });
});
