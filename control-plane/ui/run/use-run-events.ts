import { useMemo } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { runEvents } from '../../wire/live.ts';
import type { Connection } from '../api/events.ts';
import { runPath } from '../api/paths.ts';
import type { RunRef } from '../api/paths.ts';
import { invocationsQuery, runQuery } from '../api/queries.ts';
import { apiAddress } from '../api/request.ts';
import { useEvents } from '../api/use-events.ts';
import { pagesBetween, withEvent, withLines } from '../log/log-pages.ts';
import type { LogEvent } from '../log/log-pages.ts';
import { logPageQuery, logStreamsQuery } from '../log/log-queries.ts';
import { foldNodes } from './fold-nodes.ts';

/** Lets what is shown of a run follow the cluster, until nothing more can come. */
export function useRunEvents({ org, project, run }: RunRef, settled: boolean): Connection {
  const client = useQueryClient();
  const listeners = useMemo(() => listenersOf(client, { org, project, run }), [client, org, project, run]);
  return useEvents(settled ? undefined : apiAddress(runPath({ org, project, run }, 'events')), listeners);
}

function listenersOf(client: QueryClient, ref: RunRef) {
  return {
    run: (data: unknown) => {
      const run = runEvents.run.parse(data);
      client.setQueryData(runQuery(ref).queryKey, run);
      // What only the end decides: the first error, the length of each dbt command, the pod.
      if (run.phase === 'ended') refresh(client, ref);
    },
    log: (data: unknown) => {
      const event = runEvents.log.parse(data);
      foldStreams(client, ref, event);
      foldLines(client, ref, event);
    },
    nodes: (data: unknown) => {
      const event = runEvents.nodes.parse(data);
      client.setQueryData(invocationsQuery(ref).queryKey, (known) => known && foldNodes(known, event));
    },
  };
}

function refresh(client: QueryClient, ref: RunRef): void {
  for (const { queryKey } of [logStreamsQuery(ref), invocationsQuery(ref)])
    void client.invalidateQueries({ queryKey });
}

function foldStreams(client: QueryClient, ref: RunRef, event: LogEvent): void {
  const { queryKey } = logStreamsQuery(ref);
  const known = client.getQueryData(queryKey);
  const next = known && withEvent(known, event);
  if (next === undefined) void client.invalidateQueries({ queryKey });
  else client.setQueryData(queryKey, next);
}

function foldLines(client: QueryClient, ref: RunRef, { stream, lines }: LogEvent): void {
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) return;
  for (const page of pagesBetween(first.n, last.n)) {
    client.setQueryData(logPageQuery(ref, stream, page).queryKey, (range) => withLines(page, range, lines));
  }
}
