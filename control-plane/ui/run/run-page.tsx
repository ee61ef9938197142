import { Suspense } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { WireRun } from '../../wire/run.ts';
import type { Connection } from '../api/events.ts';
import type { RunRef } from '../api/paths.ts';
import { runQuery } from '../api/queries.ts';
import { pages } from '../app/pages.ts';
import { Answer } from '../elements/answer.tsx';
import { Page } from '../elements/page.tsx';
import type { Crumb } from '../elements/page.tsx';
import { Skeleton } from '../elements/skeleton.tsx';
import { logStreamsQuery } from '../log/log-queries.ts';
import { statusOf, statusWords } from '../words/run-status.ts';
import { FailureCard } from './failure-card.tsx';
import { RunActions } from './run-actions.tsx';
import { RunHead } from './run-head.tsx';
import { RunTabs } from './run-tabs.tsx';
import { useRunEvents } from './use-run-events.ts';
import { useToldStatus } from './use-told-status.ts';

/** While no events come, what they would tell is asked for this often. */
const withoutEventsMs = 5_000;

interface RunPageProps {
  readonly runRef: RunRef;
  readonly tab: string;
}

export function RunPage({ runRef: { org, project, run: uid }, tab }: RunPageProps) {
  const ref = { org, project, run: uid };
  const { query, connection } = useLiveRun(ref);
  const run = query.data;
  useToldStatus(run);
  return (
    <Page
      title={run?.name ?? 'Run'}
      {...(run === undefined ? {} : { windowTitle: `${statusWords[statusOf(run)]} · ${run.name}` })}
      trail={trailOf(ref, run)}
      width="whole"
      {...(run === undefined
        ? {}
        : { actions: <RunActions runRef={ref} run={run} />, lead: <RunHead run={run} /> })}
    >
      <Answer query={query} lines={12}>
        {(data) => <RunContent runRef={ref} run={data} tab={tab} connection={connection} />}
      </Answer>
    </Page>
  );
}

function useLiveRun(ref: RunRef) {
  const streams = useQuery(logStreamsQuery(ref)).data?.streams;
  const known = useQuery(runQuery(ref));
  const settled = known.data?.phase === 'ended' && streams?.every(({ end }) => end !== undefined) === true;
  const connection = useRunEvents(ref, settled);
  const refetchInterval = connection === 'lost' && !settled ? withoutEventsMs : (false as const);
  useQuery({ ...logStreamsQuery(ref), refetchInterval });
  const query = useQuery({ ...runQuery(ref), refetchInterval });
  return { query, connection: settled ? ('live' as const) : connection };
}

function trailOf(ref: RunRef, run: WireRun | undefined): readonly Crumb[] {
  return [
    { label: ref.org, to: pages.projects(ref.org) },
    { label: ref.project, to: pages.jobs(ref) },
    run?.job === undefined
      ? { label: 'Runs', to: pages.runs(ref) }
      : { label: run.job, to: pages.job({ ...ref, job: run.job }) },
  ];
}

interface RunContentProps {
  readonly runRef: RunRef;
  readonly run: WireRun;
  readonly tab: string;
  readonly connection: Connection;
}

function RunContent({ runRef, run, tab, connection }: RunContentProps) {
  return (
    <>
      {run.phase !== 'ended' && connection === 'lost' ? (
        <p className="quiet" role="status">
          The live connection is lost; this page asks again every {withoutEventsMs / 1000} seconds.
        </p>
      ) : null}
      {run.result === 'failed' || run.result === 'unknown' ? <FailureCard runRef={runRef} run={run} /> : null}
      <Suspense fallback={<Skeleton lines={8} />}>
        <RunTabs runRef={runRef} run={run} tab={tab} />
      </Suspense>
    </>
  );
}
