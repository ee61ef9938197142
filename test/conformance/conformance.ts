import { existsSync, readFileSync } from 'node:fs';
import { clusterPaths } from '../cluster/cluster-paths.ts';
import { readSettings } from '../cluster/config.ts';
import { kubeconfig } from '../e2e/config.ts';
import type { Config } from './config.ts';
import { ownCases } from './config.ts';
import type { EngineRun } from './cross.ts';
import { runEngine } from './cross.ts';
import type { Divergence } from './divergences.ts';
import { parseDivergences } from './divergences.ts';
import { coreEngine } from './engines/core.ts';
import type { Engine, EngineName } from './engines/engine.ts';
import { httpEngine } from './engines/http.ts';
import { kyvernoEngine } from './engines/kyverno.ts';
import { fileLog } from './engines/logs.ts';
import { mutatingAdmissionPolicyEngine } from './engines/mutating-admission-policy.ts';
import type { SharedServer } from './engines/server.ts';
import { sharedServer } from './engines/server.ts';
import { webhookEngine } from './engines/webhook.ts';
import type { Case } from './read-cases.ts';
import { BrokenCases, readCases, readClauses } from './read-cases.ts';
import type { Run } from './report.ts';
import { describeRun } from './report.ts';

const divergencesFile = new URL('divergences.yaml', import.meta.url).pathname;
const contract = new URL('../../contract/README.md', import.meta.url);

/** Clause → its section of contract/README.md. */
export function clausesOfContract(): ReadonlyMap<string, string> {
  return readClauses(readFileSync(contract, 'utf8'));
}

/**
 * Runs every case on every engine asked for, one engine after the other, and tells of each as it is done.
 *
 * @throws BrokenCases before anything is run
 */
export async function runConformance(config: Config, tell: (line: string) => void): Promise<Run> {
  const clauses = clausesOfContract();
  const cases = readCases(config.cases, new Set(clauses.keys()));
  const divergences = readDivergences(config, cases);
  const shared = sharedServer(kubeconfig, Date.now().toString(36));
  const runs: EngineRun[] = [];
  tell(`${cases.length} cases of ${config.cases}`);
  try {
    for (const name of config.engines) {
      const done = await runEngine(engineOf(name, shared, config), cases, Date.now);
      runs.push(done);
      tell(describeRun(done, cases, divergences));
    }
    return { cases, runs, divergences, clauses, server: await shared.version() };
  } finally {
    await shared.close();
  }
}

/** Of other people's cases nothing is known to diverge. */
function readDivergences({ cases: folder }: Config, cases: readonly Case[]): readonly Divergence[] {
  if (folder !== ownCases) return [];
  const names = new Set(cases.map(({ name }) => name));
  const { divergences, broken } = parseDivergences(
    readFileSync(divergencesFile, 'utf8'),
    divergencesFile,
    names,
  );
  if (broken.length > 0) throw new BrokenCases(broken);
  return divergences;
}

function engineOf(name: EngineName, shared: SharedServer, { logFiles }: Config): Engine {
  const { auditLog } = clusterPaths(readSettings());
  const logs = [
    ...logFiles.map((path) => fileLog(path, 'engine')),
    ...(existsSync(auditLog) ? [fileLog(auditLog, 'audit')] : []),
  ];
  switch (name) {
    case 'core':
      return coreEngine();
    case 'http':
      return httpEngine();
    case 'webhook':
      return webhookEngine(shared, logs);
    case 'kyverno-cluster-policy':
    case 'kyverno-mutating-policy':
      return kyvernoEngine(name, shared, logs);
    case 'mutating-admission-policy':
      return mutatingAdmissionPolicyEngine(shared, logs);
  }
}
