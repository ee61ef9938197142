/** Where the API has what; the table in control-plane/wire/README.md. */
export interface ProjectRef {
  readonly org: string;
  readonly project: string;
}

export interface RunRef extends ProjectRef {
  readonly run: string;
}

export interface JobRef extends ProjectRef {
  readonly job: string;
}

const path = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`;

export const organizationPath = (org: string, ...rest: readonly string[]): string =>
  path('organizations', org, ...rest);

export const projectPath = ({ org, project }: ProjectRef, ...rest: readonly string[]): string =>
  path('organizations', org, 'projects', project, ...rest);

export const jobPath = (ref: JobRef, ...rest: readonly string[]): string =>
  projectPath(ref, 'jobs', ref.job, ...rest);

export const runPath = (ref: RunRef, ...rest: readonly string[]): string =>
  projectPath(ref, 'runs', ref.run, ...rest);
