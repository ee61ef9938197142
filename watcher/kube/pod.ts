import { z } from 'zod';
import { annotations, containers } from '../../contract/names.ts';
import { chooseDbtContainer } from './dbt-container.ts';
import { boundedWords, rawWords } from './container-words.ts';
import { controllerOf, metadata } from './metadata.ts';

const terminated = z.object({
  exitCode: z.number(),
  signal: z.number().nullish(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  startedAt: z.string().nullish(),
  finishedAt: z.string().nullish(),
});

/** One for all that have none: thousands of pods are kept at once. */
const none: readonly never[] = [];

const state = z
  .object({
    waiting: z.object({ reason: z.string().nullish(), message: z.string().nullish() }).nullish(),
    running: z.object({ startedAt: z.string().nullish() }).nullish(),
    terminated: terminated.nullish(),
  })
  .nullish()
  .transform((found) => (found?.waiting || found?.running || found?.terminated ? found : undefined));

const containerStatus = z.object({
  name: z.string(),
  image: z.string().nullish(),
  restartCount: z.number().nullish(),
  state,
  lastState: state,
});

const statuses = z
  .array(containerStatus)
  .nullish()
  .transform((list): readonly z.output<typeof containerStatus>[] => list ?? none);

const container = z
  .object({ name: z.string(), image: z.string().nullish(), ...rawWords })
  .transform(({ command, args, ...rest }) => ({ ...rest, words: boundedWords(command, args) }));

const refFlag = '--ref=';

const initContainer = z
  .object({
    name: z.string(),
    image: z.string().nullish(),
    restartPolicy: z.string().nullish(),
    args: rawWords.args,
  })
  .transform(({ args, ...rest }) => ({ ...rest, ...(rest.name === containers.gitSync && refOf(args)) }));

/** What git-sync checks out: the commit of the plan. */
function refOf(args: readonly string[] | null | undefined): { readonly ref?: string } {
  const ref = args?.find((arg) => arg.startsWith(refFlag))?.slice(refFlag.length, refFlag.length + 128);
  return ref ? { ref } : {};
}

const volume = z.object({
  name: z.string(),
  secret: z.object({ secretName: z.string().nullish() }).nullish(),
  configMap: z.object({ name: z.string().nullish() }).nullish(),
});

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  lastTransitionTime: z.string().nullish(),
});

/** The others say what the states of the containers say too. */
const toldConditions = new Set(['PodScheduled', 'DisruptionTarget']);

const pod = z.object({
  metadata,
  spec: z.object({
    nodeName: z.string().nullish(),
    activeDeadlineSeconds: z.number().nullish(),
    initContainers: z
      .array(initContainer)
      .nullish()
      .transform((list): readonly z.output<typeof initContainer>[] => list ?? none),
    containers: z.array(container),
    volumes: z
      .array(volume)
      .nullish()
      // Only those that a kubelet may miss something for.
      .transform((list): readonly z.output<typeof volume>[] => {
        const told = list?.filter(({ secret, configMap }) => secret || configMap) ?? none;
        return told.length === 0 ? none : told;
      }),
  }),
  status: z
    .object({
      phase: z.string().nullish(),
      reason: z.string().nullish(),
      message: z.string().nullish(),
      startTime: z.string().nullish(),
      conditions: z.array(condition).nullish(),
      initContainerStatuses: statuses,
      containerStatuses: statuses,
    })
    .prefault({})
    .transform((status) => ({
      ...status,
      conditions: (status.conditions ?? []).filter(({ type }) => toldConditions.has(type)),
    })),
});

/** A Pod as the watcher keeps it: no environment, no body, and of a command only so much. */
export type Pod = z.output<typeof pod> & { readonly kind: 'Pod' };
export type ContainerStatus = z.output<typeof containerStatus>;
export type Terminated = z.output<typeof terminated>;

const madeByJob = z.object({
  metadata: z.object({
    labels: z.object({
      'batch.kubernetes.io/controller-uid': z.string().min(1),
      'batch.kubernetes.io/job-name': z.string(),
    }),
  }),
});

/**
 * A pod of a Job that was deleted without its pods (`--cascade=orphan`, the default of the bare API) has no owner any more:
 * only its labels tell of what run it is an attempt. Throws a ZodError for what is no Pod.
 */
export function parsePod(value: unknown): Pod {
  const parsed: Pod = { kind: 'Pod', ...pod.parse(value) };
  if (controllerOf(parsed) !== undefined) return parsed;
  const labels = madeByJob.safeParse(value).data?.metadata.labels;
  if (labels === undefined) return parsed;
  const [name, uid] = [labels['batch.kubernetes.io/job-name'], labels['batch.kubernetes.io/controller-uid']];
  const { metadata } = parsed;
  const ownerReferences = [...metadata.ownerReferences, { kind: 'Job', name, uid, controller: true }];
  return { ...parsed, metadata: { ...metadata, ownerReferences } };
}

/** The container that runs dbt (C3), where the pod tells. */
export function dbtContainerOf(of: Pod): string | undefined {
  return chooseDbtContainer(of.metadata.annotations[annotations.container], of.spec.containers)?.name;
}

/** How the container ended; with restartPolicy OnFailure, how its last execution did. */
export function endOfContainer(status: ContainerStatus | undefined): Terminated | undefined {
  return status?.state?.terminated ?? status?.lastState?.terminated ?? undefined;
}

export function hasStarted(status: ContainerStatus | undefined): boolean {
  return Boolean(status?.state?.running) || endOfContainer(status) !== undefined;
}

export function statusOf(of: Pod, name: string | undefined): ContainerStatus | undefined {
  return [...of.status.initContainerStatuses, ...of.status.containerStatuses].find(
    (status) => status.name === name,
  );
}

export function hasEnded(of: Pod): boolean {
  return of.status.phase === 'Succeeded' || of.status.phase === 'Failed';
}
