import type { Container, EnvVar, VolumeMount } from './pod.ts';
import { same } from './same.ts';

/**
 * An init container is ours when its structure is, not because anything says so: a copied or hand-made one must do
 * exactly what an injected one would.
 *
 * Sets: nothing.
 * Does not count: the service-account mount, resources, pull policy and what the API server adds to any container; no
 *   field outside the closed list below may be there.
 * Clause: C24.
 */
const compared = ['image', 'command', 'args', 'workingDir', 'securityContext'] as const;

const allowed: ReadonlySet<string> = new Set([
  'name',
  ...compared,
  'env',
  'volumeMounts',
  'imagePullPolicy',
  'resources',
  'terminationMessagePath',
  'terminationMessagePolicy',
]);

/** Where the API server's ServiceAccount plugin mounts a token into every container of a pod. */
const serviceAccountPath = '/var/run/secrets/kubernetes.io/serviceaccount';

export function isOurs(container: Container, ours: Container): boolean {
  return (
    Object.keys(container).every((field) => allowed.has(field)) &&
    compared.every((field) => same(container[field], ours[field])) &&
    same(comparableEnv(container.env), comparableEnv(ours.env)) &&
    same(comparableMounts(container.volumeMounts), comparableMounts(ours.volumeMounts))
  );
}

/** Whether the two are the same clone of different commits, to tell by their arguments. */
export function isOutdatedCopy(container: Container, ours: Container): boolean {
  const [args, wanted] = [container.args ?? [], ours.args ?? []];
  return args.some(isRef) && !same(args, wanted) && same(withoutRef(args), withoutRef(wanted));
}

/** The API server drops an empty value. */
function comparableEnv(env: readonly EnvVar[] = []): readonly EnvVar[] {
  return env.map(({ value, ...rest }) => (value === undefined || value === '' ? rest : { ...rest, value }));
}

function comparableMounts(mounts: readonly VolumeMount[] = []): readonly VolumeMount[] {
  return mounts.filter(({ mountPath }) => mountPath !== serviceAccountPath);
}

function withoutRef(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !isRef(arg));
}

function isRef(arg: string): boolean {
  return arg.startsWith('--ref=');
}
