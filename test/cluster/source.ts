import type { Source } from './components.ts';

export type SourceFacts = {
  givenKubeconfig: string | undefined;
  /** What the cluster of this name was started as; none when it is not there. */
  startedAs: 'kind' | 'embedded' | undefined;
  dockerAnswers: boolean;
};

export type ChosenSource = { source: Source; reason: string };

/**
 * 1. A kubeconfig that is given wins: somebody said which cluster.
 * 2. A cluster that exists stays what it is, whatever Docker does meanwhile.
 * 3. kind, where a Docker engine answers.
 * 4. The embedded cluster.
 */
export const chooseSource = ({ givenKubeconfig, startedAs, dockerAnswers }: SourceFacts): ChosenSource => {
  if (givenKubeconfig !== undefined) return { source: 'given', reason: 'DBT_JOBS_KUBECONFIG names it' };
  if (startedAs) return { source: startedAs, reason: 'it was started as that' };
  if (dockerAnswers) return { source: 'kind', reason: 'a Docker engine answers' };
  return { source: 'embedded', reason: 'no kubeconfig is given and no Docker engine answers' };
};
