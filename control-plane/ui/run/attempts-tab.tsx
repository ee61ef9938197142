import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { WireRun } from '../../wire/run.ts';
import type { RunRef } from '../api/paths.ts';
import { pages } from '../app/pages.ts';
import { Empty } from '../elements/empty.tsx';
import { Moment } from '../elements/moment.tsx';
import { Cell, Row, Table } from '../elements/table.tsx';
import { useSeconds } from '../elements/use-now.ts';
import { logStreamsQuery } from '../log/log-queries.ts';
import { duration } from '../words/duration.ts';
import { cloneOf, dbtOf } from './phases.ts';
import './attempts-tab.css';

const columns = [
  { label: '#' },
  { label: 'Pod' },
  { label: 'Phase' },
  { label: 'Node' },
  { label: 'Created' },
  { label: 'Clone', numeric: true },
  { label: 'dbt', numeric: true },
  { label: 'Exit code', numeric: true },
] as const;

interface AttemptsTabProps {
  readonly runRef: RunRef;
  readonly run: WireRun;
}

export function AttemptsTab({ runRef, run: { attempts, phase } }: AttemptsTabProps) {
  if (attempts.length === 0) {
    return (
      <Empty title={phase === 'ended' ? 'No attempt was made' : 'No attempt yet'}>
        An attempt is one pod of a run;{' '}
        {phase === 'ended' ? 'none could be created.' : 'the first has not been created.'}
      </Empty>
    );
  }
  return (
    <Table caption="Attempts" name="attempts" columns={columns}>
      {attempts.map((attempt, index) => (
        <AttemptRow key={attempt.uid} runRef={runRef} attempt={attempt} number={index + 1} />
      ))}
    </Table>
  );
}

interface AttemptRowProps {
  readonly runRef: RunRef;
  readonly attempt: WireRun['attempts'][number];
  readonly number: number;
}

function AttemptRow({ runRef, attempt, number }: AttemptRowProps) {
  const now = useSeconds();
  const { name, phase, node, createdAt, exitCode } = attempt;
  const stream = useQuery(logStreamsQuery(runRef)).data?.streams.findLast(
    (one) => one.attempt === attempt.uid,
  );
  const [clone, dbt] = [cloneOf(attempt, now), dbtOf(attempt, now)];
  return (
    <Row>
      <Cell>{number}</Cell>
      <Cell className="wide">
        <div className="mono wrap-anywhere">{name}</div>
        {stream === undefined ? null : (
          <Link to={`${pages.run(runRef)}?${new URLSearchParams({ log: stream.id }).toString()}`}>
            Log<span className="unseen"> of attempt {number}</span>
          </Link>
        )}
      </Cell>
      <Cell>{phase}</Cell>
      <Cell className="quiet wrap-anywhere">{node}</Cell>
      <Cell className="quiet">
        <Moment at={createdAt} />
      </Cell>
      <Cell className="numeric">
        {clone === undefined ? '–' : <Labelled label="Clone">{duration(clone)}</Labelled>}
      </Cell>
      <Cell className="numeric">
        {dbt === undefined ? '–' : <Labelled label="dbt">{duration(dbt)}</Labelled>}
      </Cell>
      <Cell className="numeric">
        {exitCode === undefined ? '–' : <Labelled label="Exit code">{exitCode}</Labelled>}
      </Cell>
    </Row>
  );
}

/** Where a table has become blocks, its heads are gone: a bare number needs its word. */
function Labelled({ label, children }: { readonly label: string; readonly children: string | number }) {
  return (
    <>
      <span className="narrow-label quiet">{label} </span>
      {children}
    </>
  );
}
