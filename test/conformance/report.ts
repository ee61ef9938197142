import type { Config } from './config.ts';
import type { EngineRun } from './cross.ts';
import type { Divergence, Verdict } from './divergences.ts';
import { verdictOf } from './divergences.ts';
import { elsewhere } from './elsewhere.ts';
import type { Case } from './read-cases.ts';

export interface Run {
  readonly cases: readonly Case[];
  readonly runs: readonly EngineRun[];
  readonly divergences: readonly Divergence[];
  /** Clause → its section of contract/README.md. */
  readonly clauses: ReadonlyMap<string, string>;
  /** Of the API server, where one was there. */
  readonly server: string | undefined;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly healed: number;
  readonly diverged: number;
  readonly notAsked: number;
}

/** Verdicts of one engine; faults of no single case count as failed. */
export function countOf(run: EngineRun, { cases, divergences }: Pick<Run, 'cases' | 'divergences'>): Counts {
  const verdicts = cases.map(({ name }) => verdictOf(run, name, divergences)?.kind);
  const count = (kind: Verdict['kind']): number => verdicts.filter((verdict) => verdict === kind).length;
  return {
    passed: count('passed'),
    failed: count('failed') + run.faults.length,
    healed: count('healed'),
    diverged: count('diverged'),
    notAsked: count('not asked'),
  };
}

/** One line on an engine that is done. */
export function describeRun(
  one: EngineRun,
  cases: readonly Case[],
  divergences: readonly Divergence[],
): string {
  const start = one.engine.padEnd(26);
  if (one.notRun !== undefined) return `${start}not run: ${one.notRun}`;
  const { passed, failed, healed, diverged, notAsked } = countOf(one, { cases, divergences });
  const others = [`${diverged} diverge`, `${healed} healed`, `${notAsked} not asked`].filter(
    (text) => !text.startsWith('0 '),
  );
  return (
    `${start}${String(passed).padStart(4)} passed  ${String(failed).padStart(3)} failed  ${others.join('  ')}`.trimEnd() +
    `  ${one.seconds.toFixed(1)} s`
  );
}

/** Why the run is red, one line each; empty where it is green. */
export function findRed(run: Run, { requireAll }: Pick<Config, 'requireAll'>): readonly string[] {
  return run.runs.flatMap((one) => [
    ...run.cases.flatMap(({ name }) => redOf(name, one, run.divergences)),
    ...one.faults.map((fault) => `${one.engine}: ${fault}`),
    ...(requireAll && one.notRun !== undefined ? [`${one.engine}: not run: ${one.notRun}`] : []),
  ]);
}

function redOf(name: string, run: EngineRun, divergences: readonly Divergence[]): readonly string[] {
  const verdict = verdictOf(run, name, divergences);
  if (verdict?.kind === 'failed') return verdict.faults.map((fault) => `${run.engine}  ${name}: ${fault}`);
  return verdict?.kind === 'healed'
    ? [`${run.engine}  ${name}: passes now: take it out of divergences.yaml`]
    : [];
}

/** REPORT.md: nothing in it changes from run to run but what is reported. */
export function renderReport(run: Run): string {
  return [
    '# Conformance',
    '',
    `Written by \`make conformance\`: change nothing here. ${run.cases.length} cases, ${run.runs.length} engines${run.server === undefined ? '' : `, ${run.server}`}.`,
    '',
    '## Engines',
    '',
    ...table(
      ['engine', 'passed', 'failed', 'diverges', 'not asked', 'not run'],
      run.runs.map((one) => engineRow(one, run)),
    ),
    '',
    ...divergenceSection(run),
    '## Clauses',
    '',
    'Cases that name the clause: those that are admitted, and those that are denied or warned of; or other tests of it.',
    '',
    ...table(['clause', 'accepting', 'refusing', 'gap', 'tested by'], clauseRows(run)),
    '',
    '## Threats',
    '',
    ...table(['id', 'cases'], threatRows(run.cases)),
    '',
    '## Cases',
    '',
    '`–`: the engine is not asked, because such a request never comes to it.',
    '',
    ...table(
      ['case', ...run.runs.map(({ engine }) => engine), 'what it says'],
      run.cases.map((one) => caseRow(one, run)),
    ),
    '',
  ].join('\n');
}

function engineRow(one: EngineRun, run: Run): readonly string[] {
  const { passed, failed, healed, diverged, notAsked } = countOf(one, run);
  return [one.engine, ...[passed, failed + healed, diverged, notAsked].map(String), one.notRun ?? ''];
}

function divergenceSection({ divergences }: Run): readonly string[] {
  if (divergences.length === 0) return [];
  const rows = divergences.map((one) => [one.engine, one.case, one.reason, one.upstream]);
  return ['## Divergences', '', ...table(['engine', 'case', 'reason', 'upstream'], rows), ''];
}

/** A clause of a section that no case names is of another room: the watcher's, the CLI's. */
export function clauseRows({
  cases,
  clauses,
}: Pick<Run, 'cases' | 'clauses'>): readonly (readonly string[])[] {
  const named = (clause: string): readonly Case[] => cases.filter((one) => one.clauses.includes(clause));
  const ours = new Set(
    [...clauses].filter(([clause]) => named(clause).length > 0).map(([, section]) => section),
  );
  return [...clauses]
    .filter(([, section]) => ours.has(section))
    .map(([clause]) => {
      const refusing = named(clause).filter(
        ({ expect }) => expect === 'denied' || expect === 'warned',
      ).length;
      const accepting = named(clause).length - refusing;
      const gap = [accepting === 0 ? 'no accepting case' : '', refusing === 0 ? 'no refusing case' : ''];
      const others = elsewhere[clause] ?? [];
      const told = others.length > 0 ? '' : gap.filter(Boolean).join(', ');
      return [clause, String(accepting), String(refusing), told, others.join(', ')];
    });
}

function threatRows(cases: readonly Case[]): readonly (readonly string[])[] {
  const ids = [...new Set(cases.flatMap(({ threats }) => threats))].sort(byNumber);
  return ids.map((id) => [
    id,
    cases
      .filter(({ threats }) => threats.includes(id))
      .map(({ name }) => name)
      .join(', '),
  ]);
}

function byNumber(left: string, right: string): number {
  return left[0] === right[0] ? Number(left.slice(1)) - Number(right.slice(1)) : left < right ? -1 : 1;
}

const cells: Readonly<Record<Verdict['kind'], string>> = {
  passed: 'ok',
  failed: 'FAILED',
  diverged: 'diverges',
  healed: 'HEALED',
  'not asked': '–',
};

function caseRow(one: Case, { runs, divergences }: Run): readonly string[] {
  const cell = (run: EngineRun): string => {
    const verdict = verdictOf(run, one.name, divergences);
    return verdict === undefined ? 'not run' : cells[verdict.kind];
  };
  return [one.name, ...runs.map(cell), one.sentence.replaceAll('|', '\\|')];
}

/** A Markdown table whose columns stand under each other in an editor too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map((cell) => cell.length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
