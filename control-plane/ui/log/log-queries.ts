import { queryOptions } from '@tanstack/react-query';
import { logMatches, logRange, logStreams } from '../../wire/log.ts';
import { runPath } from '../api/paths.ts';
import type { RunRef } from '../api/paths.ts';
import { apiAddress, request } from '../api/request.ts';
import { pageLines } from './log-pages.ts';

export const logStreamsQuery = (ref: RunRef) =>
  queryOptions({
    queryKey: ['log-streams', ref.org, ref.project, ref.run],
    queryFn: ({ signal }) => request(logStreams, runPath(ref, 'logs'), { signal }),
  });

/** A page of `pageLines` lines; events append to the last one. */
export const logPageQuery = (ref: RunRef, stream: string, page: number) =>
  queryOptions({
    queryKey: ['log', ref.org, ref.project, ref.run, stream, page],
    queryFn: ({ signal }) => {
      const query = `from=${page * pageLines}&limit=${pageLines}`;
      return request(logRange, `${runPath(ref, 'logs', stream)}?${query}`, { signal });
    },
    // What has been written stays as it is.
    staleTime: Infinity,
  });

export const logMatchesQuery = (ref: RunRef, stream: string, text: string) =>
  queryOptions({
    queryKey: ['log-matches', ref.org, ref.project, ref.run, stream, text],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ text }).toString();
      return request(logMatches, `${runPath(ref, 'logs', stream, 'search')}?${query}`, { signal });
    },
    enabled: text !== '',
  });

export const logDownload = (ref: RunRef, stream: string): string =>
  apiAddress(runPath(ref, 'logs', stream, 'download'));
