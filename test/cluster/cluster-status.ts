import { basename } from 'node:path';
import { duration } from './build-plan.ts';
import { sourceOf } from './cluster.ts';
import { clusterProcesses } from './cluster-processes.ts';
import type { Settings } from './config.ts';
import { rememberedFacts } from './embedded.ts';
import { isComponent, markedProcesses } from './marked-processes.ts';
import type { MarkedProcess } from './marked-processes.ts';
import { readinessChecks } from './readiness.ts';

type Row = readonly [name: string, state: string, detail: string];

const table = (rows: readonly Row[]): string[] => {
  const [first, second] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(([name, state, detail]) =>
    `  ${name.padEnd(first ?? 0)}  ${state.padEnd(second ?? 0)}  ${detail}`.trimEnd(),
  );
};

/** What runs of one component; `now` in milliseconds. */
export const processRow = (name: string, running: readonly MarkedProcess[], now: number): Row => {
  const found = running.find((process) => isComponent(process, name));
  if (!found) return [name, 'down', ''];
  const seconds = (now - found.startedAt.getTime()) / 1000;
  return [name, 'up', `pid ${found.pid}, for ${duration(Math.max(0, seconds))}`];
};

/** Lines for a person; the last one says what to do next. */
export const describeStatus = async (settings: Settings, now: number): Promise<string[]> => {
  const { source, reason } = await sourceOf(settings);
  const facts = source === 'embedded' ? await rememberedFacts(settings) : undefined;
  if (!facts) {
    return source === 'embedded'
      ? [`Cluster ${settings.clusterName}: not up`, 'Next: make cluster']
      : [`Cluster ${settings.clusterName}: ${source}, because ${reason}`, 'Next: kubectl get nodes'];
  }
  const running = await markedProcesses(facts.paths.dir);
  const shims = running.filter((process) =>
    basename(process.argv[0] ?? '').startsWith('containerd-shim'),
  ).length;
  const checks = readinessChecks(facts, new Date(0));
  const passed = await Promise.all(checks.map((check) => check.passes()));
  const processRows = clusterProcesses(facts).map(({ name }) => processRow(name, running, now));
  const whole = passed.every(Boolean) && processRows.every(([, state]) => state === 'up');
  return [
    `Cluster ${settings.clusterName}: embedded, ${whole ? 'ready' : 'not whole'}, ${shims} pods`,
    ...table([
      ...processRows,
      ...checks.map((check, index): Row => [
        check.name,
        passed[index] ? 'ready' : 'not ready',
        passed[index] ? '' : check.log,
      ]),
    ]),
    whole ? 'Next: eval "$(node test/cluster/main.ts env)"' : 'Next: make cluster repairs it',
  ];
};
