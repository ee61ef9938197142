import { memo } from 'react';
import { Link } from 'wouter';
import type { RunSummary } from '../../wire/run.ts';
import type { ProjectRef } from '../api/paths.ts';
import { pages } from '../app/pages.ts';
import { Moment } from '../elements/moment.tsx';
import { Status } from '../elements/status.tsx';
import { Cell, Row } from '../elements/table.tsx';
import { useSeconds } from '../elements/use-now.ts';
import { reasonInWords } from '../run/reason-words.ts';
import { duration, secondsBetween } from '../words/duration.ts';
import { statusOf } from '../words/run-status.ts';
import { shortCommit } from '../words/short.ts';
import { triggerWords } from '../words/trigger.ts';

interface RunRowProps {
  readonly projectRef: ProjectRef;
  readonly run: RunSummary;
}

export const RunRow = memo(
  function RunRow({ projectRef, run }: RunRowProps) {
    const { uid, name, result, reason, trigger, commit, createdAt } = run;
    return (
      <Row className="linked">
        <Cell className="run-status-cell">
          <Status status={statusOf(run)} />
        </Cell>
        <Cell className="wide">
          <Link to={pages.run({ ...projectRef, run: uid })} className="row-link wrap-anywhere">
            {name}
          </Link>
          <div className="quiet small clip">
            {result === 'failed' || result === 'unknown' ? reasonInWords(reason) : run.command.join(' ')}
          </div>
        </Cell>
        <Cell>
          <span className="nowrap">{triggerWords[trigger.kind]}</span>
          {trigger.by === undefined ? null : (
            <div className="quiet small clip" title={trigger.by}>
              {trigger.by}
            </div>
          )}
        </Cell>
        <Cell className="mono quiet">
          {commit === undefined ? '' : <span title={commit}>{shortCommit(commit)}</span>}
        </Cell>
        <Cell className="quiet">
          <Moment at={createdAt} />
        </Cell>
        <Cell className="numeric nowrap">
          {run.phase === 'running' ? <SoFar run={run} /> : <Took run={run} />}
        </Cell>
      </Row>
    );
  },
  (before, after) => before.run === after.run && before.projectRef.project === after.projectRef.project,
);

function SoFar({ run }: { readonly run: RunSummary }) {
  const now = useSeconds();
  return duration(secondsBetween(run.startedAt ?? run.createdAt, undefined, now));
}

function Took({ run: { startedAt, endedAt } }: { readonly run: RunSummary }) {
  return startedAt === undefined || endedAt === undefined
    ? ''
    : duration(secondsBetween(startedAt, endedAt, 0));
}
