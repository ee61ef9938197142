import { setTimeout as sleep } from 'node:timers/promises';
import { events, type OrganizationContext, type Requirement, route, type Route } from '../api/route.ts';
import { readProject } from '../projects/read-project.ts';
import { projectEvents } from '../wire/live.ts';
import { type LiveShell, projectLive } from './project-live.ts';

const toLook: Requirement = { verb: 'get', group: 'batch', resource: 'jobs' };

const ofProject = route({
  method: 'get',
  path: '/organizations/:org/projects/:project/events',
  summary: 'The runs of a project, live: each as it is now when it comes or has changed.',
  access: [toLook],
  answer: events(projectEvents),
  async handle({ params }, context) {
    await readProject(context.kube, params.org, params.project);
    const place = { namespace: params.org, project: params.project };
    return projectLive(shellOf(context), place, context.lastEventId);
  },
});

export const liveRoutes: readonly Route[] = [ofProject];

function shellOf({ store, signal, now }: OrganizationContext): LiveShell {
  return {
    store,
    signal,
    now,
    // An abort ends the wait; who waits looks at the signal itself.
    sleep: (ms, until) => sleep(ms, undefined, { signal: until }).catch(() => undefined),
  };
}
