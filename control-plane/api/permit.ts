import type { Identity, Organization } from '../wire/organization.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Requirement, Requirements } from './route.ts';

export interface PermitShell {
  /** Whether the user may, as the API server says. Throws KubeError. */
  may(identity: Identity, namespace: string, requirement: Requirement): Promise<boolean>;
  /** Undefined where no engine is in charge of the namespace, or there is none. Throws KubeError. */
  findOrganization(name: string): Promise<FoundOrganization | undefined>;
}

export type FoundOrganization = Pick<Organization, 'name' | 'engine'>;

/**
 * The organization of the path, where the user may do all that is required in it. Who may not is told so before anything
 * is looked up: whether there is such an organization cannot be learnt. Throws Refusal and KubeError.
 */
export async function permit(
  requirements: Requirements,
  shell: PermitShell,
  identity: Identity,
  params: Readonly<Record<string, string>>,
): Promise<FoundOrganization> {
  const { org } = params;
  if (org === undefined) throw new Error('a route of an organization has no :org');
  const asked = requirements.map((requirement) => withName(requirement, params));
  const allowed = await Promise.all(asked.map((one) => shell.may(identity, org, one)));
  const missing = asked.filter((_, index) => allowed[index] !== true);
  if (missing.length > 0) throw forbidden(identity, org, missing);
  const organization = await shell.findOrganization(org);
  if (organization === undefined) throw notFound(`Organization ${org}`);
  return organization;
}

function withName(requirement: Requirement, params: Readonly<Record<string, string>>): Requirement {
  const { name, ...rest } = requirement;
  if (name === undefined) return requirement;
  const value = name.startsWith(':') ? params[name.slice(1)] : name;
  if (value === undefined) throw new Error(`the path has no ${name}`);
  return { ...rest, name: value };
}

function forbidden({ user }: Identity, org: string, missing: readonly Requirement[]): Refusal {
  const rights = missing.map(
    ({ verb, resource, subresource }) =>
      `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`,
  );
  return new Refusal({
    status: 403,
    title: `${user} may not ${rights.join(' and ')} in ${org}`,
    detail: `Ask who manages the roles of ${org} for it.`,
  });
}
