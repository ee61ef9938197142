import { z } from 'zod';
import { annotations } from '../../contract/names.ts';
import { runTemplate, type RunTemplate } from '../../contract/run-template.ts';

const strings = z.record(z.string(), z.string()).nullish();
const owner = z.object({ kind: z.string(), name: z.string(), uid: z.string() });
const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  creationTimestamp: z.string(),
  deletionTimestamp: z.string().nullish(),
  labels: strings,
  annotations: strings,
  ownerReferences: z.array(owner).nullish(),
});

const condition = z.object({ type: z.string(), status: z.string() });
const job = z.looseObject({
  metadata,
  spec: z.looseObject({ suspend: z.boolean().nullish() }),
  status: z.object({ conditions: z.array(condition).nullish() }).nullish(),
});
const pod = z.looseObject({ metadata, status: z.object({ phase: z.string().nullish() }).nullish() });

type Metadata = z.output<typeof metadata>;

/** A run as Kubernetes has it now. */
export interface LiveRun {
  readonly kind: 'Job' | 'Pod';
  readonly metadata: Metadata;
  readonly ended: boolean;
  /** Nothing of it starts, and its deadline does not come. */
  readonly suspended: boolean;
  readonly cancelledBy: string | undefined;
  /** Of a Job: what another run can be made from. */
  readonly template: RunTemplate | undefined;
}

/** Throws a ZodError for what is no Job. */
export function parseLiveJob(value: unknown): LiveRun & { readonly template: RunTemplate } {
  const { metadata: found, spec, status } = job.parse(value);
  const ended = (status?.conditions ?? []).some(
    ({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True',
  );
  return {
    kind: 'Job',
    metadata: found,
    ended,
    suspended: spec.suspend ?? false,
    cancelledBy: found.annotations?.[annotations.cancelledBy],
    template: runTemplate.parse(value),
  };
}

/** Throws a ZodError for what is no Pod. */
export function parseLivePod(value: unknown): LiveRun {
  const { metadata: found, status } = pod.parse(value);
  return {
    kind: 'Pod',
    metadata: found,
    ended: status?.phase === 'Succeeded' || status?.phase === 'Failed',
    suspended: false,
    cancelledBy: found.annotations?.[annotations.cancelledBy],
    template: undefined,
  };
}

/** The CronJob that a run belongs to, whether it controls it or not. */
export function cronJobOf({ ownerReferences }: Metadata): z.output<typeof owner> | undefined {
  return ownerReferences?.find(({ kind }) => kind === 'CronJob');
}
