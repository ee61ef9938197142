import type { Identity } from '../wire/organization.ts';

const serviceAccount = /^system:serviceaccount:/;
/** The API server adds these to whom they belong; to ask for them would take the right to impersonate them. */
const given = /^system:(authenticated$|serviceaccounts(:|$))/;

/** The headers that make a call the user's. A ServiceAccount's groups follow from its name. */
export function impersonation({
  user,
  groups,
}: Pick<Identity, 'user' | 'groups'>): Readonly<Record<string, string | string[]>> {
  const asked = groups.filter((group) => !given.test(group));
  return {
    'impersonate-user': inHeader(user),
    ...(!serviceAccount.test(user) && asked.length > 0 && { 'impersonate-group': asked.map(inHeader) }),
  };
}

/** Node writes each character as a byte; the API server reads UTF-8. */
function inHeader(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}
