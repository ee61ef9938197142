import { z } from 'zod';
import type { CronJob, Job, Pod } from './mutate/pod.ts';

/**
 * Guards for the objects of a review. They check what the mutations read and nothing more, and return the object
 * received itself: a copy would lose fields of a newer API.
 */
const strings = z.record(z.string(), z.string());
const metadata = z.looseObject({ labels: strings.optional(), annotations: strings.optional() });
const quantities = z.record(z.string(), z.union([z.string(), z.number()]));
const keyToPath = z.looseObject({ key: z.string(), path: z.string() });
const seccompProfile = z.looseObject({ type: z.string() }).optional();

const securityContext = z.looseObject({
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.number().optional(),
  runAsGroup: z.number().optional(),
  privileged: z.boolean().optional(),
  allowPrivilegeEscalation: z.boolean().optional(),
  capabilities: z
    .looseObject({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() })
    .optional(),
  seccompProfile,
});

const environment = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .looseObject({
      secretKeyRef: z.looseObject({ name: z.string().optional(), key: z.string() }).optional(),
    })
    .optional(),
});

const environmentSource = z.looseObject({
  prefix: z.string().optional(),
  secretRef: z.looseObject({ name: z.string().optional() }).optional(),
});

const container = z.looseObject({
  name: z.string(),
  image: z.string().optional(),
  imagePullPolicy: z.string().optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  workingDir: z.string().optional(),
  env: z.array(environment).optional(),
  envFrom: z.array(environmentSource).optional(),
  resources: z.looseObject({ requests: quantities.optional(), limits: quantities.optional() }).optional(),
  securityContext: securityContext.optional(),
  volumeMounts: z
    .array(z.looseObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }))
    .optional(),
});

const mode = z.number().optional();
const items = z.array(keyToPath).optional();
const volume = z.looseObject({
  name: z.string(),
  emptyDir: z.looseObject({}).optional(),
  secret: z.looseObject({ secretName: z.string().optional(), defaultMode: mode, items }).optional(),
  configMap: z.looseObject({ name: z.string().optional(), defaultMode: mode, items }).optional(),
});

const pod = z.looseObject({
  metadata: metadata.optional(),
  spec: z.looseObject({
    containers: z.array(container).nullish(),
    initContainers: z.array(container).optional(),
    volumes: z.array(volume).optional(),
    restartPolicy: z.string().optional(),
    os: z.looseObject({ name: z.string() }).optional(),
    nodeSelector: strings.optional(),
    hostNetwork: z.boolean().optional(),
    hostPID: z.boolean().optional(),
    hostIPC: z.boolean().optional(),
    securityContext: z
      .looseObject({
        runAsNonRoot: z.boolean().optional(),
        runAsUser: z.number().optional(),
        fsGroup: z.number().optional(),
        seccompProfile,
      })
      .optional(),
  }),
});

const job = z.looseObject({
  metadata: metadata.optional(),
  spec: z.looseObject({
    activeDeadlineSeconds: z.number().optional(),
    ttlSecondsAfterFinished: z.number().optional(),
    template: z.looseObject({ metadata: metadata.optional() }),
  }),
});

const cronJob = z.looseObject({
  metadata: metadata.optional(),
  spec: z.looseObject({
    jobTemplate: z.looseObject({
      spec: z.looseObject({ template: z.looseObject({ metadata: metadata.optional() }) }),
    }),
  }),
});

export function isPod(value: unknown): value is Pod {
  return pod.safeParse(value).success;
}

export function isJob(value: unknown): value is Job {
  return job.safeParse(value).success;
}

export function isCronJob(value: unknown): value is CronJob {
  return cronJob.safeParse(value).success;
}
