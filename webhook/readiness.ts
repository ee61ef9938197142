export interface Readiness {
  /** End of the certificate that is served, ms since the epoch; absent before there is one. */
  readonly expiresAt?: number;
  readonly projectsListed: boolean;
  readonly shuttingDown: boolean;
  readonly now: number;
}

/** What keeps this replica from being asked, all at once; empty when nothing does. */
export function findUnready({ expiresAt, projectsListed, shuttingDown, now }: Readiness): readonly string[] {
  return [
    ...(expiresAt === undefined ? ['the certificate is not loaded yet'] : []),
    ...(expiresAt !== undefined && now >= expiresAt ? ['the certificate has expired'] : []),
    ...(projectsListed ? [] : ['the DbtProjects are not listed yet']),
    ...(shuttingDown ? ['it is shutting down'] : []),
  ];
}
