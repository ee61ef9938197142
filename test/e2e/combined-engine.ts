import { eventually } from '../../examples/demo/wait.ts';
import type { Engine } from '../conformance/engines/engine.ts';
import type { Namespaces } from '../conformance/engines/namespaces.ts';
import { makeNamespaces } from '../conformance/engines/namespaces.ts';
import { engineAnswer } from '../conformance/engines/sentinel.ts';
import type { OpenServer, SharedServer } from '../conformance/engines/server.ts';
import { serverEngine } from '../conformance/engines/server-engine.ts';
import { placeCases } from '../conformance/place-cases.ts';
import type { Case } from '../conformance/read-cases.ts';
import type { Copy } from './engine-copies.ts';
import { inCharge } from './engine-copies.ts';
import { meshContainers, withoutMesh } from './foreign-changes.ts';

/** Which copies are in charge of a namespace, and by which labels others change its pods. */
export interface Together {
  readonly copies: readonly Copy[];
  readonly foreign?: readonly string[];
}

/** Kyverno registers a webhook some seconds after a policy. */
const atWorkSeconds = 120;

let made = 0;

function labelsOf({ copies, foreign = [] }: Together): Readonly<Record<string, string>> {
  return { ...inCharge(copies), ...Object.fromEntries(foreign.map((label) => [label, ''])) };
}

/** Several engines in one namespace, to be asked as the conformance cases ask one. */
export function combinedEngine(shared: SharedServer, together: Together): Engine {
  const engine = serverEngine({
    name: `together-${(made += 1)}`,
    namespaceLabels: labelsOf(together),
    shared,
    logs: [],
    installEngine: async (server) => {
      await eachAtWork(server, together.copies);
      return {};
    },
  });
  return (together.foreign ?? []).length === 0 ? engine : withMesh(engine);
}

/** The pod is compared without the mesh, which must be in it, and once. */
function withMesh(engine: Engine): Engine {
  return {
    ...engine,
    admit: async (asked, object, how) => {
      const admission = await engine.admit(asked, object, how);
      const found = admission.object === undefined ? [] : meshContainers(admission.object);
      if (asked.kind === 'Pod' && admission.object !== undefined && found.length !== 2)
        throw new Error(`of the mesh there is: ${found.join(', ')}`);
      return admission;
    },
    comparable: (object) => engine.comparable(withoutMesh(object)),
  };
}

/** Namespaces for these cases, with the copies at work in them. */
export async function makeTogether(
  server: OpenServer,
  together: Together,
  cases: readonly Case[],
): Promise<Namespaces> {
  const { api, run, gitSyncImage } = server;
  const namespaces = await makeNamespaces(api, {
    owner: `together-${(made += 1)}`,
    labels: labelsOf(together),
    placement: placeCases(cases),
    run,
    gitSyncImage,
  });
  await eachAtWork(server, together.copies);
  return namespaces;
}

/**
 * Each copy by itself, in a namespace made now: one that is at work there knows every project made before. Together one could
 * stand in for another.
 */
async function eachAtWork(server: OpenServer, copies: readonly Copy[]): Promise<void> {
  const { api, run, gitSyncImage } = server;
  for (const copy of copies) {
    const labels = inCharge([copy]);
    const owner = `together-${(made += 1)}`;
    const probe = await makeNamespaces(api, { owner, labels, placement: placeCases([]), run, gitSyncImage });
    try {
      let last = '';
      await eventually(`${copy} at work`, atWorkSeconds, async () => {
        last = await engineAnswer(api, probe.first);
        return last === 'ready' ? true : undefined;
      }).catch((error: unknown) => {
        throw new Error(`${String(error)} (last answer: ${last})`);
      });
    } finally {
      await probe.remove();
    }
  }
}
