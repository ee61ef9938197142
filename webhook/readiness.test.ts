import { describe, expect, it } from 'vitest';
import type { Readiness } from './readiness.ts';
import { findUnready } from './readiness.ts';

describe('a replica', () => {
  const ready: Readiness = { expiresAt: 2000, now: 1000, projectsListed: true, shuttingDown: false };
  const withoutCertificate = { now: 1000, projectsListed: true, shuttingDown: false };
  const cases: Record<string, { state: Readiness; waiting: string[] }> = {
    'is ready with a certificate and the projects': { state: ready, waiting: [] },
    'is not ready when it starts': {
      state: { ...withoutCertificate, projectsListed: false },
      waiting: ['the certificate is not loaded yet', 'the DbtProjects are not listed yet'],
    },
    'is not ready once its certificate has ended': {
      state: { ...ready, now: 2000 },
      waiting: ['the certificate has expired'],
    },
    'is not ready while shutting down': {
      state: { ...ready, shuttingDown: true },
      waiting: ['it is shutting down'],
    },
  };
  it.each(Object.entries(cases))('%s', (_name, { state, waiting }) => {
    expect(findUnready(state)).toEqual(waiting);
  });
});
