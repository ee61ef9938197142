import type { DbtProject } from '../../contract/dbt-project.ts';
import type { LimitRange, ResourceQuota } from '../kube/limits.ts';
import { parseQuantity } from './quantity.ts';

type Amounts = Readonly<Record<string, string | undefined>>;

interface Resources {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

const measured = ['cpu', 'memory', 'ephemeral-storage'] as const;

/** What a LimitRange of the namespace makes impossible for the pods of the project; a sentence each. */
export function limitRangeConflicts(project: DbtProject, ranges: readonly LimitRange[]): string[] {
  return ranges.flatMap((range) =>
    range.spec.limits.flatMap((entry) => {
      if (entry.type !== 'Container' && entry.type !== 'Pod') return [];
      const where = `LimitRange "${range.metadata.name}"`;
      return measured.flatMap((key) => conflicts(where, entry, project.spec.resources, key));
    }),
  );
}

type Entry = LimitRange['spec']['limits'][number];

/** LimitRanger fills what the project leaves open, then checks it against min, max and ratio. */
function conflicts(where: string, entry: Entry, resources: Resources, key: string): string[] {
  const request = resources.requests[key];
  const ownLimit = resources.limits[key];
  const limit = ownLimit ?? (entry.type === 'Container' ? entry.default[key] : undefined);
  const { max, min, maxLimitRequestRatio: ratio } = entry;
  const found: string[] = [];
  if (ownLimit === undefined && above(request, limit)) {
    found.push(
      `${where} gives a default ${key} limit of ${limit}, below the request ${request} of spec.resources`,
    );
  }
  if (above(ownLimit ?? request, max[key])) {
    found.push(`${where} allows ${key} up to ${max[key]}, but spec.resources has ${ownLimit ?? request}`);
  }
  if (above(min[key], request)) {
    found.push(`${where} wants ${key} from ${min[key]}, but spec.resources requests ${request}`);
  }
  if (exceedsRatio(limit, request, ratio[key])) {
    found.push(
      `${where} allows a ${key} limit of at most ${ratio[key]} times the request; spec.resources has ${request} and ${limit}`,
    );
  }
  return found;
}

function above(a: string | undefined, b: string | undefined): boolean {
  const [left, right] = [parseQuantity(a ?? ''), parseQuantity(b ?? '')];
  return left !== undefined && right !== undefined && left > right;
}

function exceedsRatio(
  limit: string | undefined,
  request: string | undefined,
  ratio: string | undefined,
): boolean {
  const [most, least, times] = [limit, request, ratio].map((text) => parseQuantity(text ?? ''));
  if (most === undefined || least === undefined || times === undefined) return false;
  return most * 10n ** 9n > least * times;
}

/** Scopes under which the pod of a run falls: it has requests, and no deadline of its own. */
const ourScopes = new Set(['NotBestEffort', 'NotTerminating']);

/** What a ResourceQuota can never have room for, even when nothing else runs; a sentence each. */
export function quotaConflicts(
  project: DbtProject,
  quotas: readonly ResourceQuota[],
  ranges: readonly LimitRange[],
): string[] {
  const { requests, limits } = project.spec.resources;
  const needs: Amounts = {
    cpu: requests.cpu,
    memory: requests.memory,
    'requests.cpu': requests.cpu,
    'requests.memory': requests.memory,
    'limits.cpu': limits.cpu ?? defaultCpuLimit(ranges),
    'limits.memory': limits.memory,
    pods: '1',
    'count/pods': '1',
  };
  return quotas
    .filter((quota) => !quota.spec.scopeSelector && quota.spec.scopes.every((scope) => ourScopes.has(scope)))
    .flatMap((quota) =>
      Object.entries(quota.spec.hard).flatMap(([key, hard]) => {
        const where = `ResourceQuota "${quota.metadata.name}"`;
        if (!Object.hasOwn(needs, key)) return [];
        const need = needs[key];
        if (need === undefined) return [`${where} counts ${key}, so spec.resources must set ${key}`];
        return above(need, hard)
          ? [`${where} allows ${key} of ${hard} in all, but one run needs ${need}`]
          : [];
      }),
    );
}

function defaultCpuLimit(ranges: readonly LimitRange[]): string | undefined {
  return ranges
    .flatMap((range) => range.spec.limits)
    .find((entry) => entry.type === 'Container' && entry.default['cpu'])?.default['cpu'];
}
