import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import type { LogStreams } from '../../wire/log.ts';
import type { WireRun } from '../../wire/run.ts';
import type { RunRef } from '../api/paths.ts';
import { Answer } from '../elements/answer.tsx';
import { Empty } from '../elements/empty.tsx';
import { streamToOpen } from './log-pages.ts';
import { logStreamsQuery } from './log-queries.ts';
import { LogView } from './log-view.tsx';

type Stream = LogStreams['streams'][number];

interface LogTabProps {
  readonly runRef: RunRef;
  readonly run: WireRun;
}

export function LogTab({ runRef, run }: LogTabProps) {
  const query = useQuery(logStreamsQuery(runRef));
  return (
    <Answer query={query} lines={12}>
      {({ streams }) => <Streams runRef={runRef} run={run} streams={streams} />}
    </Answer>
  );
}

function Streams({ runRef, run, streams }: LogTabProps & { readonly streams: readonly Stream[] }) {
  const [search, setSearch] = useSearchParams();
  const named = search.get('log');
  const stream = streams.find(({ id }) => id === named) ?? streamToOpen(streams, run.outcome?.container);
  if (stream === undefined) return <NoLog run={run} />;
  return (
    <LogView
      key={stream.id}
      runRef={runRef}
      stream={stream}
      live={run.phase !== 'ended' && stream.end === undefined}
      failed={run.result === 'failed'}
      picker={
        streams.length === 1 ? null : (
          <Picker
            streams={streams}
            run={run}
            value={stream.id}
            onChange={(log) => setSearch({ log }, { replace: true })}
          />
        )
      }
    />
  );
}

interface PickerProps {
  readonly streams: readonly Stream[];
  readonly run: WireRun;
  readonly value: string;
  readonly onChange: (stream: string) => void;
}

/** A run has a log of each container of each attempt. */
function Picker({ streams, run, value, onChange }: PickerProps) {
  return (
    <select
      className="input"
      aria-label="Log of"
      value={value}
      onChange={({ target }) => onChange(target.value)}
    >
      {streams.map((one) => (
        <option key={one.id} value={one.id}>
          {streamName(one, run)}
        </option>
      ))}
    </select>
  );
}

/** As `dbt`, or `dbt, attempt 2`, or `dbt, attempt 2, execution 3` where there are several. */
function streamName({ attempt, container, execution }: Stream, { attempts }: WireRun): string {
  const number = attempts.findIndex(({ uid }) => uid === attempt) + 1;
  const parts = [
    container,
    ...(attempts.length > 1 && number > 0 ? [`attempt ${number}`] : []),
    ...(execution > 0 ? [`execution ${execution + 1}`] : []),
  ];
  return parts.join(', ');
}

function NoLog({ run }: { readonly run: WireRun }) {
  return run.phase === 'ended' ? (
    <Empty title="There is no log">No container of this run has ever started, so nothing was written.</Empty>
  ) : (
    <Empty title="No log yet">
      It appears here as soon as a container starts.
      {run.waitingFor === undefined ? '' : ` Waiting for: ${run.waitingFor}.`}
    </Empty>
  );
}
