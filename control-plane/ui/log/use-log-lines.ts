import { useEffect } from 'react';
import { useQueries, useQueryClient } from '@tanstack/react-query';
import type { LogLine } from '../../wire/log.ts';
import type { RunRef } from '../api/paths.ts';
import { linesOn, pageLines, pageOf, pagesBetween } from './log-pages.ts';
import { logPageQuery } from './log-queries.ts';

/** The API is not asked more often than this for lines that it has counted and not yet shown. */
const againMs = 1_000;

interface LogLines {
  /** Undefined while it is on its way. */
  readonly lineAt: (line: number) => LogLine | undefined;
  /** Why the lines that should be seen are not. */
  readonly error: unknown;
  readonly retry: () => void;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** The lines that are looked at; the pages that hold them are asked for and kept, the others are not. */
export function useLogLines(ref: RunRef, stream: string, total: number, { first, last }: Range): LogLines {
  const pages = total === 0 ? [] : pagesBetween(first, Math.min(last, total - 1));
  const results = useQueries({ queries: pages.map((page) => logPageQuery(ref, stream, page)) });
  const short = pages.filter((page, index) => {
    const { data, isFetching } = results[index] ?? {};
    return data !== undefined && isFetching === false && data.lines.length < linesOn(page, total);
  });
  useAgain(ref, stream, short);
  return {
    lineAt: (line) => results[pages.indexOf(pageOf(line))]?.data?.lines[line % pageLines],
    error: results.find(({ error, data }) => error !== null && data === undefined)?.error ?? null,
    retry: () => {
      for (const result of results) if (result.error !== null) void result.refetch();
    },
  };
}

/** Asks again for pages that hold fewer lines than were counted: an event with the others was missed. */
function useAgain({ org, project, run }: RunRef, stream: string, pages: readonly number[]): void {
  const client = useQueryClient();
  const key = pages.join(' ');
  useEffect(() => {
    if (key === '') return undefined;
    const timer = setTimeout(() => {
      for (const page of key.split(' ').map(Number)) {
        void client.invalidateQueries({
          queryKey: logPageQuery({ org, project, run }, stream, page).queryKey,
        });
      }
    }, againMs);
    return () => clearTimeout(timer);
  }, [client, org, project, run, stream, key]);
}
