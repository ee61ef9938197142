import { z } from 'zod';
import { json, type OrganizationContext, type Requirement, route, type Route } from '../api/route.ts';
import { readProject } from '../projects/read-project.ts';
import { newPlan, plan } from '../wire/plan.ts';
import { addCandidate } from './add-candidate.ts';
import { joinedPlans, recordsOf, wirePlan } from './plan-record.ts';
import { promote } from './promote.ts';
import type { DbtProject } from '../../contract/dbt-project.ts';

const path = '/organizations/:org/projects/:project/plans';
/** Plans that are shown: of a project that deploys ten times a day, those of a month. */
const mostShown = 300;

const toPlan: Requirement = {
  verb: 'update',
  group: 'dbt-jobs.io',
  resource: 'dbtprojects',
  subresource: 'status',
  name: ':project',
};

const listPlans = route({
  method: 'get',
  path,
  summary: 'The plans of a project, the newest first, those that Kubernetes no longer keeps included.',
  access: [{ verb: 'get', group: 'dbt-jobs.io', resource: 'dbtprojects', name: ':project' }],
  answer: json(z.array(plan)),
  async handle({ params }, context) {
    const { project } = await readProject(context.kube, params.org, params.project);
    await remember(context, project);
    const history = await context.store.plans.list(params.org, params.project, mostShown);
    return [...joinedPlans(project, history)];
  },
});

const makePlan = route({
  method: 'post',
  path,
  summary:
    'Makes a plan of an image and the commit it was built from; the watcher tries it, and promotes it if that succeeds.',
  access: [toPlan],
  action: 'plan.make',
  body: newPlan,
  answer: json(plan, 202),
  async handle({ params, body }, context) {
    const { kube, asUser } = context;
    const shell = { kube, asUser, namespace: params.org, name: params.project, now: () => context.now() };
    const added = await addCandidate(shell, body, context.identity.user);
    context.wrote(`Plan/${added.plan.id}`);
    await remember(context, added.project);
    return wirePlan(added.plan, added.project.status.plan);
  },
});

const promotePlan = route({
  method: 'post',
  path: `${path}/:plan/promote`,
  summary: 'Puts a plan in force that was promoted before: a roll-back. Runs that have begun keep theirs.',
  access: [toPlan],
  action: 'plan.promote',
  answer: json(plan),
  async handle({ params }, context) {
    const { kube, asUser } = context;
    const shell = { kube, asUser, namespace: params.org, name: params.project };
    const { after } = await promote(shell, params.plan);
    context.wrote(`Plan/${params.plan}`);
    const found = after.status.plans.find(({ id }) => id === params.plan);
    if (found === undefined) throw new Error('the API server put a plan in force that is not there');
    return wirePlan(found, after.status.plan);
  },
});

export const planRoutes: readonly Route[] = [listPlans, makePlan, promotePlan];

/** The plan is made, or can be read, whether or not the history takes it; what was missed comes with the next round. */
async function remember({ store, log }: OrganizationContext, project: DbtProject): Promise<void> {
  await store.plans
    .record(recordsOf(project))
    .catch((err: unknown) => log.warn({ err, ...namesOf(project) }, 'Could not keep the plans of a project'));
}

function namesOf({ metadata: { namespace, name } }: DbtProject) {
  return { namespace, name };
}
