import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { job as jobSchema } from '../../wire/job.ts';
import type { ChangedJob, WireJob } from '../../wire/job.ts';
import { jobPath } from '../api/paths.ts';
import type { JobRef } from '../api/paths.ts';
import { jobQuery, jobsQuery } from '../api/queries.ts';
import { command, request } from '../api/request.ts';
import { pages } from '../app/pages.ts';
import { Button, ButtonLink } from '../elements/button.tsx';
import { Confirm } from '../elements/confirm.tsx';
import { TroubleNotice } from '../elements/trouble.tsx';
import { useMay } from '../projects/use-may.ts';
import { useRunNow } from './use-run-now.ts';

interface JobActionsProps {
  readonly jobRef: JobRef;
  readonly job: WireJob;
}

export function JobActions({ jobRef, job }: JobActionsProps) {
  const may = useMay(jobRef.org);
  const runNow = useRunNow(jobRef);
  const pause = usePause(jobRef, job);
  const error = runNow.error ?? pause.error;
  const mayChange = may.saveJobs && job.readOnly === undefined && job.settings !== undefined;
  return (
    <div className="stack">
      <div className="row">
        {mayChange ? (
          <>
            <Delete jobRef={jobRef} />
            <Button pending={pause.isPending} onPress={() => pause.mutate()}>
              {job.paused ? 'Resume' : 'Pause'}
            </Button>
            <ButtonLink to={pages.editJob(jobRef)}>Edit</ButtonLink>
          </>
        ) : null}
        {may.run ? (
          <Button kind="primary" pending={runNow.isPending} onPress={() => runNow.mutate(jobRef.job)}>
            Run now
          </Button>
        ) : null}
      </div>
      {error === null ? null : <TroubleNotice error={error} />}
    </div>
  );
}

function usePause(jobRef: JobRef, { settings, resourceVersion, paused }: WireJob) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => {
      if (settings === undefined) throw new Error('a job without settings is changed where it was written');
      const body: ChangedJob = { resourceVersion, settings: { ...settings, paused: !paused } };
      return request(jobSchema, jobPath(jobRef), { method: 'PUT', body });
    },
    onSuccess: (changed) => {
      client.setQueryData(jobQuery(jobRef).queryKey, changed);
      return client.invalidateQueries({ queryKey: jobsQuery(jobRef).queryKey });
    },
    // Somebody else has changed it meanwhile: show how it is now.
    onError: () => client.invalidateQueries({ queryKey: jobQuery(jobRef).queryKey }),
  });
}

function Delete({ jobRef }: { readonly jobRef: JobRef }) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const remove = useMutation({
    mutationFn: () => command(jobPath(jobRef), { method: 'DELETE' }),
    onSuccess: async () => {
      navigate(pages.jobs(jobRef));
      client.removeQueries({ queryKey: jobQuery(jobRef).queryKey });
      await client.invalidateQueries({ queryKey: jobsQuery(jobRef).queryKey });
    },
  });
  return (
    <Confirm
      trigger={<Button>Delete</Button>}
      title={`Delete ${jobRef.job}?`}
      action="Delete the job"
      kind="danger"
      pending={remove.isPending}
      error={remove.error}
      onConfirm={(close) => remove.mutate(undefined, { onSuccess: close })}
    >
      <p>It is not run again, and a run that is at work is cancelled. Past runs and their logs stay.</p>
    </Confirm>
  );
}
