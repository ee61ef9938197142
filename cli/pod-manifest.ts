import { loadAll } from 'js-yaml';
import { z } from 'zod';

const metadata = z.looseObject({
  name: z.string().optional(),
  generateName: z.string().optional(),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

const template = z.looseObject({ metadata: metadata.default({}), spec: z.looseObject({}) });
const pod = z.looseObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Pod'),
  metadata,
  spec: z.looseObject({}),
});
const job = z.object({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('Job'),
  metadata,
  spec: z.object({ template }),
});
const cronJob = z.object({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('CronJob'),
  metadata,
  spec: z.object({ jobTemplate: z.object({ spec: z.object({ template }) }) }),
});

export type Pod = z.output<typeof pod>;

export interface PodManifest {
  readonly pod: Pod;
  /** Of the manifest; undefined where it names none. */
  readonly namespace: string | undefined;
  /** The pod stands in the template of a Job or CronJob. */
  readonly templateOf: string | undefined;
}

/** The manifest is no single Pod, Job or CronJob. The message says what is allowed. */
export class BadManifest extends Error {
  override readonly name = 'BadManifest';
}

export function parsePodManifest(text: string): PodManifest {
  const parsed = z
    .discriminatedUnion('kind', [pod, job, cronJob], {
      error: 'must be one of "Pod", "Job" and "CronJob"',
    })
    .safeParse(onlyDocument(text));
  if (!parsed.success) {
    throw new BadManifest(
      parsed.error.issues
        .map(
          (issue) => `${issue.path.length === 0 ? 'the manifest' : issue.path.join('.')}: ${issue.message}`,
        )
        .join('\n'),
    );
  }
  const manifest = parsed.data;
  const namespace = manifest.metadata.namespace;
  switch (manifest.kind) {
    case 'Pod':
      return { pod: manifest, namespace, templateOf: undefined };
    case 'Job':
      return fromTemplate(manifest, manifest.spec.template);
    case 'CronJob':
      return fromTemplate(manifest, manifest.spec.jobTemplate.spec.template);
  }
}

function onlyDocument(text: string): unknown {
  let documents: unknown[];
  try {
    documents = loadAll(text).filter((document) => document !== undefined && document !== null);
  } catch (error) {
    throw new BadManifest(`is no YAML: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (documents.length === 1) return documents[0];
  throw new BadManifest(`has ${documents.length} documents: one Pod, Job or CronJob is explained at a time`);
}

function fromTemplate(
  owner: z.output<typeof job> | z.output<typeof cronJob>,
  { metadata: own, spec }: z.output<typeof template>,
): PodManifest {
  const name = owner.metadata.name ?? owner.metadata.generateName ?? 'pod';
  return {
    pod: { apiVersion: 'v1', kind: 'Pod', metadata: { ...own, generateName: `${name}-` }, spec },
    namespace: owner.metadata.namespace,
    templateOf: `${owner.kind} ${name}`,
  };
}
