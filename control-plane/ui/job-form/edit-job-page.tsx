import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { changedJob, job as jobSchema } from '../../wire/job.ts';
import type { JobSettings, WireJob } from '../../wire/job.ts';
import { jobPath } from '../api/paths.ts';
import type { JobRef } from '../api/paths.ts';
import { jobQuery, jobsQuery } from '../api/queries.ts';
import { isRefusal } from '../api/refusal.ts';
import { request } from '../api/request.ts';
import { pages } from '../app/pages.ts';
import { Answer } from '../elements/answer.tsx';
import { announce } from '../elements/announce.ts';
import { Button, ButtonLink } from '../elements/button.tsx';
import { Notice } from '../elements/notice.tsx';
import { Page } from '../elements/page.tsx';
import { draftOf, settingsOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { JobForm } from './job-form.tsx';

export function EditJobPage({ jobRef }: { readonly jobRef: JobRef }) {
  const { org, project, job } = jobRef;
  const query = useQuery(jobQuery(jobRef));
  return (
    <Page
      title={`Edit ${job}`}
      width="text"
      trail={[
        { label: org, to: pages.projects(org) },
        { label: project, to: pages.jobs(jobRef) },
        { label: job, to: pages.job(jobRef) },
      ]}
    >
      <Answer query={query} lines={12}>
        {(data) =>
          data.settings === undefined || data.readOnly !== undefined ? (
            <ReadOnly jobRef={jobRef} job={data} />
          ) : (
            <Editor
              jobRef={jobRef}
              job={data}
              settings={data.settings}
              onReload={() => void query.refetch()}
            />
          )
        }
      </Answer>
    </Page>
  );
}

function ReadOnly({ jobRef, job }: { readonly jobRef: JobRef; readonly job: WireJob }) {
  return (
    <Notice
      kind="told"
      title="This job is changed where it was written."
      action={<ButtonLink to={pages.job(jobRef)}>To the job</ButtonLink>}
    >
      {job.readOnly?.reason}
    </Notice>
  );
}

interface EditorProps {
  readonly jobRef: JobRef;
  readonly job: WireJob;
  readonly settings: JobSettings;
  readonly onReload: () => void;
}

/** Holds on to the version it began with: what somebody else saves meanwhile must not be lost without a word. */
function Editor({ jobRef, job, settings, onReload }: EditorProps) {
  const [draft, setDraft] = useState(() => draftOf(job.name, settings));
  const [version, setVersion] = useState(job.resourceVersion);
  const save = useChange(jobRef, version);
  const takeTheirs = (): void => {
    setDraft(draftOf(job.name, settings));
    setVersion(job.resourceVersion);
    save.reset();
  };
  return (
    <JobForm
      org={jobRef.org}
      draft={draft}
      onChange={setDraft}
      pending={save.isPending}
      error={save.error}
      onSave={() => save.mutate(draft, { onError: onReload })}
      cancelTo={pages.job(jobRef)}
      remedy={
        isRefusal(save.error, 409) ? (
          <div className="row">
            <Button onPress={takeTheirs}>Drop my changes and show the newer ones</Button>
          </div>
        ) : null
      }
    />
  );
}

function useChange(jobRef: JobRef, resourceVersion: string) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: (draft: Draft) => {
      const body = changedJob.parse({ resourceVersion, settings: settingsOf(draft, false) });
      return request(jobSchema, jobPath(jobRef), { method: 'PUT', body });
    },
    onSuccess: (changed) => {
      client.setQueryData(jobQuery(jobRef).queryKey, changed);
      void client.invalidateQueries({ queryKey: jobsQuery(jobRef).queryKey });
      navigate(pages.job(jobRef));
      announce(`The job ${changed.name} is saved.`);
    },
  });
}
