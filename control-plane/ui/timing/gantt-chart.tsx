import type { PointerEvent } from 'react';
import { moodOf } from '../run/nodes.ts';
import { duration } from '../words/duration.ts';
import { ticksOf } from './gantt.ts';
import type { Bar, Gantt, Lane } from './gantt.ts';

interface GanttChartProps {
  readonly gantt: Gantt;
  readonly shown: string | undefined;
  readonly onShow: (id: string | undefined) => void;
}

/** A lane a thread. A picture: the table beside it says the same in words. */
export function GanttChart({ gantt, shown, onShow }: GanttChartProps) {
  const show = (event: PointerEvent): void => {
    const bar = event.target instanceof Element ? event.target.closest('[data-node]') : null;
    onShow(bar?.getAttribute('data-node') ?? undefined);
  };
  const several = new Set(gantt.lanes.map(({ command }) => command)).size > 1;
  return (
    <div
      className="gantt"
      role="img"
      aria-label="What each thread did when; the table below says the same"
      onPointerMove={show}
      onPointerDown={show}
    >
      <Axis seconds={gantt.seconds} />
      {gantt.lanes.map((lane, index) => (
        <div key={index} className="gantt-lane">
          <LaneName lane={lane} several={several} first={gantt.lanes[index - 1]?.command !== lane.command} />
          <div className="gantt-track">
            {lane.bars.map((bar) => (
              <GanttBar key={bar.id} bar={bar} shown={bar.id === shown} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

function LaneName({
  lane,
  several,
  first,
}: {
  readonly lane: Lane;
  readonly several: boolean;
  readonly first: boolean;
}) {
  const thread = lane.thread.replace(/ \(.*\)$/, '');
  return (
    <div className="gantt-name quiet clip" title={lane.thread}>
      {several && first ? <strong className="gantt-command">{lane.command}</strong> : null}
      {thread}
    </div>
  );
}

function GanttBar({ bar, shown }: { readonly bar: Bar; readonly shown: boolean }) {
  const { id, node, left, width, critical } = bar;
  const classes = [
    'gantt-bar',
    `gantt-${moodOf(node.status)}`,
    critical ? 'gantt-critical' : '',
    shown ? 'gantt-shown' : '',
  ];
  return (
    <div
      className={classes.join(' ')}
      data-node={id}
      style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
    >
      <span>{node.name}</span>
    </div>
  );
}

function Axis({ seconds }: { readonly seconds: number }) {
  return (
    <div className="gantt-lane gantt-axis">
      <div className="gantt-name" />
      <div className="gantt-track">
        {ticksOf(seconds).map((tick) => (
          <span key={tick} className="gantt-tick quiet" style={{ left: `${(tick / seconds) * 100}%` }}>
            {duration(tick)}
          </span>
        ))}
      </div>
    </div>
  );
}
