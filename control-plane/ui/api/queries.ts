import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { job, schedule } from '../../wire/job.ts';
import { health, identity, organization } from '../../wire/organization.ts';
import { plan } from '../../wire/plan.ts';
import { project, projectConfiguration } from '../../wire/project.ts';
import { invocations, retryPreview, run, runList, runPod } from '../../wire/run.ts';
import type { RunFilter } from '../../wire/run.ts';
import { slackSettings } from '../../wire/slack.ts';
import { jobPath, organizationPath, projectPath, runPath } from './paths.ts';
import type { JobRef, ProjectRef, RunRef } from './paths.ts';
import { request } from './request.ts';

/** What a person chooses of a list of runs. */
export type RunChoice = Pick<RunFilter, 'job' | 'result' | 'phase' | 'trigger'>;

/** What nothing tells live is asked for again this often while it is looked at. */
const slowly = 60_000;
const healthEvery = 15_000;

export const identityQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => request(identity, '/me', { signal }),
  staleTime: Infinity,
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => request(health, '/health', { signal }),
  refetchInterval: healthEvery,
  retry: false,
});

export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  queryFn: ({ signal }) => request(z.array(organization), '/organizations', { signal }),
  staleTime: slowly,
});

export const projectsQuery = (org: string) =>
  queryOptions({
    queryKey: ['projects', org],
    queryFn: ({ signal }) => request(z.array(project), organizationPath(org, 'projects'), { signal }),
    refetchInterval: slowly,
  });

export const projectQuery = (ref: ProjectRef) =>
  queryOptions({
    queryKey: ['project', ref.org, ref.project],
    queryFn: ({ signal }) => request(project, projectPath(ref), { signal }),
    refetchInterval: slowly,
  });

export const configurationQuery = (ref: ProjectRef) =>
  queryOptions({
    queryKey: ['configuration', ref.org, ref.project],
    queryFn: ({ signal }) => request(projectConfiguration, projectPath(ref, 'configuration'), { signal }),
  });

export const plansQuery = (ref: ProjectRef) =>
  queryOptions({
    queryKey: ['plans', ref.org, ref.project],
    queryFn: ({ signal }) => request(z.array(plan), projectPath(ref, 'plans'), { signal }),
    // A trial takes seconds to minutes, and no event tells its end.
    refetchInterval: ({ state }) =>
      state.data?.some(({ phase }) => phase === 'Candidate') === true ? 5_000 : slowly,
  });

export const jobsQuery = (ref: ProjectRef) =>
  queryOptions({
    queryKey: ['jobs', ref.org, ref.project],
    queryFn: ({ signal }) => request(z.array(job), projectPath(ref, 'jobs'), { signal }),
    refetchInterval: slowly,
  });

export const jobQuery = (ref: JobRef) =>
  queryOptions({
    queryKey: ['job', ref.org, ref.project, ref.job],
    queryFn: ({ signal }) => request(job, jobPath(ref), { signal }),
    refetchInterval: slowly,
  });

export const scheduleQuery = (cron: string, timeZone: string) =>
  queryOptions({
    queryKey: ['schedule', cron, timeZone],
    queryFn: ({ signal }) => request(schedule, `/schedule?${words({ cron, timeZone })}`, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const runsQuery = (ref: ProjectRef, choice: RunChoice) =>
  infiniteQueryOptions({
    queryKey: ['runs', ref.org, ref.project, choice],
    queryFn: ({ signal, pageParam }) => {
      const query = words({ ...choice, before: pageParam });
      return request(runList, `${projectPath(ref, 'runs')}${query === '' ? '' : `?${query}`}`, { signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

export const runQuery = (ref: RunRef) =>
  queryOptions({
    queryKey: ['run', ref.org, ref.project, ref.run],
    queryFn: ({ signal }) => request(run, runPath(ref), { signal }),
  });

export const invocationsQuery = (ref: RunRef) =>
  queryOptions({
    queryKey: ['invocations', ref.org, ref.project, ref.run],
    queryFn: ({ signal }) => request(invocations, runPath(ref, 'nodes'), { signal }),
  });

export const runPodQuery = (ref: RunRef) =>
  queryOptions({
    queryKey: ['pod', ref.org, ref.project, ref.run],
    queryFn: ({ signal }) => request(runPod, runPath(ref, 'pod'), { signal }),
  });

export const retryQuery = (ref: RunRef) =>
  queryOptions({
    queryKey: ['retry', ref.org, ref.project, ref.run],
    queryFn: ({ signal }) => request(retryPreview, runPath(ref, 'retry'), { signal }),
  });

export const slackQuery = (org: string) =>
  queryOptions({
    queryKey: ['slack', org],
    queryFn: ({ signal }) => request(slackSettings, organizationPath(org, 'settings', 'slack'), { signal }),
  });

function words(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, value] as [string, string]],
  );
  return new URLSearchParams(given).toString();
}
