import type { Json } from './json.ts';
import { changeAt, fieldsAt, isJson, listAt, textAt, without } from './json.ts';

/**
 * The object that an API server answered with, less what it alone writes and no two objects share. What is left can be
 * sent again. Fields of the server that do not differ stay: both sides have them.
 */
export function withoutServersOwn(object: Json): Json {
  const generated = textAt(object, 'metadata', 'generateName') === undefined ? [] : ['name'];
  const steps: readonly ((from: Json) => Json)[] = [
    (from) => changeAt(from, ['metadata'], (metadata) => without(metadata, ...identity, ...generated)),
    (from) =>
      changeAt(from, ['metadata', 'annotations'], (found) => without(found, 'kubernetes.io/limit-ranger')),
    (from) => changeAt(from, ['metadata'], (metadata) => withoutEmpty(metadata, 'annotations')),
    (from) => (from['kind'] === 'Job' ? withoutJobsOwn(from) : from),
  ];
  return steps.reduce((from, step) => step(from), without(object, 'status'));
}

const identity = ['namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields'];

/** The selector and the labels by which the Job controller finds its pods; they hold the UID. */
function withoutJobsOwn(job: Json): Json {
  const made = [
    'controller-uid',
    'job-name',
    'batch.kubernetes.io/controller-uid',
    'batch.kubernetes.io/job-name',
  ];
  return [['metadata'], ['spec', 'template', 'metadata']].reduce(
    (from, path) =>
      changeAt(
        changeAt(from, [...path, 'labels'], (labels) => without(labels, ...made)),
        path,
        (metadata) => withoutEmpty(metadata, 'labels'),
      ),
    changeAt(job, ['spec'], (spec) => without(spec, 'selector')),
  );
}

function withoutEmpty(fields: Json, name: string): Json {
  const value = fields[name];
  return isJson(value) && Object.keys(value).length === 0 ? without(fields, name) : fields;
}

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * With the service-account token set apart: the plugin that mounts it runs before an engine, and again after it, so that
 * its place in the lists tells who came first and its volume has a random name. Which containers have it stays compared.
 */
export function withTokenApart(object: Json): Json {
  const token = { mounted: [] as string[] };
  const pod = changeAt(object, ['spec'], (spec) => ({
    ...spec,
    ...listsOf(spec, 'containers', 'initContainers', (container) =>
      withoutTokenMount(container, token.mounted),
    ),
    ...(Array.isArray(spec['volumes'])
      ? { volumes: spec['volumes'].filter((volume) => !isTokenVolume(volume)) }
      : {}),
  }));
  return token.mounted.length === 0 ? pod : { ...pod, 'service-account token in': token.mounted.sort() };
}

function listsOf(spec: Json, ...[first, second, change]: [string, string, (item: Json) => Json]): Json {
  const present = [first, second].filter((name) => Array.isArray(spec[name]));
  return Object.fromEntries(
    present.map((name) => [name, listAt(spec, name).map((item) => (isJson(item) ? change(item) : item))]),
  );
}

function withoutTokenMount(container: Json, mounted: string[]): Json {
  const mounts = listAt(container, 'volumeMounts');
  const others = mounts.filter((mount) => textAt(mount, 'mountPath') !== tokenPath);
  if (others.length === mounts.length) return container;
  mounted.push(textAt(container, 'name') ?? '');
  return others.length === 0 ? without(container, 'volumeMounts') : { ...container, volumeMounts: others };
}

/** Of the plugin that mounts a service-account token into every pod. */
export function isTokenVolume(volume: unknown): boolean {
  return (textAt(volume, 'name') ?? '').startsWith('kube-api-access-');
}

/**
 * An API server gives a Job without labels those of its template, before any engine is asked. What is expected of such a
 * Job must have them too: with one label of an engine's the server would add none.
 */
export function withJobsLabels(sent: Json, expected: Json): Json {
  if (sent['kind'] !== 'Job' || Object.keys(fieldsAt(sent, 'metadata', 'labels')).length > 0) return expected;
  const labels = {
    ...fieldsAt(sent, 'spec', 'template', 'metadata', 'labels'),
    ...fieldsAt(expected, 'metadata', 'labels'),
  };
  return changeAt(expected, ['metadata'], (metadata) => ({ ...metadata, labels }));
}
