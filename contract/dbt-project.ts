import { z } from 'zod';

const quantity = z.union([z.string(), z.number()]).transform(String);

/**
 * A DbtProject as the API server gives it, defaults filled in. Mirrors dbtproject.crd.yaml, which is what refuses a bad
 * one; this only turns an unknown value into a typed one.
 */
const repository = z.object({
  url: z.string(),
  subdirectory: z.string().optional(),
  secretName: z.string().optional(),
  username: z.string().default('git'),
  caBundle: z.object({ configMapName: z.string(), key: z.string().default('ca.crt') }).optional(),
  proxy: z.string().optional(),
  depth: z.number().int().default(1),
  submodules: z.boolean().default(false),
});

const credential = z.object({
  secretName: z.string(),
  as: z.enum(['env', 'files']).default('env'),
  keys: z.array(z.string()).optional(),
});

const spec = z.object({
  repository,
  credentials: z.array(credential).default([]),
  environment: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  profiles: z.object({ configMapName: z.string() }).optional(),
  packages: z
    .object({ from: z.enum(['none', 'image', 'install']), path: z.string().optional() })
    .default({ from: 'none' }),
  resources: z.object({
    requests: z.object({ cpu: quantity, memory: quantity, 'ephemeral-storage': quantity.optional() }),
    limits: z.object({
      cpu: quantity.optional(),
      memory: quantity,
      'ephemeral-storage': quantity.optional(),
    }),
  }),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent'),
  timeoutSeconds: z.number().int().default(86_400),
  startTimeoutSeconds: z.number().int().default(900),
  runAsUser: z.number().int().default(65_532),
});

const plan = z.object({
  id: z.string(),
  image: z.string(),
  commit: z.string(),
  phase: z.enum(['Candidate', 'Promoted', 'Failed']),
  createdAt: z.string(),
  createdBy: z.string().optional(),
  finishedAt: z.string().optional(),
  jobName: z.string().optional(),
  jobUID: z.string().optional(),
  message: z.string().optional(),
});

const condition = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  observedGeneration: z.number().optional(),
  lastTransitionTime: z.string(),
  reason: z.string(),
  message: z.string(),
});

const dbtProject = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string().optional(),
    generation: z.number().optional(),
    deletionTimestamp: z.string().optional(),
  }),
  spec,
  status: z
    .object({
      observedGeneration: z.number().optional(),
      plan: z.string().optional(),
      plans: z.array(plan).default([]),
      conditions: z.array(condition).default([]),
    })
    .default({ plans: [], conditions: [] }),
});

export type DbtProject = z.output<typeof dbtProject>;
export type Repository = DbtProject['spec']['repository'];
export type Credential = DbtProject['spec']['credentials'][number];
export type Plan = DbtProject['status']['plans'][number];
export type Condition = DbtProject['status']['conditions'][number];

/** Throws an Error that names each field that is not as the CRD says. */
export function parseDbtProject(value: unknown): DbtProject {
  const parsed = dbtProject.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`not a DbtProject: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
}

/** The plan a pod runs: the one its label asks for, else the one in force; undefined where there is none such. */
export function selectPlan(project: DbtProject, asked: string | undefined): Plan | undefined {
  const id = asked === undefined || asked === '' ? project.status.plan : asked;
  return project.status.plans.find((plan) => plan.id === id);
}
