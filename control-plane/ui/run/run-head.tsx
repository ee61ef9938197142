import type { WireRun } from '../../wire/run.ts';
import { Moment, ownTimeZone } from '../elements/moment.tsx';
import { Commit, PlanImage } from '../elements/short-hash.tsx';
import { Status } from '../elements/status.tsx';
import { useSeconds } from '../elements/use-now.ts';
import { exact } from '../words/instant.ts';
import { statusOf } from '../words/run-status.ts';
import { triggerClause } from '../words/trigger.ts';
import { PhaseBar } from './phase-bar.tsx';
import './run-head.css';

/** What it is, why it ran and by whom, when, of what, and what the time went into. */
export function RunHead({ run }: { readonly run: WireRun }) {
  const now = useSeconds();
  return (
    <div className="run-head">
      <p className="run-line">
        <span className="run-status">
          <Status status={statusOf(run)} />
        </span>
        <span className="quiet wrap-anywhere">
          {triggerClause(run.trigger, ownTimeZone, now)}, <Moment at={run.createdAt} />
        </span>
        {run.cancelledBy === undefined ? null : (
          <span className="quiet wrap-anywhere">cancelled by {run.cancelledBy}</span>
        )}
      </p>
      <code className="wrap-anywhere">{run.command.join(' ')}</code>
      <Origin run={run} />
      <PhaseBar run={run} now={now} />
      {run.phase === 'ended' || run.waitingFor === undefined ? null : (
        <p className="wrap-anywhere" role="status">
          Waiting for: {run.waitingFor}
        </p>
      )}
    </div>
  );
}

function Origin({ run }: { readonly run: WireRun }) {
  return (
    <p className="run-origin quiet">
      {run.commit === undefined ? null : (
        <span>
          Commit <Commit commit={run.commit} />
        </span>
      )}
      {run.plan === undefined ? null : (
        <span className="wrap-anywhere">
          Plan <code>{run.plan}</code>
        </span>
      )}
      {run.image === undefined ? null : (
        <span className="run-image">
          Image <PlanImage image={run.image} />
        </span>
      )}
      <span>
        Created {exact(run.createdAt, ownTimeZone)} {ownTimeZone}
      </span>
    </p>
  );
}
