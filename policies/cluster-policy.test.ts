import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const foreach = z.object({
  context: z.array(z.looseObject({ name: z.string() })),
  preconditions: z.looseObject({ all: z.array(z.looseObject({ key: z.string() })) }).optional(),
});
const policy = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    rules: z.array(z.object({ mutate: z.object({ foreach: z.tuple([foreach]) }) })),
  }),
});

const text = readFileSync(new URL('cluster-policy/dbt-jobs.yaml', import.meta.url), 'utf8');
const policies = z.array(policy).parse(loadAll(text));

/** Every expression that is written into a text, and what Kyverno then reads again. */
function written(name: string): string[] {
  const [found] = policies.filter(({ metadata }) => metadata.name === name);
  return [...JSON.stringify(found?.spec.rules).matchAll(/\{\{(.*?)\}\}/g)].map((match) =>
    (match[1] ?? '').replaceAll('\\"', '"').trim(),
  );
}

describe('the ClusterPolicy', () => {
  // Names of ours, fields of the project that the CRD's patterns keep free of braces, numbers and booleans: nothing that a
  // pod, or an environment value of the project, can choose.
  it('writes into a text only what no author of a pod can choose', () => {
    const short = written('dbt-jobs').filter(
      (expression) => !/^(regex_match|length|to_string)\(/.test(expression),
    );
    const names = short.flatMap((expression) =>
      [...expression.replaceAll(/'[^']*'|`[^`]*`/g, '').matchAll(/(?<![\w.])[a-z]\w*\b(?!\()/gi)].map(
        (match) => match[0],
      ),
    );
    expect([...new Set(names)].sort()).toEqual(
      `at caVolumes cloneArgs cloneVolumes fileVolumes folder gitConfig index install mounts ourEnvNames ourMountTexts
       ourVolumeTexts plan presentEnvNames presentMounts presentSecrets presentVolumes profilesVolumes project repository
       request restricted secretNames spec`.split(/\s+/),
    );
    expect(short.filter((expression) => /request\.(?!namespace$)|environment/.test(expression))).toEqual([]);
  });

  it('takes a user’s label into the address of the look-up only by the pattern of a name', () => {
    const all = ['dbt-jobs', 'dbt-jobs-job', 'dbt-jobs-cronjob'].flatMap(written);
    const looked = all.filter((expression) => expression.includes('.labels.'));
    expect(looked).toHaveLength(3);
    for (const expression of looked) {
      expect(expression).toMatch(
        /^regex_match\('\^\[a-z0-9\]\(\[a-z0-9-\]\{0,61\}\[a-z0-9\]\)\?\$', .* \|\| ''$/s,
      );
    }
  });

  it('asks for each variable once, in its order', () => {
    const [{ context, preconditions }] = policies[0]!.spec.rules[0]!.mutate.foreach;
    const [, { key } = { key: '' }] = preconditions?.all ?? [];
    expect(
      key
        .replace(/^\{\{ length\(\[/, '')
        .replace(/\]\) \}\}$/, '')
        .split(',')
        .map((name) => name.trim()),
    ).toEqual(context.map(({ name }) => name));
  });
});
