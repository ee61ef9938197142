/**
 * What the API server itself writes into a pod, whoever admits it: with it in, a difference would show thirty lines of
 * the server's for ten of an engine's. Kubernetes: pkg/apis/core/v1/defaults.go, and the plugins ServiceAccount,
 * Priority and DefaultTolerationSeconds.
 */

type Json = unknown;
type Fields = Readonly<Record<string, Json>>;

/** A value that any value of the server's matches. */
const anything = Symbol('anything');

const podDefaults: Readonly<Record<string, Json>> = {
  status: anything,
  'metadata.name': anything,
  'metadata.namespace': anything,
  'metadata.uid': anything,
  'metadata.resourceVersion': anything,
  'metadata.generation': anything,
  'metadata.creationTimestamp': anything,
  'metadata.managedFields': anything,
  'spec.dnsPolicy': 'ClusterFirst',
  'spec.enableServiceLinks': true,
  'spec.preemptionPolicy': 'PreemptLowerPriority',
  'spec.priority': 0,
  'spec.restartPolicy': 'Always',
  'spec.schedulerName': 'default-scheduler',
  'spec.securityContext': {},
  'spec.serviceAccount': anything,
  'spec.serviceAccountName': 'default',
  'spec.terminationGracePeriodSeconds': 30,
  'spec.tolerations': [],
  'spec.volumes': [],
  'spec.volumes[].configMap.defaultMode': 0o644,
  'spec.volumes[].secret.defaultMode': 0o644,
  'spec.volumes[].projected.defaultMode': 0o644,
};

const containerDefaults: Readonly<Record<string, Json>> = {
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  volumeMounts: [],
  'env[].valueFrom.fieldRef.apiVersion': 'v1',
  'ports[].protocol': 'TCP',
};

const defaults: Readonly<Record<string, Json>> = {
  ...podDefaults,
  ...Object.fromEntries(
    ['spec.containers[].', 'spec.initContainers[].'].flatMap((list) =>
      Object.entries(containerDefaults).map(([field, value]) => [`${list}${field}`, value]),
    ),
  ),
};

/** The pod that came back, less what the server adds to any pod and the one that was sent does not have. */
export function withoutServerDefaults(sent: Json, returned: Json): Json {
  return prune(sent, returned, '');
}

function prune(sent: Json, returned: Json, path: string): Json {
  if (Array.isArray(returned)) {
    const before: readonly Json[] = Array.isArray(sent) ? sent : [];
    return returned
      .filter((item) => !isServersItem(item, path) || before.some((own) => sameItem(own, item)))
      .map((item) =>
        prune(
          before.find((own) => sameItem(own, item)),
          item,
          `${path}[]`,
        ),
      );
  }
  if (!isFields(returned)) return returned;
  const before = isFields(sent) ? sent : {};
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(returned)) {
    const inner = path === '' ? key : `${path}.${key}`;
    const pruned = prune(before[key], value, inner);
    const added = !(key in before);
    if (added && (isDefault(inner, pruned) || isDefaultPullPolicy(inner, sent, returned))) continue;
    kept[key] = pruned;
  }
  return kept;
}

function isDefault(path: string, value: Json): boolean {
  if (!Object.hasOwn(defaults, path)) return false;
  const expected = defaults[path];
  return expected === anything || JSON.stringify(expected) === JSON.stringify(value);
}

/** The server derives one from the tag; with another image than was sent, it is an engine's choice. */
function isDefaultPullPolicy(path: string, sent: Json, returned: Fields): boolean {
  if (!/^spec\.(initC|c)ontainers\[\]\.imagePullPolicy$/.test(path)) return false;
  return !isFields(sent) || sent['image'] === returned['image'];
}

const tokenFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

function isServersItem(item: Json, path: string): boolean {
  if (!isFields(item)) return false;
  if (path === 'spec.volumes') return String(item['name']).startsWith('kube-api-access-');
  if (path.endsWith('.volumeMounts')) return item['mountPath'] === tokenFolder;
  if (path !== 'spec.tolerations') return false;
  return (
    /^node\.kubernetes\.io\/(not-ready|unreachable)$/.test(String(item['key'])) &&
    item['tolerationSeconds'] === 300
  );
}

/** Items of Kubernetes' lists are told apart by one of these; plain values by themselves. */
const itemKeys = ['mountPath', 'name', 'containerPort', 'key'];

function sameItem(one: Json, other: Json): boolean {
  if (!isFields(one) || !isFields(other)) return one === other;
  const key = itemKeys.find((candidate) => candidate in one && candidate in other);
  return key === undefined ? JSON.stringify(one) === JSON.stringify(other) : one[key] === other[key];
}

function isFields(value: Json): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
