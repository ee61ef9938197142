import type { Requirement } from './route.ts';

/** `create jobs.batch` or `update dbtprojects.dbt-jobs.io/status "<project>"`, as kubectl auth can-i takes it but for the name. */
export function rightOf({ verb, group, resource, subresource, name }: Requirement): string {
  const full = `${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
  if (name === undefined) return `${verb} ${full}`;
  return `${verb} ${full} ${name.startsWith(':') ? `<${name.slice(1)}>` : name}`;
}
