import type { Identity } from '../wire/organization.ts';

const serviceAccount = /^system:serviceaccount:/;
/** The API server adds these to whom they belong; to ask for them would take the right to impersonate them. */
const given = /^system:(authenticated$|serviceaccounts(:|$))/;

/**
 * The headers that make a call the user's. A ServiceAccount's groups follow from its name. Anything that a header cannot
 * hold is escaped by the API server's rule, percent-encoding of UTF-8, for extra keys only: a name with other than printable
 * characters is refused where it comes in, by identity/.
 */
export function impersonation({
  user,
  groups,
}: Pick<Identity, 'user' | 'groups'>): Readonly<Record<string, string | string[]>> {
  const asked = groups.filter((group) => !given.test(group));
  return {
    'impersonate-user': user,
    ...(!serviceAccount.test(user) && asked.length > 0 && { 'impersonate-group': asked }),
  };
}
