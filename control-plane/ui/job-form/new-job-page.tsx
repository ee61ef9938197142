import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { job as jobSchema, newJob } from '../../wire/job.ts';
import { projectPath } from '../api/paths.ts';
import type { ProjectRef } from '../api/paths.ts';
import { jobQuery, jobsQuery } from '../api/queries.ts';
import { request } from '../api/request.ts';
import { pages } from '../app/pages.ts';
import { announce } from '../elements/announce.ts';
import { ownTimeZone } from '../elements/moment.tsx';
import { Page } from '../elements/page.tsx';
import { useSlackConnected } from './alerts-part.tsx';
import type { Draft } from './draft.ts';
import { settingsOf } from './draft.ts';
import { JobForm } from './job-form.tsx';
import { useStoredDraft } from './use-stored-draft.ts';

export function NewJobPage({ projectRef }: { readonly projectRef: ProjectRef }) {
  const { org, project } = projectRef;
  const { draft, change, forget } = useStoredDraft(`draft ${org}/${project}`, ownTimeZone);
  const save = useCreate(projectRef, forget);
  return (
    <Page
      title="Create Job"
      width="text"
      trail={[
        { label: org, to: pages.projects(org) },
        { label: project, to: pages.jobs(projectRef) },
      ]}
    >
      <JobForm
        named
        org={org}
        draft={draft}
        onChange={change}
        pending={save.isPending}
        error={save.error}
        onSave={() => save.mutate(draft)}
        cancelTo={pages.jobs(projectRef)}
      />
    </Page>
  );
}

function useCreate(projectRef: ProjectRef, forget: () => void) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const connected = useSlackConnected(projectRef.org)?.connected ?? false;
  return useMutation({
    mutationFn: (draft: Draft) => {
      const body = newJob.parse({ name: draft.name.trim(), settings: settingsOf(draft, connected) });
      return request(jobSchema, projectPath(projectRef, 'jobs'), { method: 'POST', body });
    },
    onSuccess: (created) => {
      forget();
      const ref = { ...projectRef, job: created.name };
      client.setQueryData(jobQuery(ref).queryKey, created);
      void client.invalidateQueries({ queryKey: jobsQuery(projectRef).queryKey });
      navigate(pages.job(ref));
      announce(`The job ${created.name} is saved.`);
    },
  });
}
