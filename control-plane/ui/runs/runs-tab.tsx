import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import type { RunSummary } from '../../wire/run.ts';
import type { ProjectRef } from '../api/paths.ts';
import { runsQuery } from '../api/queries.ts';
import { Answer } from '../elements/answer.tsx';
import { Button } from '../elements/button.tsx';
import { Empty } from '../elements/empty.tsx';
import { Table } from '../elements/table.tsx';
import { choiceIn } from './choice.ts';
import { RunFilters } from './run-filters.tsx';
import { RunRow } from './run-row.tsx';
import { useProjectEvents } from './use-project-events.ts';
import './runs-tab.css';

const columns = [
  { label: 'Status' },
  { label: 'Run' },
  { label: 'Trigger' },
  { label: 'Commit' },
  { label: 'Created' },
  { label: 'Time', numeric: true },
] as const;

export function RunsTab({ projectRef }: { readonly projectRef: ProjectRef }) {
  const [search] = useSearchParams();
  const choice = choiceIn(search);
  const query = useInfiniteQuery(runsQuery(projectRef, choice));
  useProjectEvents(projectRef, choice);
  return (
    <div className="stack">
      <RunFilters projectRef={projectRef} choice={choice} />
      <Answer query={query}>
        {({ pages }) => {
          const runs = pages.flatMap((page) => page.runs);
          return runs.length === 0 ? (
            <NoRuns chosen={Object.keys(choice).length > 0} />
          ) : (
            <Runs projectRef={projectRef} runs={runs} />
          );
        }}
      </Answer>
      {query.hasNextPage ? (
        <div className="row">
          <Button pending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            Older runs
          </Button>
        </div>
      ) : null}
    </div>
  );
}

interface RunsProps {
  readonly projectRef: ProjectRef;
  readonly runs: readonly RunSummary[];
}

export function Runs({ projectRef, runs }: RunsProps) {
  return (
    <Table caption="Runs, the newest first" name="runs" columns={columns}>
      {runs.map((run) => (
        <RunRow key={run.uid} projectRef={projectRef} run={run} />
      ))}
    </Table>
  );
}

function NoRuns({ chosen }: { readonly chosen: boolean }) {
  return chosen ? (
    <Empty title="No such run">No run of this project is like what you have chosen above.</Empty>
  ) : (
    <Empty title="No run yet">
      Every labelled Job of this project appears here, whoever creates it: a job of the tab Jobs, a pipeline,
      kubectl.
    </Empty>
  );
}
