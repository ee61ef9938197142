import { useDeferredValue } from 'react';
import { Icon } from '../elements/icon.tsx';
import { Cell, Table } from '../elements/table.tsx';
import { NodeStatus } from '../run/node-status.tsx';
import { duration } from '../words/duration.ts';
import type { Bar } from './gantt.ts';

const columns = [
  { label: 'Node' },
  { label: 'Status' },
  { label: 'Critical path' },
  { label: 'Began at', numeric: true },
  { label: 'Time', numeric: true },
] as const;

interface TimingTableProps {
  readonly bars: readonly Bar[];
  readonly startMs: number;
  readonly shown: string | undefined;
  readonly onShow: (id: string | undefined) => void;
}

const firstRows = 60;

/** The longest first. */
export function TimingTable({ bars, startMs, shown, onShow }: TimingTableProps) {
  const limit = useDeferredValue(Infinity, firstRows);
  const length = ({ startMs: from, endMs }: Bar): number => endMs - from;
  const longest = bars.toSorted((a, b) => length(b) - length(a)).slice(0, limit);
  return (
    <Table caption="Time of each node, the longest first" name="timings" columns={columns}>
      {longest.map((bar) => {
        const { id, node, critical } = bar;
        return (
          <tr
            key={id}
            role="row"
            className={id === shown ? 'timing-here' : ''}
            onPointerEnter={() => onShow(id)}
          >
            <Cell className="wide wrap-anywhere">{node.name}</Cell>
            <Cell>
              <NodeStatus status={node.status} />
            </Cell>
            <Cell>{critical ? <Critical /> : null}</Cell>
            <Cell className="numeric quiet">{duration((bar.startMs - startMs) / 1000)}</Cell>
            <Cell className="numeric">{duration(length(bar) / 1000)}</Cell>
          </tr>
        );
      })}
    </Table>
  );
}

function Critical() {
  return (
    <span className="status">
      <Icon name="done" />
      Critical
    </span>
  );
}
