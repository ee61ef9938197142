import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { WireJob } from '../../wire/job.ts';
import type { JobRef } from '../api/paths.ts';
import { jobQuery, runsQuery } from '../api/queries.ts';
import { pages } from '../app/pages.ts';
import { Answer } from '../elements/answer.tsx';
import { Empty } from '../elements/empty.tsx';
import { Notice } from '../elements/notice.tsx';
import { Page } from '../elements/page.tsx';
import { Runs } from '../runs/runs-tab.tsx';
import { useProjectEvents } from '../runs/use-project-events.ts';
import { JobActions } from './job-actions.tsx';
import { JobFacts } from './job-facts.tsx';
import { LinkedRunBars } from './run-bars.tsx';

export function JobPage({ jobRef: { org, project, job } }: { readonly jobRef: JobRef }) {
  const ref = { org, project, job };
  const query = useQuery(jobQuery(ref));
  useProjectEvents(ref, { job });
  return (
    <Page
      title={job}
      trail={[
        { label: org, to: pages.projects(org) },
        { label: project, to: pages.jobs(ref) },
      ]}
      {...(query.data === undefined
        ? {}
        : {
            lead: <Schedule job={query.data} />,
            actions: <JobActions jobRef={ref} job={query.data} />,
          })}
    >
      <Answer query={query} lines={4}>
        {(data) => (
          <>
            {data.readOnly === undefined ? null : <ReadOnly readOnly={data.readOnly} />}
            <JobFacts job={data} />
            {data.lastRuns.length === 0 ? null : <LinkedRunBars projectRef={ref} runs={data.lastRuns} />}
          </>
        )}
      </Answer>
      <History jobRef={ref} />
    </Page>
  );
}

function Schedule({ job: { schedule, paused } }: { readonly job: WireJob }) {
  return (
    <p className="quiet">
      {paused ? 'Paused. Otherwise: ' : ''}
      {schedule.reading} <span className="nowrap">({schedule.timeZone})</span>
    </p>
  );
}

function ReadOnly({ readOnly: { reason, by } }: { readonly readOnly: NonNullable<WireJob['readOnly']> }) {
  return (
    <Notice
      kind="told"
      title={by === undefined ? 'This job is changed where it was written.' : `${by} keeps this job.`}
    >
      {reason} It can be run from here.
    </Notice>
  );
}

const shownRuns = 20;

/** Stays when the job itself is gone: what ran is kept. */
function History({ jobRef }: { readonly jobRef: JobRef }) {
  const query = useInfiniteQuery(runsQuery(jobRef, { job: jobRef.job }));
  return (
    <section className="stack" aria-label="Runs">
      <div className="row spread">
        <h2>Runs</h2>
        <Link to={pages.runsOf(jobRef)}>All runs of this job</Link>
      </div>
      <Answer query={query}>
        {({ pages: [first] }) =>
          first === undefined || first.runs.length === 0 ? (
            <Empty title="Never run">
              The first run appears here when its time has come, or when you press Run now.
            </Empty>
          ) : (
            <Runs projectRef={jobRef} runs={first.runs.slice(0, shownRuns)} />
          )
        }
      </Answer>
    </section>
  );
}
