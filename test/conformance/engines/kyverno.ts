import type { Engine } from './engine.ts';
import type { LogSource } from './logs.ts';
import { podLogs } from './logs.ts';
import { gitSyncReplaced, install, readObjects } from './policies.ts';
import type { SharedServer } from './server.ts';
import { serverEngine } from './server-engine.ts';

/** What tells the flavours apart. */
const flavours = {
  'kyverno-cluster-policy': {
    folder: 'policies/cluster-policy',
    kind: 'ClusterPolicy',
    collection: '/apis/kyverno.io/v1/clusterpolicies',
  },
  'kyverno-mutating-policy': {
    folder: 'policies/mutating-policy',
    kind: 'MutatingPolicy',
    collection: '/apis/policies.kyverno.io/v1/mutatingpolicies',
  },
} as const;

/** Kyverno registers its webhooks in rounds, after it has compiled a policy. */
const installSeconds = 120;

/** Kyverno, which must be installed, with the policies of one flavour. */
export function kyvernoEngine(
  name: keyof typeof flavours,
  shared: SharedServer,
  logs: readonly LogSource[],
): Engine {
  const { folder, kind, collection } = flavours[name];
  return serverEngine({
    name,
    shared,
    logs: [...logs, podLogs('kyverno')],
    installEngine: async ({ api, gitSyncImage }, atWork) => {
      const policies = readObjects(folder);
      if (!policies.some((policy) => policy['kind'] === kind))
        return { notRun: `${folder} holds no ${kind}` };
      const { status } = await api.request('GET', `${collection}?limit=1`);
      if (status !== 200) return { notRun: `Kyverno is not installed: the API server serves no ${kind}` };
      await install(api, gitSyncReplaced(policies, gitSyncImage), { atWork, seconds: installSeconds });
      return {};
    },
  });
}
