import { paths, volumes } from '../../contract/names.ts';
import type { Json } from '../conformance/json.ts';
import { changeAt, fieldsAt, isJson, listAt, textAt, without } from '../conformance/json.ts';

const restricted: Json = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  runAsUser: 1337,
  seccompProfile: { type: 'RuntimeDefault' },
};

const container = (name: string, more: Json = {}): Json => ({
  name,
  image: 'registry.example.com/mesh:1',
  securityContext: restricted,
  ...more,
});

/** Names of what the mesh puts into a pod. */
export const mesh = { sidecar: 'mesh-proxy', init: 'mesh-init' } as const;

/** As a service mesh does: a sidecar behind the user's containers, an init container in front of all others; each only once. */
export function addMesh(pod: Json): Json {
  const init = { place: 'first', list: 'initContainers', added: container(mesh.init) } as const;
  return add(add(pod, init), { place: 'last', list: 'containers', added: container(mesh.sidecar) });
}

/** As an injector does that lets its sidecar see the files of the first container. */
export function addLogShipper(pod: Json): Json {
  const volumeMounts = [{ name: volumes.work, mountPath: `${paths.work}/logs` }];
  const present = listAt(pod, 'spec', 'volumes').some((volume) => textAt(volume, 'name') === volumes.work);
  const added = container('log-shipper', present ? { volumeMounts } : {});
  return add(pod, { place: 'last', list: 'containers', added });
}

/** As a vertical autoscaler does: it knows better what the first container needs. */
export function setResources(pod: Json): Json {
  const [first, ...others] = listAt(pod, 'spec', 'containers');
  const resources = { requests: { cpu: '7m', memory: '7Mi' }, limits: { memory: '70Mi' } };
  const containers = [{ ...(isJson(first) ? first : {}), resources }, ...others];
  return changeAt(pod, ['spec'], (spec) => ({ ...spec, containers }));
}

/** The annotation by which a pod names containers that `addIdentity` leaves alone, separated by commas. */
export const skipContainers = 'identity.together.test/skip-containers';

/** As workload identity of a cloud does: a token's file and its path for every container, init containers too. */
export function addIdentity(pod: Json): Json {
  const volume = { name: 'cloud-token', emptyDir: {} };
  if (listAt(pod, 'spec', 'volumes').some((one) => textAt(one, 'name') === volume.name)) return pod;
  const skipped = (textAt(pod, 'metadata', 'annotations', skipContainers) ?? '').split(',');
  const identify = (one: unknown): unknown =>
    !isJson(one) || skipped.includes(textAt(one, 'name') ?? '')
      ? one
      : {
          ...one,
          env: [...listAt(one, 'env'), { name: 'CLOUD_TOKEN_FILE', value: '/var/run/cloud/token' }],
          volumeMounts: [
            ...listAt(one, 'volumeMounts'),
            { name: volume.name, mountPath: '/var/run/cloud', readOnly: true },
          ],
        };
  return changeAt(pod, ['spec'], (spec) => ({
    ...spec,
    volumes: [...listAt(spec, 'volumes'), volume],
    containers: listAt(spec, 'containers').map(identify),
    ...(Array.isArray(spec['initContainers'])
      ? { initContainers: spec['initContainers'].map(identify) }
      : {}),
  }));
}

/** The object without what the mesh put into it. */
export function withoutMesh(object: Json): Json {
  return ['containers', 'initContainers'].reduce(
    (from, list) =>
      changeAt(from, ['spec'], (spec) => {
        if (!Array.isArray(spec[list])) return spec;
        const others = spec[list].filter((one) => !isOfMesh(one));
        return others.length === 0 ? without(spec, list) : { ...spec, [list]: others };
      }),
    object,
  );
}

/** How often the mesh is in the pod: two containers where it is there once. */
export function meshContainers(object: Json): readonly string[] {
  return ['initContainers', 'containers']
    .flatMap((list) => listAt(object, 'spec', list))
    .filter(isOfMesh)
    .map((one) => textAt(one, 'name') ?? '');
}

function isOfMesh(one: unknown): boolean {
  return Object.values<unknown>(mesh).includes(fieldsAt({ one }, 'one')['name']);
}

interface Added {
  readonly place: 'first' | 'last';
  readonly list: 'containers' | 'initContainers';
  readonly added: Json;
}

function add(pod: Json, { place, list, added }: Added): Json {
  const own = listAt(pod, 'spec', list);
  if (own.some((one) => textAt(one, 'name') === added['name'])) return pod;
  const changed = place === 'first' ? [added, ...own] : [...own, added];
  return changeAt(pod, ['spec'], (spec) => ({ ...spec, [list]: changed }));
}
