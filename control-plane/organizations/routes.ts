import { z } from 'zod';
import type { FoundOrganization } from '../api/permit.ts';
import { json, type Requirement, type Requirements, route, type Route } from '../api/route.ts';
import { slackSecret } from '../../contract/names.ts';
import type { May } from '../identity/access-review.ts';
import { type Identity, type Organization, organization } from '../wire/organization.ts';
import type { Organizations } from './organizations.ts';

export interface OrganizationsShell {
  readonly organizations: Organizations;
  readonly may: May;
}

/** Who may not is not told that there is such an organization. */
const toSee: Requirement = { verb: 'list', group: 'batch', resource: 'jobs' };

/** What the UI asks before it offers a button; the API asks again when it is pressed. */
const rights: Readonly<Record<keyof Organization['may'], Requirements>> = {
  saveJobs: [
    { verb: 'create', group: 'batch', resource: 'cronjobs' },
    { verb: 'update', group: 'batch', resource: 'cronjobs' },
  ],
  run: [{ verb: 'create', group: 'batch', resource: 'jobs' }],
  cancel: [{ verb: 'patch', group: 'batch', resource: 'jobs' }],
  readLogs: [{ verb: 'get', group: '', resource: 'pods', subresource: 'log' }],
  plan: [{ verb: 'update', group: 'dbt-jobs.io', resource: 'dbtprojects', subresource: 'status' }],
  connectSlack: [{ verb: 'update', group: '', resource: 'secrets', name: slackSecret }],
};

export function organizationRoutes(shell: OrganizationsShell): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/organizations',
      summary: 'The organizations in which the user may look at runs, and what else the user may there.',
      access: 'identified',
      answer: json(z.array(organization)),
      async handle(_input, { identity }) {
        const all = await shell.organizations.all();
        const seen = await Promise.all(all.map((one) => seenBy(shell, identity, one)));
        return seen.filter((one) => one !== undefined);
      },
    }),
  ];
}

async function seenBy(
  { may }: OrganizationsShell,
  identity: Identity,
  found: FoundOrganization,
): Promise<Organization | undefined> {
  if (!(await may(identity, found.name, toSee))) return undefined;
  const ask = async (right: keyof Organization['may']) => {
    const allowed = await Promise.all(rights[right].map((one) => may(identity, found.name, one)));
    return allowed.every((one) => one);
  };
  const [saveJobs, run, cancel, readLogs, plan, connectSlack] = await Promise.all([
    ask('saveJobs'),
    ask('run'),
    ask('cancel'),
    ask('readLogs'),
    ask('plan'),
    ask('connectSlack'),
  ]);
  return { ...found, may: { saveJobs, run, cancel, readLogs, plan, connectSlack } };
}
