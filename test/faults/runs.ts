import { z } from 'zod';
import { finalizer } from '../../contract/names.ts';
import { eventually } from '../../examples/demo/wait.ts';
import { busyboxImage } from '../cluster/images/busybox-image.ts';
import { create, type Json, pathOf, request } from '../e2e/api.ts';

const kubeObject = z.looseObject({
  metadata: z.looseObject({
    uid: z.string(),
    name: z.string(),
    finalizers: z.array(z.string()).default([]),
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
});
export type KubeObject = z.output<typeof kubeObject>;
const list = z.object({ items: z.array(kubeObject) });

/** A pod template whose dbt container is a shell; no engine is there to supply more. */
export function template(script: string, spec: Json = {}, container: Json = {}): Json {
  const dbt = {
    name: 'dbt',
    image: busyboxImage,
    imagePullPolicy: 'Never',
    command: ['sh', '-c', script],
    ...container,
  };
  return {
    metadata: { labels: { 'dbt-jobs.io/project': 'shop' } },
    spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [dbt], ...spec },
  };
}

/** Makes a Job whose dbt runs the script; the answer is its UID. */
export async function makeJob(
  namespace: string,
  name: string,
  script: string,
  spec: Json = {},
): Promise<string> {
  const made = await create('Job', namespace, {
    metadata: { name, labels: { 'dbt-jobs.io/project': 'shop' } },
    spec: { backoffLimit: 0, template: template(script), ...spec },
  });
  return kubeObject.parse(made).metadata.uid;
}

/** Undefined where it is not there. */
export async function read(
  kind: Parameters<typeof pathOf>[0],
  namespace: string,
  name: string,
): Promise<KubeObject | undefined> {
  const { status, body } = await request('GET', pathOf(kind, namespace, name));
  return status === 404 ? undefined : kubeObject.parse(body);
}

export async function readAll(
  kind: Parameters<typeof pathOf>[0],
  namespace: string,
  query = '',
): Promise<readonly KubeObject[]> {
  return list.parse((await request('GET', `${pathOf(kind, namespace)}${query}`)).body).items;
}

export async function remove(
  kind: Parameters<typeof pathOf>[0],
  namespace: string,
  name: string,
): Promise<void> {
  // The default of Jobs is Orphan, from a time before they had one.
  await request('DELETE', `${pathOf(kind, namespace, name)}?propagationPolicy=Background`);
}

export const isHeld = ({ metadata }: KubeObject): boolean => metadata.finalizers.includes(finalizer);

const outcomeText = z.looseObject({ result: z.string(), reason: z.string(), message: z.string() });
export type ToldOutcome = z.output<typeof outcomeText>;

export function outcomeIn(run: KubeObject): ToldOutcome | undefined {
  const text = run.metadata.annotations['dbt-jobs.io/outcome'];
  return text === undefined ? undefined : outcomeText.parse(JSON.parse(text));
}

/** Waits until the watcher holds the run. */
export async function held(namespace: string, name: string): Promise<void> {
  await eventually(`${name} is held`, 60, async () => {
    const run = await read('Job', namespace, name);
    return run !== undefined && isHeld(run) ? true : undefined;
  });
}

/** Waits until the run carries its outcome and nobody holds it any more. */
export async function told(namespace: string, name: string, seconds = 90): Promise<ToldOutcome> {
  return eventually(`${name} is told and let go`, seconds, async () => {
    const run = await read('Job', namespace, name);
    return run === undefined || isHeld(run) ? undefined : outcomeIn(run);
  });
}

/** The reasons of the Events about the object that the watcher has written. */
export async function eventsAbout(namespace: string, uid: string): Promise<readonly string[]> {
  const events = z.object({
    items: z.array(z.looseObject({ reason: z.string(), reportingController: z.string().nullish() })),
  });
  const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events?fieldSelector=regarding.uid%3D${uid}`;
  const { items } = events.parse((await request('GET', path)).body);
  return items
    .filter(({ reportingController }) => reportingController === 'dbt-jobs.io/watcher')
    .map(({ reason }) => reason);
}
