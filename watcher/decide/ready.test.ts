import { describe, expect, it } from 'vitest';
import { plan, project } from '../testdata/project.ts';
import { parseLimitRange, parseResourceQuota } from '../kube/limits.ts';
import { readyCondition } from './ready.ts';

const now = '2026-11-23T05:00:00Z';
const meta = (name: string) => ({
  name,
  namespace: 'shop',
  uid: name,
  resourceVersion: '1',
  creationTimestamp: '2026-11-01T00:00:00Z',
});
const range = (entry: object) => parseLimitRange({ metadata: meta('lr'), spec: { limits: [entry] } });
const quota = (hard: object, spec: object = {}) =>
  parseResourceQuota({ metadata: meta('rq'), spec: { hard, ...spec } });
const inForce = { plans: [plan('v1', { phase: 'Promoted' })], plan: 'v1' };
const ready = 'plan "v1" is in force: commit aaaaaaaa, image registry.example.com/shop:v1';

type Case = {
  readonly project?: Parameters<typeof project>[0];
  readonly ranges?: object[];
  readonly quotas?: ReturnType<typeof quota>[];
  readonly reason: string;
  readonly message: string;
};

const table: Record<string, Case> = {
  'a project with a plan in force is ready, and says which': { reason: 'Ready', message: ready },
  'a project without a plan is told to make one': {
    project: {},
    reason: 'NoPlan',
    message: 'no plan is in force: make one with "kubectl dbt plan"',
  },
  'a first plan under trial is told with its Job': {
    project: { plans: [plan('v1', { jobName: 'dbt-plan-x' })] },
    reason: 'NoPlan',
    message: 'no plan is in force yet: plan "v1" is being tried by Job "dbt-plan-x"',
  },
  'a first plan that failed is told with its message': {
    project: { plans: [plan('v1', { phase: 'Failed', message: 'DbtUnhandledError: no profile' })] },
    reason: 'NoPlan',
    message:
      'no plan is in force: plan "v1" failed (DbtUnhandledError: no profile); make one with "kubectl dbt plan"',
  },
  'a LimitRange with room is none of our business': {
    ranges: [{ type: 'Container', max: { memory: '8Gi' }, min: { cpu: '10m' }, default: { cpu: '2' } }],
    reason: 'Ready',
    message: ready,
  },
  'a LimitRange maximum below the project is a conflict': {
    ranges: [{ type: 'Container', max: { memory: '1Gi' } }],
    reason: 'LimitRangeConflict',
    message:
      'LimitRange "lr" allows memory up to 1Gi, but spec.resources has 2Gi: change the LimitRange or spec.resources',
  },
  'a LimitRange default below the request is a conflict where the project leaves the limit open': {
    ranges: [{ type: 'Container', default: { cpu: '200m' } }],
    reason: 'LimitRangeConflict',
    message:
      'LimitRange "lr" gives a default cpu limit of 200m, below the request 500m of spec.resources: change the LimitRange or spec.resources',
  },
  'a LimitRange minimum above the request is a conflict': {
    ranges: [{ type: 'Container', min: { memory: '1.5Gi' } }],
    reason: 'LimitRangeConflict',
    message:
      'LimitRange "lr" wants memory from 1.5Gi, but spec.resources requests 1Gi: change the LimitRange or spec.resources',
  },
  'a LimitRange ratio is reckoned': {
    ranges: [{ type: 'Container', maxLimitRequestRatio: { cpu: '3' }, default: { cpu: '1600m' } }],
    reason: 'LimitRangeConflict',
    message:
      'LimitRange "lr" allows a cpu limit of at most 3 times the request; spec.resources has 500m and 1600m: change the LimitRange or spec.resources',
  },
  'a LimitRange for volume claims does not matter': {
    ranges: [{ type: 'PersistentVolumeClaim', max: { memory: '1Mi' } }],
    reason: 'Ready',
    message: ready,
  },
  'a quota that one run alone exceeds is a conflict': {
    quotas: [quota({ 'requests.memory': '512Mi', pods: '10' })],
    reason: 'QuotaConflict',
    message:
      'ResourceQuota "rq" allows requests.memory of 512Mi in all, but one run needs 1Gi: raise the quota or change spec.resources',
  },
  'a quota that counts a limit which the project leaves open is a conflict': {
    quotas: [quota({ 'limits.cpu': '4' })],
    reason: 'QuotaConflict',
    message:
      'ResourceQuota "rq" counts limits.cpu, so spec.resources must set limits.cpu: raise the quota or change spec.resources',
  },
  'a LimitRange that fills the open limit satisfies that quota': {
    ranges: [{ type: 'Container', default: { cpu: '1' } }],
    quotas: [quota({ 'limits.cpu': '4' })],
    reason: 'Ready',
    message: ready,
  },
  'a quota of a scope that no run falls under does not matter': {
    quotas: [quota({ pods: '0' }, { scopes: ['Terminating'] }), quota({ pods: '0' }, { scopeSelector: {} })],
    reason: 'Ready',
    message: ready,
  },
  'all hindrances are told at once, the first gives the reason': {
    project: {},
    quotas: [quota({ pods: '0' })],
    reason: 'NoPlan',
    message:
      'no plan is in force: make one with "kubectl dbt plan"; ResourceQuota "rq" allows pods of 0 in all, but one run needs 1: raise the quota or change spec.resources',
  },
};

describe('readyCondition', () => {
  it.each(Object.entries(table))('%s', (_, { project: tweak, ranges, quotas, reason, message }) => {
    expect(readyCondition(project(tweak ?? inForce), (ranges ?? []).map(range), quotas ?? [], now)).toEqual({
      type: 'Ready',
      status: reason === 'Ready' ? 'True' : 'False',
      observedGeneration: 3,
      lastTransitionTime: now,
      reason,
      message,
    });
  });

  it('keeps the time of the last transition while the status stays', () => {
    const before = {
      type: 'Ready',
      status: 'False',
      observedGeneration: 2,
      lastTransitionTime: '2026-11-01T00:00:00Z',
      reason: 'NoPlan',
      message: 'old words',
    };
    const since = (status: string) =>
      readyCondition(project({ conditions: [{ ...before, status }] }), [], [], now).lastTransitionTime;
    expect([since('False'), since('True')]).toEqual(['2026-11-01T00:00:00Z', now]);
  });
});
