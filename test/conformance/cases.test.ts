import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { problems, warnings } from '../../contract/problems.ts';
import { ownCases } from './config.ts';
import { clausesOfContract, runConformance } from './conformance.ts';
import { elsewhere } from './elsewhere.ts';
import { readCases } from './read-cases.ts';
import type { Run } from './report.ts';
import { countOf, findRed } from './report.ts';

const cases = readCases(ownCases, new Set(clausesOfContract().keys()));

describe('every case', () => {
  let run: Run;
  beforeAll(async () => {
    const engines = ['core', 'http'] as const;
    run = await runConformance({ cases: ownCases, engines, requireAll: true, logFiles: [] }, () => undefined);
  });
  it('is what the pure functions and the server over TLS do', () => {
    expect(findRed(run, { requireAll: true })).toEqual([]);
    const counts = run.runs.map((one) => countOf(one, run));
    expect(counts.map(({ passed, notAsked }) => passed + notAsked)).toEqual([cases.length, cases.length]);
    expect(counts.every(({ passed }) => passed > 250)).toBe(true);
  });
  it('stands in REPORT.md with its sentence: "make conformance" writes it anew', () => {
    const report = readFileSync(new URL('REPORT.md', import.meta.url), 'utf8');
    const told = [...report.matchAll(/^\| ([a-z]+\/[a-z0-9-]+) +\|.*\| (.*?) +\|$/gm)];
    expect(told.map(([, name, sentence]) => [name, sentence])).toEqual(
      cases.map(({ name, sentence }) => [name, sentence]),
    );
  });
});

describe('the cases together', () => {
  it('say each a sentence of their own', () => {
    const sentences = cases.map(({ sentence }) => sentence);
    expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([]);
  });
  it('hold every problem and every warning that the contract has', () => {
    const told = cases.flatMap((one) => [...one.problems, ...one.warnings]);
    const missing = Object.entries(patterns).filter(
      ([, pattern]) => !told.some((text) => pattern.test(text)),
    );
    expect(missing.map(([name]) => name)).toEqual([]);
  });
  it('have an accepting and a refusing one for each clause that an engine can keep and break', () => {
    const of = (clause: string, refusing: readonly string[]) =>
      cases.filter(
        ({ clauses, expect: expected }) => clauses.includes(clause) && refusing.includes(expected),
      );
    const gaps = [...clausesOfContract().keys()].filter(
      (clause) =>
        of(clause, ['mutated', 'untouched']).length === 0 || of(clause, ['denied', 'warned']).length === 0,
    );
    expect(gaps).toEqual([...Object.keys(elsewhere), ...ofTheWatcher]);
  });
  it('leave a clause to other tests only where those are there', () => {
    const missing = Object.values(elsewhere)
      .flat()
      .filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url)));
    expect(missing).toEqual([]);
  });
  it('cover the threats that README.md lists', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    const listed = [...readme.matchAll(/^\| ([SW][0-9]+) +\|/gm)].map(([, id]) => id);
    expect([...new Set(cases.flatMap(({ threats }) => threats))].sort()).toEqual([...listed].sort());
  });
});

const ofTheWatcher = ['C29', 'C30', 'C31', 'C32', 'C33', 'C34', 'C35'] as const;

const x = 'X';
const plan = { id: x, image: x, commit: x };
/** Each text with any words where the contract puts a user's. */
const patterns = Object.fromEntries(
  Object.entries({
    restartPolicy: problems.restartPolicy(),
    windows: problems.windows(),
    hostNamespaces: problems.hostNamespaces([x]),
    containerUnknown: problems.containerUnknown(x, [x]),
    containerAmbiguous: problems.containerAmbiguous([x]),
    noPlan: problems.noPlan(),
    planUnknown: problems.planUnknown(x, x),
    planFailed: problems.planFailed(x, x),
    image: problems.image(x, x, plan),
    planImageElsewhere: problems.planImageElsewhere([x], x),
    reservedContainers: problems.reservedContainers([x]),
    outdatedCopy: problems.outdatedCopy(plan),
    reservedInitContainers: problems.reservedInitContainers([x]),
    reservedVolumes: problems.reservedVolumes([x]),
    reservedMounts: problems.reservedMounts([x]),
    projectLabelDiffers: problems.projectLabelDiffers(x, x),
    notInjected: problems.notInjected([x]),
    unknownProject: problems.unknownProject(),
    noEngine: problems.noEngine(),
    token: warnings.token(x),
    startingDeadline: warnings.startingDeadline(),
  } satisfies Record<keyof typeof problems | keyof typeof warnings, string>).map(([name, text]) => [
    name,
    new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(x, '.+')}$`),
  ]),
);
