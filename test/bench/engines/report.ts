import type { ArmName } from './arm-names.ts';
import type { Cpu } from './cpu.ts';
import type { ArmRounds, Plan } from './measure.ts';
import { median } from './measure.ts';

export interface Measured {
  readonly plan: Plan;
  readonly times: readonly ArmRounds<ArmName>[];
  readonly cpu: ReadonlyMap<ArmName, Cpu>;
  /** Requests behind each value of `cpu`. */
  readonly cpuRequests: number;
  /** "Kubernetes v1.36.3". */
  readonly server: string;
  /** "Kyverno v1.19.1" */
  readonly kyverno: string;
  readonly cores: number;
}

/** engines.md: what a pod's admission takes, engine by engine. */
export function renderReport(measured: Measured): string {
  const { plan, cpuRequests, server, kyverno, cores } = measured;
  return [
    '# What each engine takes',
    '',
    `Written by \`make bench\`: change nothing here. ${server}, ${kyverno}, Node ${process.versions.node}, ${cores} cores that`,
    'API server, etcd, kubelet, engines and the client share.',
    '',
    'One pod is created as a dry run, one request at a time over one connection, in a namespace with one DbtProject. All engines are',
    'installed, and a namespace decides which is asked. The arms take turns, each turn begins with another one, and what each makes of',
    'the pod is compared before anything is measured. The null webhook parses the review and answers with a constant patch; it runs on',
    'Node in the image, the replicas and the resources of the webhook.',
    '',
    '## Time',
    '',
    `Medians of ${plan.rounds} rounds of ${plan.requests} requests an arm (least–most of the rounds), ms. *Added*: above the request of`,
    'the arm without an engine in the same turn. *Own*: added, without what the backstop alone adds. *× null*: own, as a multiple of',
    'what the null webhook adds. Quote the ratio: the times are of a busy machine.',
    '',
    ...table(['arm', 'whole', 'added', 'own', '× null'], timeRows(measured)),
    '',
    '## CPU',
    '',
    `CPU time of one pod, ms, from ${cpuRequests} requests of each arm in a row: of the API server, and of the engine's own pods.`,
    '',
    ...table(['arm', 'API server', 'engine', 'both', 'above no engine'], cpuRows(measured)),
    '',
  ].join('\n');
}

function timeRows({ times }: Measured): readonly (readonly string[])[] {
  const added = (name: ArmName): readonly number[] => times.find((one) => one.name === name)?.added ?? [];
  const [nothing, backstop] = [added('null webhook'), added('backstop alone')];
  return times.map(({ name, whole, added: own }) => {
    if (name === 'no engine') return [name, spread(whole), '', '', ''];
    const engine = name !== 'null webhook' && name !== 'backstop alone';
    const alone = own.map((value, round) => value - (engine ? (backstop[round] ?? Number.NaN) : 0));
    const ratio = alone.map((value, round) => value / (nothing[round] ?? Number.NaN));
    return [name, spread(whole), spread(own), engine ? spread(alone) : '', engine ? spread(ratio) : ''];
  });
}

function cpuRows({ cpu }: Measured): readonly (readonly string[])[] {
  const sum = (one: Cpu | undefined): number => (one === undefined ? Number.NaN : one.apiServer + one.engine);
  const floor = sum(cpu.get('no engine'));
  return [...cpu].map(([name, one]) => [
    name,
    number(one.apiServer),
    one.engine === 0 ? '' : number(one.engine),
    number(sum(one)),
    name === 'no engine' ? '' : number(sum(one) - floor),
  ]);
}

/** "12.3 (11.0–14.2)" */
function spread(values: readonly number[]): string {
  return `${number(median(values))} (${number(Math.min(...values))}–${number(Math.max(...values))})`;
}

function number(value: number): string {
  return value.toFixed(1);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? title.length)),
  );
  const line = (row: readonly string[], fill = ' '): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...rows.map((row) => line(row)),
  ];
}
