import { annotations, labels } from '../../contract/names.ts';
import type { Json } from './json.ts';
import { fieldsAt, isJson, listAt, textAt, without } from './json.ts';
import type { Case } from './read-cases.ts';

/** Pod Security `restricted`, as C22 has it. */
const restricted: Json = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/**
 * What an engine makes of a pod that the backstop is to deny (C22), said a second time and apart from the engines: the
 * mark of a known project, no mark of an unknown one, and a securityContext for each container that has none. A Job with
 * a problem stays as it was sent.
 */
export function handedOn({ kind, object, project, around }: Case): Json {
  if (kind !== 'Pod') return object;
  const label = textAt(object, 'metadata', 'labels', labels.project);
  const known = [project, ...around.projects].find((one) => textAt(one, 'metadata', 'name') === label);
  const metadata = mark(fieldsAt(object, 'metadata'), textAt(known, 'metadata', 'uid'));
  return { ...object, metadata, spec: restrict(fieldsAt(object, 'spec')) };
}

function mark(metadata: Json, uid: string | undefined): Json {
  const own = metadata['annotations'];
  if (uid !== undefined)
    return { ...metadata, annotations: { ...(isJson(own) ? own : {}), [annotations.projectUid]: uid } };
  return isJson(own) ? { ...metadata, annotations: without(own, annotations.projectUid) } : metadata;
}

/** The API server refuses these fields on a pod whose spec.os is windows. */
function restrict(spec: Json): Json {
  if (textAt(spec, 'os', 'name') === 'windows') return spec;
  const lists = ['containers', 'initContainers'].filter((list) => Array.isArray(spec[list]));
  return { ...spec, ...Object.fromEntries(lists.map((list) => [list, listAt(spec, list).map(restrictOne)])) };
}

function restrictOne(container: unknown): unknown {
  return isJson(container) ? { securityContext: restricted, ...container } : container;
}
