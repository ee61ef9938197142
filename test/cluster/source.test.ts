import { expect, it } from 'vitest';
import { chooseSource } from './source.ts';
import type { ChosenSource, SourceFacts } from './source.ts';

const nothing: SourceFacts = { givenKubeconfig: undefined, startedAs: undefined, dockerAnswers: false };

const cases: Record<string, [SourceFacts, ChosenSource]> = {
  'a given kubeconfig wins over everything': [
    { givenKubeconfig: '/kubeconfig', startedAs: 'embedded', dockerAnswers: true },
    { source: 'given', reason: 'DBT_JOBS_KUBECONFIG names it' },
  ],
  'an embedded cluster stays embedded when Docker starts': [
    { ...nothing, startedAs: 'embedded', dockerAnswers: true },
    { source: 'embedded', reason: 'it was started as that' },
  ],
  'a kind cluster stays kind when Docker does not answer': [
    { ...nothing, startedAs: 'kind' },
    { source: 'kind', reason: 'it was started as that' },
  ],
  'kind where a Docker engine answers': [
    { ...nothing, dockerAnswers: true },
    { source: 'kind', reason: 'a Docker engine answers' },
  ],
  'embedded where there is nothing else': [
    nothing,
    { source: 'embedded', reason: 'no kubeconfig is given and no Docker engine answers' },
  ],
};

it.each(Object.entries(cases))('%s', (_name, [facts, expected]) => {
  expect(chooseSource(facts)).toEqual(expected);
});
