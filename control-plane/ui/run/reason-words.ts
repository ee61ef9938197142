import type { OutcomeReason } from '../../../contract/outcome.ts';

const words: Readonly<Record<OutcomeReason, string>> = {
  DbtSucceeded: 'dbt succeeded',
  DbtHandledError: 'dbt finished with errors',
  DbtUnhandledError: 'dbt could not run',
  GitSyncFailed: 'The clone failed',
  PackagesFailed: 'The packages could not be had',
  CredentialsMissing: 'Credentials are missing',
  ConfigMapMissing: 'A ConfigMap is missing',
  ImagePullFailed: 'The image could not be pulled',
  AdmissionDenied: 'The pod was denied',
  QuotaExceeded: 'The quota is used up',
  Unschedulable: 'No node has room for it',
  ContainerFailed: 'A container failed',
  OOMKilled: 'dbt used more memory than it may',
  DeadlineExceeded: 'It took longer than it may',
  StartTimeout: 'dbt did not start in time',
  Evicted: 'The pod was evicted',
  NodeLost: 'The node was lost',
  Cancelled: 'It was cancelled',
  JobDeleted: 'Its Job was deleted',
  Unknown: 'How it ended is not known',
};

/** A reason of contract/outcome.ts as a person says it; a newer one as it is. */
export function reasonInWords(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : (new Map(Object.entries(words)).get(reason) ?? reason);
}

/** `correct the failed nodes, then run again` as a sentence. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  // dbt writes itself small, also where a sentence begins.
  const begun = /^dbt\b/.test(trimmed) ? trimmed : trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
