import { useDeferredValue, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { WireJob } from '../../wire/job.ts';
import type { ProjectRef } from '../api/paths.ts';
import { jobsQuery } from '../api/queries.ts';
import { pages } from '../app/pages.ts';
import { Answer } from '../elements/answer.tsx';
import { ButtonLink } from '../elements/button.tsx';
import { Empty } from '../elements/empty.tsx';
import { SearchField } from '../elements/search-field.tsx';
import { Table } from '../elements/table.tsx';
import { TroubleNotice } from '../elements/trouble.tsx';
import { useMay } from '../projects/use-may.ts';
import { useProjectEvents } from '../runs/use-project-events.ts';
import { counted } from '../words/short.ts';
import { JobRow } from './job-row.tsx';
import { useRunNow } from './use-run-now.ts';
import './jobs-tab.css';

const columns = [
  { label: 'Job' },
  { label: 'Last run' },
  { label: 'Last 20 runs' },
  { label: 'Next run' },
  { label: 'Run now', quiet: true },
] as const;

const everyRun = {};

export function JobsTab({ projectRef }: { readonly projectRef: ProjectRef }) {
  const query = useQuery(jobsQuery(projectRef));
  useProjectEvents(projectRef, everyRun);
  return <Answer query={query}>{(jobs) => <Jobs projectRef={projectRef} jobs={jobs} />}</Answer>;
}

interface JobsProps {
  readonly projectRef: ProjectRef;
  readonly jobs: readonly WireJob[];
}

function Jobs({ projectRef, jobs }: JobsProps) {
  const [text, setText] = useState('');
  const shown = useShown(jobs, text);
  const may = useMay(projectRef.org);
  const runNow = useRunNow(projectRef);
  if (jobs.length === 0) return <NoJobs projectRef={projectRef} maySave={may.saveJobs} />;
  return (
    <div className="stack">
      <div className="row spread">
        <SearchField label="Find a job" value={text} onChange={setText} />
        {may.saveJobs ? <CreateJob projectRef={projectRef} /> : null}
      </div>
      {runNow.error === null ? null : <TroubleNotice error={runNow.error} />}
      {text === '' ? null : <p className="quiet">{`${counted(shown.length, 'job')} of ${jobs.length}`}</p>}
      <Table caption="Jobs" name="jobs" columns={columns}>
        {shown.map((job) => (
          <JobRow
            key={job.name}
            projectRef={projectRef}
            job={job}
            mayRun={may.run}
            starting={runNow.isPending && runNow.variables === job.name}
            onRun={runNow.mutate}
          />
        ))}
      </Table>
    </div>
  );
}

/** The first rows at once, the rest when the browser has time: a thousand are no pleasure to wait for. */
function useShown(jobs: readonly WireJob[], text: string): readonly WireJob[] {
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const limit = useDeferredValue(Infinity, firstRows);
  const found = wanted === '' ? jobs : jobs.filter(({ name }) => name.includes(wanted));
  return found.slice(0, limit);
}

const firstRows = 40;

function CreateJob({ projectRef }: { readonly projectRef: ProjectRef }) {
  return (
    <ButtonLink kind="primary" to={pages.newJob(projectRef)}>
      Create Job
    </ButtonLink>
  );
}

function NoJobs({ projectRef, maySave }: { readonly projectRef: ProjectRef; readonly maySave: boolean }) {
  return (
    <Empty title="No job yet" {...(maySave ? { action: <CreateJob projectRef={projectRef} /> } : {})}>
      A job runs one dbt command on a schedule, with the image and commit of the plan in force, and tells you
      how it went.
    </Empty>
  );
}
