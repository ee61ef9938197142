import type { Engine } from './engine.ts';
import type { LogSource } from './logs.ts';
import { gitSyncReplaced, install, readObjects } from './policies.ts';
import type { SharedServer } from './server.ts';
import { serverEngine } from './server-engine.ts';

/** The API server's own engine, with the policies of policies/mutating-admission-policy. */
export function mutatingAdmissionPolicyEngine(shared: SharedServer, logs: readonly LogSource[]): Engine {
  return serverEngine({
    name: 'mutating-admission-policy',
    shared,
    logs,
    installEngine: async ({ api, gitSyncImage }, atWork) => {
      const { status } = await api.request(
        'GET',
        '/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies?limit=1',
      );
      if (status !== 200)
        return { notRun: `${api.version} does not serve MutatingAdmissionPolicy: 1.36 does` };
      await install(api, gitSyncReplaced(readObjects('policies/mutating-admission-policy'), gitSyncImage), {
        atWork,
        seconds: 60,
      });
      return {};
    },
  });
}
