import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { RunRef } from '../api/paths.ts';
import { invocationsQuery } from '../api/queries.ts';
import { Answer } from '../elements/answer.tsx';
import { Empty } from '../elements/empty.tsx';
import { useNow } from '../elements/use-now.ts';
import { duration } from '../words/duration.ts';
import { counted } from '../words/short.ts';
import { GanttChart } from './gantt-chart.tsx';
import { ganttOf } from './gantt.ts';
import type { Bar, Gantt } from './gantt.ts';
import { TimingTable } from './timing-table.tsx';
import './timing.css';

export function TimingTab({ runRef }: { readonly runRef: RunRef }) {
  const query = useQuery(invocationsQuery(runRef));
  const now = useNow();
  return (
    <Answer query={query} lines={10}>
      {({ invocations }) => {
        const gantt = ganttOf(invocations, now);
        return gantt === undefined ? <NoTiming /> : <Timing gantt={gantt} />;
      }}
    </Answer>
  );
}

function NoTiming() {
  return (
    <Empty title="No timing yet">
      When dbt begins its first node, the chart shows what each thread did when, and which nodes made the run
      as long as it was.
    </Empty>
  );
}

function Timing({ gantt }: { readonly gantt: Gantt }) {
  const [shown, setShown] = useState<string | undefined>(undefined);
  const bars = gantt.lanes.flatMap((lane) => lane.bars);
  const path = gantt.criticalPath;
  const pathSeconds = path.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs) / 1000, 0);
  return (
    <div className="stack">
      <p className="quiet">
        {duration(gantt.seconds)} from the first node to the last. Critical path:{' '}
        {counted(path.length, 'node')}, {duration(pathSeconds)}; each began when the one before it had ended.
      </p>
      <div className="timing">
        <GanttChart gantt={gantt} shown={shown} onShow={setShown} />
        <Shown bar={bars.find(({ id }) => id === shown)} startMs={gantt.startMs} />
        <TimingTable bars={bars} startMs={gantt.startMs} shown={shown} onShow={setShown} />
      </div>
    </div>
  );
}

/** The details of the bar under the pointer, in a place of their own: nothing jumps and nothing is covered. */
function Shown({ bar, startMs }: { readonly bar: Bar | undefined; readonly startMs: number }) {
  if (bar === undefined)
    return <p className="timing-shown quiet">Point at a bar or a row for its details.</p>;
  const { node, startMs: from, endMs, critical } = bar;
  return (
    <p className="timing-shown">
      <code className="wrap-anywhere">{node.uniqueId}</code> <span>{node.status}</span>{' '}
      <span className="quiet">
        {duration((endMs - from) / 1000)}, from {duration((from - startMs) / 1000)} to{' '}
        {duration((endMs - startMs) / 1000)}
        {node.thread === undefined ? '' : `, ${node.thread}`}
        {critical ? ', on the critical path' : ''}
      </span>
    </p>
  );
}
