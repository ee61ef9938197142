import { useQuery } from '@tanstack/react-query';
import type { LogLine } from '../../wire/log.ts';
import type { WireRun } from '../../wire/run.ts';
import type { RunRef } from '../api/paths.ts';
import { pageLines, pageOf, streamToOpen } from '../log/log-pages.ts';
import { logPageQuery, logStreamsQuery } from '../log/log-queries.ts';

interface FirstError {
  readonly stream: string;
  readonly line: LogLine;
}

/** The first line at level error of the container that failed; the log opens at the same page, so it is asked for once. */
export function useFirstError(ref: RunRef, run: WireRun): FirstError | undefined {
  const { data } = useQuery(logStreamsQuery(ref));
  const stream = streamToOpen(data?.streams ?? [], run.outcome?.container);
  const at = stream?.firstErrorLine;
  const page = useQuery({
    ...logPageQuery(ref, stream?.id ?? '', pageOf(at ?? 0)),
    enabled: stream !== undefined && at !== undefined,
  });
  const line = at === undefined ? undefined : page.data?.lines[at % pageLines];
  return stream === undefined || line === undefined ? undefined : { stream: stream.id, line };
}
