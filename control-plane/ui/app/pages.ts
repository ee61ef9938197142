import type { JobRef, ProjectRef, RunRef } from '../api/paths.ts';

/** The address of each page. */
const path = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`;

export type RunTab = 'log' | 'nodes' | 'timing' | 'attempts' | 'pod';

export const pages = {
  organizations: () => '/',
  projects: (org: string) => path(org),
  jobs: ({ org, project }: ProjectRef) => path(org, project),
  runs: ({ org, project }: ProjectRef) => path(org, project, 'runs'),
  runsOf: ({ org, project, job }: JobRef) =>
    `${path(org, project, 'runs')}?${new URLSearchParams({ job }).toString()}`,
  plans: ({ org, project }: ProjectRef) => path(org, project, 'plans'),
  configuration: ({ org, project }: ProjectRef) => path(org, project, 'configuration'),
  newJob: ({ org, project }: ProjectRef) => path(org, project, 'jobs', 'new'),
  job: ({ org, project, job }: JobRef) => path(org, project, 'jobs', job),
  editJob: ({ org, project, job }: JobRef) => path(org, project, 'jobs', job, 'edit'),
  run: ({ org, project, run }: RunRef, tab: RunTab = 'log') =>
    path(org, project, 'runs', run, ...(tab === 'log' ? [] : [tab])),
  slack: (org: string) => path(org, 'settings', 'integrations', 'slack'),
  signIn: (next: string) =>
    next === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ next }).toString()}`,
} as const;

/** Where to go after signing in: a path of this site, whatever the address says. */
export function nextPage(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  // `//host` and `/\host` are addresses of other sites to a browser.
  return /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/';
}
