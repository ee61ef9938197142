import { type PageName, pageNames } from './list.ts';
import { median, spread } from './statistics.ts';

/** p95 of each page in milliseconds, one for each count of runs. */
export type ListRound = ReadonlyMap<PageName, readonly number[]>;

export interface IngestRound {
  readonly logBytes: number;
  readonly cpuSeconds: number;
  /** Of reading the same bodies and their lines, and nothing else. */
  readonly aloneSeconds: number;
  readonly peakBytes: number;
}

export interface Measured {
  readonly cpu: string;
  readonly cores: number;
  readonly counts: readonly number[];
  readonly lists: readonly { readonly name: string; readonly rounds: readonly ListRound[] }[];
  readonly ingests: readonly { readonly name: string; readonly rounds: readonly IngestRound[] }[];
}

const mostRatio = 1.5;
const leastMegabytes = 25;
const verdict = (good: boolean): string => (good ? 'met' : '**not met**');

export function writeReport({ cpu, cores, counts, lists, ingests }: Measured): string {
  const [few = 0, many = 0] = counts;
  return `# U1: the list of runs, and taking logs

\`node test/bench/control-plane/main.ts\` wrote this, on ${cores} × ${cpu}, Node ${process.version}, with other work on the same
machine. Arms in turn, ${lists[0]?.rounds.length ?? 0} rounds; the median of the rounds, and in brackets their least and most.

## A page of 50, from the question to the answer's JSON
Goal: p95 at ${many} runs at most ${mostRatio} × p95 at ${few}.

| Database | Page | p95 at ${few}, ms | p95 at ${many}, ms | Ratio | Goal |
|---|---|---|---|---|---|
${lists.flatMap(({ name, rounds }) => pageNames.map((page) => listRow(name, page, rounds))).join('\n')}

## Logs, from the batch on the wire to the committed transaction
Goal: at least ${leastMegabytes} MB of dbt's JSON log a second of CPU (all threads of the control plane; PostgreSQL's own processes
are not its). Reading alone: \`JSON.parse\` of the batch, zod's look at its fields, \`JSON.parse\` of each line; nothing kept.

| Database | MB a CPU second | Reading alone | Of it | Most memory, MB | Goal |
|---|---|---|---|---|---|
${ingests.map(({ name, rounds }) => ingestRow(name, rounds)).join('\n')}
`;
}

function listRow(name: string, page: PageName, rounds: readonly ListRound[]): string {
  const times = rounds.map((round) => round.get(page) ?? []);
  const ratios = times.map(([few = Number.NaN, many = Number.NaN]) => many / few);
  const column = (at: number) => spread(times.map((of) => of[at] ?? Number.NaN));
  return row([name, page, column(0), column(1), spread(ratios), verdict(median(ratios) <= mostRatio)]);
}

function ingestRow(name: string, rounds: readonly IngestRound[]): string {
  const rates = rounds.map(({ logBytes, cpuSeconds }) => logBytes / 1e6 / cpuSeconds);
  const alone = rounds.map(({ logBytes, aloneSeconds }) => logBytes / 1e6 / aloneSeconds);
  const shares = rounds.map(({ cpuSeconds, aloneSeconds }) => aloneSeconds / cpuSeconds);
  const peak = Math.max(...rounds.map(({ peakBytes }) => peakBytes / 1e6));
  return row([
    name,
    spread(rates, 1),
    spread(alone, 1),
    spread(shares),
    peak.toFixed(0),
    verdict(median(rates) >= leastMegabytes),
  ]);
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
