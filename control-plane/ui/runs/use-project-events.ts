import { useMemo } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { projectEvents } from '../../wire/live.ts';
import type { RunSummary } from '../../wire/run.ts';
import { projectPath } from '../api/paths.ts';
import type { ProjectRef } from '../api/paths.ts';
import type { Connection } from '../api/events.ts';
import { jobQuery, jobsQuery, runsQuery } from '../api/queries.ts';
import type { RunChoice } from '../api/queries.ts';
import { apiAddress } from '../api/request.ts';
import { useEvents } from '../api/use-events.ts';
import { foldIntoJob, foldRun } from './fold-run.ts';

/** Lets what is shown of a project's jobs and of the chosen runs follow the cluster. */
export function useProjectEvents({ org, project }: ProjectRef, choice: RunChoice): Connection {
  const client = useQueryClient();
  const { job, result, phase, trigger } = choice;
  const listeners = useMemo(() => {
    const ref = { org, project };
    return {
      run: (data: unknown) => {
        const run = projectEvents.run.parse(data);
        foldIntoJobs(client, ref, run);
        const chosen = { job, result, phase, trigger };
        client.setQueryData(runsQuery(ref, chosen).queryKey, (list) => list && foldRun(list, run, chosen));
      },
    };
  }, [client, org, project, job, result, phase, trigger]);
  return useEvents(apiAddress(projectPath({ org, project }, 'events')), listeners);
}

function foldIntoJobs(client: QueryClient, ref: ProjectRef, run: RunSummary): void {
  client.setQueryData(jobsQuery(ref).queryKey, (jobs) => jobs?.map((job) => foldIntoJob(job, run)));
  if (run.job === undefined) return;
  client.setQueryData(jobQuery({ ...ref, job: run.job }).queryKey, (job) => job && foldIntoJob(job, run));
}
