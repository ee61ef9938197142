import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { runSummary } from '../../wire/run.ts';
import { jobPath } from '../api/paths.ts';
import type { ProjectRef } from '../api/paths.ts';
import { request } from '../api/request.ts';
import { pages } from '../app/pages.ts';

/** Starts a run of a job and shows it. */
export function useRunNow(ref: ProjectRef) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: (job: string) => request(runSummary, jobPath({ ...ref, job }, 'runs'), { method: 'POST' }),
    onSuccess: ({ uid }) => {
      void client.invalidateQueries({ queryKey: ['runs', ref.org, ref.project] });
      navigate(pages.run({ ...ref, run: uid }));
    },
  });
}
