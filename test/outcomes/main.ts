import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { outcomeReasons } from '../../contract/outcome.ts';
import { type Case, CaseError, readCase } from './case.ts';
import { casesFolder } from './config.ts';
import { decideCase, differences } from './decide-case.ts';

/** The folders of cases: the given one itself, or those in it. Throws CaseError. */
function caseFolders(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new CaseError(`CASES is ${folder}, which is no folder\nset CASES to a folder of recorded cases`);
  const names = readdirSync(folder);
  if (names.includes('job.yaml') || names.includes('pods.yaml')) return [folder];
  const folders = names.map((name) => join(folder, name)).filter((path) => statSync(path).isDirectory());
  if (folders.length === 0)
    throw new CaseError(`${folder} holds no case\na case is a folder with job.yaml and pods.yaml`);
  return folders.sort();
}

interface Verdict {
  readonly line: string;
  readonly isWrong: boolean;
}

/** Decides one case: compares with its outcome.yaml, or writes one where it has none. */
function judge(found: Case): Verdict {
  const outcome = decideCase(found.facts);
  const title = outcome === null ? 'not over' : `${outcome.result} ${outcome.reason}`;
  const told =
    outcome === null
      ? ''
      : `\n     ${outcome.message}\n     next: ${outcomeReasons[outcome.reason].nextStep}`;
  if (found.expected === undefined) {
    writeFileSync(join(found.folder, 'outcome.yaml'), dump(outcome, { lineWidth: 110 }));
    return { line: `new  ${found.name}: ${title}${told}`, isWrong: false };
  }
  const wrong = differences(found.expected.value, outcome);
  return wrong.length === 0
    ? { line: `ok   ${found.name}: ${title}`, isWrong: false }
    : { line: `FAIL ${found.name}: ${title}\n     ${wrong.join('\n     ')}`, isWrong: true };
}

function judgeFolder(folder: string): Verdict {
  try {
    return judge(readCase(folder));
  } catch (error) {
    if (!(error instanceof CaseError)) throw error;
    return { line: `BAD  ${error.message.replaceAll('\n', '\n     ')}`, isWrong: true };
  }
}

try {
  const verdicts = caseFolders(casesFolder()).map(judgeFolder);
  for (const { line } of verdicts) console.log(line);
  const wrong = verdicts.filter(({ isWrong }) => isWrong).length;
  console.log(
    `${verdicts.length} cases, ${wrong} of them wrong${wrong > 0 ? '; a verdict is made in watcher/decide/' : ''}`,
  );
  if (wrong > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof CaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
