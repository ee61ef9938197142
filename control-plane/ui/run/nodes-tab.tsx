import { useDeferredValue, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { WireInvocation, WireNode, WireRun } from '../../wire/run.ts';
import type { RunRef } from '../api/paths.ts';
import { invocationsQuery } from '../api/queries.ts';
import { Answer } from '../elements/answer.tsx';
import { Empty } from '../elements/empty.tsx';
import { Notice } from '../elements/notice.tsx';
import { SearchField } from '../elements/search-field.tsx';
import { Cell, Row, Table } from '../elements/table.tsx';
import { plainText } from '../words/ansi.ts';
import { duration } from '../words/duration.ts';
import { commandName, countsInWords, inOrder } from './nodes.ts';
import { NodeStatus } from './node-status.tsx';
import './nodes-tab.css';

interface NodesTabProps {
  readonly runRef: RunRef;
  readonly run: WireRun;
}

export function NodesTab({ runRef, run }: NodesTabProps) {
  const query = useQuery(invocationsQuery(runRef));
  return (
    <Answer query={query}>
      {({ invocations }) =>
        invocations.length === 0 ? (
          <NoNodes ended={run.phase === 'ended'} />
        ) : (
          <Invocations run={run} invocations={invocations} />
        )
      }
    </Answer>
  );
}

function NoNodes({ ended }: { readonly ended: boolean }) {
  return (
    <Empty title={ended ? 'dbt ran no node' : 'No node yet'}>
      Models, tests, seeds and snapshots appear here{' '}
      {ended ? 'when dbt gets to them; this run ended before.' : 'as soon as dbt gets to them.'}
    </Empty>
  );
}

interface InvocationsProps {
  readonly run: WireRun;
  readonly invocations: readonly WireInvocation[];
}

function Invocations({ run, invocations }: InvocationsProps) {
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim().toLowerCase());
  return (
    <div className="stack">
      <SearchField label="Find a node" value={text} onChange={setText} />
      {invocations.map((one) => (
        <section
          key={`${one.attempt}.${one.execution}.${one.index}`}
          className="stack"
          aria-label={commandName(one, run)}
        >
          {invocations.length === 1 ? null : <h2>{commandName(one, run)}</h2>}
          {one.error === undefined ? null : <Notice kind="failed" title={plainText(one.error)} />}
          <p className="quiet">
            {countsInWords(one.nodes)}
            {one.elapsedSeconds === undefined ? '' : ` in ${duration(one.elapsedSeconds)}`}
            {one.version === undefined ? '' : `, dbt ${one.version}`}
          </p>
          <Nodes nodes={one.nodes} wanted={wanted} />
        </section>
      ))}
    </div>
  );
}

const columns = [
  { label: 'Status' },
  { label: 'Node' },
  { label: 'Type' },
  { label: 'Time', numeric: true },
] as const;

const firstRows = 60;

/** The first rows at once, the rest when the browser has time. */
function Nodes({ nodes, wanted }: { readonly nodes: readonly WireNode[]; readonly wanted: string }) {
  const limit = useDeferredValue(Infinity, firstRows);
  const found = inOrder(nodes).filter(({ uniqueId }) => uniqueId.toLowerCase().includes(wanted));
  return (
    <Table caption="Nodes" name="nodes" columns={columns}>
      {found.slice(0, limit).map((node) => (
        <Row key={node.uniqueId}>
          <Cell className="node-status">
            <NodeStatus status={node.status} />
          </Cell>
          <Cell className="wide">
            <span className="wrap-anywhere" title={node.uniqueId}>
              {node.name}
            </span>
            {node.message === undefined ? null : (
              <div className="node-message quiet">{plainText(node.message)}</div>
            )}
          </Cell>
          <Cell className="quiet">{node.type}</Cell>
          <Cell className="numeric">{node.seconds === undefined ? '' : duration(node.seconds)}</Cell>
        </Row>
      ))}
    </Table>
  );
}
