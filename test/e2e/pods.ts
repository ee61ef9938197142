import type { Json } from './api.ts';

/** The least that a labelled pod needs; `spec` is laid over it. */
export function pod(spec: Json = {}, metadata: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x', ...metadata },
    spec: { restartPolicy: 'Never', containers: [dbt()], ...spec },
  };
}

export function dbt(fields: Json = {}): Json {
  return { name: 'dbt', image: 'plan:current', command: ['dbt', 'build'], ...fields };
}

export function labelled(project: string, object: Json, more: Json = {}): Json {
  const metadata = object['metadata'] as Json;
  return { ...object, metadata: { ...metadata, labels: { 'dbt-jobs.io/project': project, ...more } } };
}

/** What follows "denied request: ", where the policy that denies has said its name. */
export function textOf(body: Json): string {
  return String(body['message']).replace(/^.*denied request: /, '');
}
