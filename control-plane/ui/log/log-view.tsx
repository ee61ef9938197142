import { useState } from 'react';
import type { ReactNode } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { LogStreams } from '../../wire/log.ts';
import type { RunRef } from '../api/paths.ts';
import { announce } from '../elements/announce.ts';
import { useLater } from '../elements/use-later.ts';
import { nameLine, useLineInAddress } from './line-in-address.ts';
import { LogLines, copyLink } from './log-lines.tsx';
import { logDownload, logMatchesQuery } from './log-queries.ts';
import { LogTools } from './log-tools.tsx';
import { matchAfter } from './match-after.ts';
import './log.css';

const typingMs = 250;

interface LogViewProps {
  readonly runRef: RunRef;
  readonly stream: LogStreams['streams'][number];
  readonly live: boolean;
  readonly failed: boolean;
  /** Chooses among the logs of the run. */
  readonly picker: ReactNode;
}

export function LogView({ runRef, stream, live, failed, picker }: LogViewProps) {
  const named = useLineInAddress();
  const [wrap, setWrap] = useState(false);
  const [following, setFollowing] = useState(live && named === undefined);
  const search = useSearch(runRef, stream.id, live);
  const show = (line: number): void => {
    setFollowing(false);
    nameLine(line);
  };
  return (
    <section className="log" aria-label={`Log of ${stream.container}`}>
      <LogTools
        {...search}
        picker={picker}
        named={named}
        wrap={wrap}
        onWrap={setWrap}
        following={following && live}
        {...(live ? { onFollow: setFollowing } : {})}
        download={logDownload(runRef, stream.id)}
        onShow={show}
        onCopyLink={copyLink}
      />
      <LogLines
        key={stream.id}
        runRef={runRef}
        stream={stream.id}
        total={stream.lines}
        wrap={wrap}
        searched={search.searched}
        named={named}
        start={failed ? stream.firstErrorLine : undefined}
        following={following && live}
        onFollowing={setFollowing}
      />
      <LogEnd stream={stream} live={live} />
    </section>
  );
}

/** What is typed, what is searched for a moment later, and where it was found. */
function useSearch(ref: RunRef, stream: string, live: boolean) {
  const [typed, setTyped] = useState('');
  const searched = useLater(typed.trim(), typingMs);
  const query = useQuery({
    ...logMatchesQuery(ref, stream, searched),
    placeholderData: keepPreviousData,
    refetchInterval: live ? 5_000 : false,
  });
  const matches = searched === '' ? undefined : query.data;
  const go = (from: number | undefined, step: 1 | -1): number | undefined => {
    const found = matches === undefined ? undefined : matchAfter(matches.matches, from, step);
    if (found !== undefined) announce(`Line ${found.line + 1}, ${found.index + 1} of ${matches?.total ?? 0}`);
    return found?.line;
  };
  return { typed, onType: setTyped, searched, matches, searchError: query.error, go };
}

function LogEnd({ stream, live }: { readonly stream: LogViewProps['stream']; readonly live: boolean }) {
  if (stream.end === 'incomplete')
    return <p className="log-end">The log is incomplete: its end could not be read.</p>;
  if (stream.lines === 0)
    return <p className="log-end">{live ? 'Nothing has been written yet.' : 'Nothing was written.'}</p>;
  return null;
}
