/** What the API server is asked about somebody. */
export interface Asked {
  readonly namespace: string;
  readonly verb: string;
  /** With its subresource, as `pods/log`. */
  readonly resource: string;
}

/** As the roles `view` and `edit` of Kubernetes with ours aggregated into them, and `dbt-jobs-planner`. */
const view: Readonly<Record<string, readonly string[]>> = {
  jobs: ['get', 'list'],
  cronjobs: ['get', 'list'],
  pods: ['get', 'list'],
  'pods/log': ['get'],
  dbtprojects: ['get', 'list'],
};
const edit = {
  ...view,
  jobs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
  cronjobs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
  pods: ['get', 'list', 'create'],
  secrets: ['get', 'list', 'create', 'update', 'patch', 'delete'],
};
export const roles = { view, edit, editAndPlan: { ...edit, 'dbtprojects/status': ['update'] } } as const;

export interface Person {
  readonly user: string;
  readonly groups: readonly string[];
  readonly token: string;
  /** By namespace. */
  readonly roles: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const authenticated = ['system:authenticated'];
/** Two organizations, `acme` and `globex`; whoever is not named has no token. */
export const people = {
  viewer: { user: 'vera', groups: authenticated, token: 'token-of-vera', roles: { acme: roles.view } },
  editor: { user: 'ed', groups: authenticated, token: 'token-of-ed', roles: { acme: roles.editAndPlan } },
  /** May do everything, elsewhere. */
  stranger: {
    user: 'gil',
    groups: authenticated,
    token: 'token-of-gil',
    roles: { globex: roles.editAndPlan },
  },
} satisfies Record<string, Person>;

export function isAllowed(user: string, { namespace, verb, resource }: Asked): boolean {
  const person = Object.values<Person>(people).find((one) => one.user === user);
  return person?.roles[namespace]?.[resource]?.includes(verb) === true;
}
