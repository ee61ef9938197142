import { shownWords } from '../../contract/container-words.ts';
import { conflict } from '../api/refusal.ts';
import { json, type OrganizationContext, route, type Route } from '../api/route.ts';
import { readJob } from '../jobs/jobs.ts';
import { invocations, retryPreview, run, runFilter, runList, runSummary } from '../wire/run.ts';
import { againOf, cancelOf, retryOf, type Why } from './actions.ts';
import { cancelRun } from './cancel-run.ts';
import { type ReadRun, readRun, wireRun } from './read-run.ts';
import { type Again, startAgain, startJob, type StartShell } from './start-run.ts';

const project = '/organizations/:org/projects/:project';
const oneRun = `${project}/runs/:run` as const;

const look = [{ verb: 'get', group: 'batch', resource: 'jobs' }] as const;
const start = [{ verb: 'create', group: 'batch', resource: 'jobs' }] as const;

interface Place {
  readonly org: string;
  readonly project: string;
}

function readShell({ org, project: name }: Place, { kube, store }: OrganizationContext) {
  return { kube, store, namespace: org, project: name };
}

function startShell({ org }: Place, { asUser, store, log, identity }: OrganizationContext): StartShell {
  return { asUser, store, log, namespace: org, user: identity.user };
}

/** Throws a Refusal where an action is not possible, with the reason that the run itself gives. */
function possible<T extends object>(action: T | Why, what: string, { stored }: ReadRun): T {
  if (isWhy(action)) throw conflict(`${stored.name} cannot be ${what}`, `${action.why}.`);
  return action;
}

function isWhy(action: object): action is Why {
  return 'why' in action;
}

const runNow = route({
  method: 'post',
  path: `${project}/jobs/:job/runs`,
  summary: 'Runs a job now, whatever its schedule says; it does not wait for a run that is at work.',
  access: start,
  action: 'job.run',
  answer: json(runSummary, 201),
  async handle({ params }, context) {
    const { kube, asUser } = context;
    const shell = { kube, asUser, namespace: params.org, project: params.project };
    const started = await startJob(startShell(params, context), await readJob(shell, params.job));
    context.wrote(`Job/${started.name}`);
    return started;
  },
});

const list = route({
  method: 'get',
  path: `${project}/runs`,
  summary: 'The runs of a project, the newest first.',
  access: [{ verb: 'list', group: 'batch', resource: 'jobs' }],
  query: runFilter,
  answer: json(runList),
  handle({ params, query }, { store }) {
    return store.runs.list(params.org, params.project, query);
  },
});

const read = route({
  method: 'get',
  path: oneRun,
  summary: 'A run, and what can be done with it now.',
  access: look,
  answer: json(run),
  async handle({ params }, context) {
    return wireRun(await readRun(readShell(params, context), params.run));
  },
});

const nodes = route({
  method: 'get',
  path: `${oneRun}/nodes`,
  summary: 'What dbt told of each node, by attempt and command.',
  access: look,
  answer: json(invocations),
  async handle({ params }, context) {
    const { invocations: told } = await readRun(readShell(params, context), params.run);
    return { invocations: [...told] };
  },
});

const cancel = route({
  method: 'post',
  path: `${oneRun}/cancel`,
  summary: 'Ends a run that is at work; dbt gets the time to cancel its queries.',
  access: [{ verb: 'patch', group: 'batch', resource: 'jobs' }],
  action: 'run.cancel',
  answer: json(run),
  async handle({ params }, context) {
    const facts = await readRun(readShell(params, context), params.run);
    const live = possible(cancelOf(facts), 'cancelled', facts);
    context.wrote(`${live.kind}/${live.metadata.name}`);
    const cancelled = await cancelRun(context.asUser, live, context.identity.user);
    const by = { cancelledBy: context.identity.user };
    return wireRun({ ...facts, stored: { ...facts.stored, ...by }, live: cancelled });
  },
});

const again = route({
  method: 'post',
  path: `${oneRun}/again`,
  summary: 'Runs the same command once more, under the plan in force.',
  access: start,
  action: 'run.again',
  answer: json(runSummary, 201),
  async handle({ params }, context) {
    const facts = await readRun(readShell(params, context), params.run);
    const origin = possible(againOf(facts), 'run again', facts);
    return startAnother(context, params, facts, origin);
  },
});

const preview = route({
  method: 'get',
  path: `${oneRun}/retry`,
  summary: 'What a retry from failure would run, and under which plan; nothing is started.',
  access: look,
  answer: json(retryPreview),
  async handle({ params }, context) {
    const facts = await readRun(readShell(params, context), params.run);
    const { words, plan, nodes: left, rest } = possible(retryOf(facts), 'retried', facts);
    return { argv: shownWords(words), plan, nodes: [...left], rest };
  },
});

const retry = route({
  method: 'post',
  path: `${oneRun}/retry`,
  summary: 'Runs what failed or was skipped, under the plan of the run that failed.',
  access: start,
  action: 'run.retry',
  answer: json(runSummary, 201),
  async handle({ params }, context) {
    const facts = await readRun(readShell(params, context), params.run);
    const { words, plan } = possible(retryOf(facts), 'retried', facts);
    const { template } = possible(facts.origin, 'retried', facts);
    return startAnother(context, params, facts, { template, words, plan, retryOf: params.run });
  },
});

async function startAnother(
  context: OrganizationContext,
  place: Place,
  { stored, cronJob }: ReadRun,
  how: Pick<Again, 'template' | 'words' | 'plan' | 'retryOf'>,
) {
  const shell = startShell(place, context);
  const started = await startAgain(shell, { ...how, name: stored.name, job: stored.job, cronJob });
  context.wrote(`Job/${started.name}`);
  return started;
}

export const runRoutes: readonly Route[] = [runNow, list, read, nodes, cancel, again, preview, retry];
