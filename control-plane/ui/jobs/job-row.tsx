import { memo } from 'react';
import { Link } from 'wouter';
import type { WireJob } from '../../wire/job.ts';
import type { ProjectRef } from '../api/paths.ts';
import { pages } from '../app/pages.ts';
import { Button } from '../elements/button.tsx';
import { Icon } from '../elements/icon.tsx';
import { Moment } from '../elements/moment.tsx';
import { Status } from '../elements/status.tsx';
import { Cell, Row } from '../elements/table.tsx';
import { statusOf } from '../words/run-status.ts';
import { RunBars } from './run-bars.tsx';

interface JobRowProps {
  readonly projectRef: ProjectRef;
  readonly job: WireJob;
  readonly mayRun: boolean;
  readonly starting: boolean;
  readonly onRun: (job: string) => void;
}

export const JobRow = memo(function JobRow({ projectRef, job, mayRun, starting, onRun }: JobRowProps) {
  return (
    <Row className="linked">
      <Cell className="wide">
        <Link to={pages.job({ ...projectRef, job: job.name })} className="row-link wrap-anywhere">
          {job.name}
        </Link>
        <div className="quiet mono clip" title={job.argv.join(' ')}>
          {job.argv.join(' ')}
        </div>
      </Cell>
      <Cell className="job-last">
        <LastRun projectRef={projectRef} run={job.lastRuns[0]} />
      </Cell>
      <Cell className="job-bars">{job.lastRuns.length === 0 ? null : <RunBars runs={job.lastRuns} />}</Cell>
      <Cell className="job-next">
        <NextRun job={job} />
      </Cell>
      <Cell className="job-run">
        {mayRun ? (
          <Button label={`Run ${job.name} now`} pending={starting} onPress={() => onRun(job.name)}>
            Run now
          </Button>
        ) : null}
      </Cell>
    </Row>
  );
}, isSame);

/** A row is drawn anew for what it shows; the object of the reference is another at each rendering of the page. */
function isSame(before: JobRowProps, after: JobRowProps): boolean {
  return (
    before.job === after.job &&
    before.mayRun === after.mayRun &&
    before.starting === after.starting &&
    before.projectRef.org === after.projectRef.org &&
    before.projectRef.project === after.projectRef.project
  );
}

interface LastRunProps {
  readonly projectRef: ProjectRef;
  readonly run: WireJob['lastRuns'][number] | undefined;
}

function LastRun({ projectRef, run }: LastRunProps) {
  if (run === undefined) return <span className="quiet">Never run</span>;
  return (
    <Link to={pages.run({ ...projectRef, run: run.uid })} className="above last-run">
      <Status status={statusOf(run)} />
      <span className="quiet">
        <Moment at={run.createdAt} />
      </span>
    </Link>
  );
}

function NextRun({ job: { schedule, paused } }: { readonly job: WireJob }) {
  const [next] = schedule.next;
  return (
    <>
      <div className="next-run">
        {paused ? <Paused /> : next === undefined ? 'Never' : <Moment at={next} />}
      </div>
      <div className="quiet small clip" title={`${schedule.reading} (${schedule.timeZone})`}>
        {schedule.reading}
      </div>
    </>
  );
}

function Paused() {
  return (
    <span className="status status-queued">
      <Icon name="paused" />
      Paused
    </span>
  );
}
