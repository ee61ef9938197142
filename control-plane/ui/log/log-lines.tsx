import { useEffect, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { VirtualItem, Virtualizer } from '@tanstack/react-virtual';
import type { LogLine } from '../../wire/log.ts';
import type { RunRef } from '../api/paths.ts';
import { copyText } from '../elements/copy-button.tsx';
import { announce } from '../elements/announce.ts';
import { TroubleNotice } from '../elements/trouble.tsx';
import { nameLine } from './line-in-address.ts';
import { LogLineRow } from './log-line-row.tsx';
import { useLogLines } from './use-log-lines.ts';

/** Rows beyond the edges: enough that a turn of the wheel shows no empty place. */
const overscan = 40;
/** In rem, as log.css has it. */
const lineHeight = 1.25;

interface LogLinesProps {
  readonly runRef: RunRef;
  readonly stream: string;
  readonly total: number;
  readonly wrap: boolean;
  readonly searched: string;
  readonly named: number | undefined;
  /** The line to be at when the log opens. */
  readonly start: number | undefined;
  readonly following: boolean;
  /** The reader went up, or came back down to the end. */
  readonly onFollowing: (following: boolean) => void;
}

/** The lines of a log; only those in sight are in the document. */
export function LogLines(props: LogLinesProps) {
  const { runRef, stream, total, wrap } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rem() * lineHeight,
    overscan,
  });
  const rows = virtualizer.getVirtualItems();
  const range = { first: rows[0]?.index ?? 0, last: rows.at(-1)?.index ?? 0 };
  const { lineAt, error, retry } = useLogLines(runRef, stream, total, range);
  useEffect(() => virtualizer.measure(), [virtualizer, wrap]);
  usePlace(virtualizer, props);
  const scrollProps = { ref: scroller, onScroll: useFollowing(scroller, props), tabIndex: 0 };
  return (
    <div
      className={`log-lines ${wrap ? 'log-wrapped' : ''}`}
      role="region"
      aria-label="Lines"
      {...scrollProps}
    >
      {error === null ? null : <TroubleNotice error={error} onRetry={retry} />}
      <div className="log-height" style={{ height: virtualizer.getTotalSize() }}>
        {rows.map((row) => (
          <PlacedRow
            key={row.index}
            row={row}
            measure={virtualizer.measureElement}
            line={lineAt(row.index)}
            {...props}
          />
        ))}
      </div>
    </div>
  );
}

interface PlacedRowProps extends Pick<LogLinesProps, 'searched' | 'named'> {
  readonly row: VirtualItem;
  readonly measure: (element: Element | null) => void;
  readonly line: LogLine | undefined;
}

function PlacedRow({ row: { index, start }, measure, line, searched, named }: PlacedRowProps) {
  return (
    <div data-index={index} ref={measure} className="log-row" style={{ transform: `translateY(${start}px)` }}>
      <LogLineRow n={index} line={line} searched={searched} named={named === index} onName={copyLink} />
    </div>
  );
}

/** Names a line in the address and copies that address. */
export function copyLink(line: number): void {
  nameLine(line);
  copyText(location.href).then(
    () => announce(`Copied a link to line ${line + 1}.`),
    () => announce(`The address of this page now leads to line ${line + 1}.`),
  );
}

type Lines = Virtualizer<HTMLDivElement, Element>;

/** Goes where the log opens, to a line as soon as it is named, and to the end while it is followed. */
function usePlace(virtualizer: Lines, { start, named, total, following }: LogLinesProps): void {
  const [opening] = useState(named ?? start);
  const place = useRef<number | undefined>(undefined);
  useEffect(() => {
    const wanted = named ?? opening;
    if (total === 0 || wanted === undefined || wanted === place.current) return;
    place.current = wanted;
    virtualizer.scrollToIndex(Math.min(wanted, total - 1), { align: 'center' });
  }, [virtualizer, named, opening, total]);
  useEffect(() => {
    if (following && total > 0) virtualizer.scrollToIndex(total - 1, { align: 'end' });
  }, [virtualizer, following, total]);
}

/** Following ends when the reader scrolls up and begins again at the end. */
function useFollowing(
  scroller: { readonly current: HTMLDivElement | null },
  { following, onFollowing }: LogLinesProps,
) {
  const last = useRef(0);
  return (): void => {
    const { current } = scroller;
    if (current === null) return;
    const wentUp = current.scrollTop < last.current - 1;
    const atEnd = current.scrollHeight - current.scrollTop - current.clientHeight < 2 * rem();
    last.current = current.scrollTop;
    if (following && wentUp && !atEnd) onFollowing(false);
    if (!following && !wentUp && atEnd) onFollowing(true);
  };
}

function rem(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}
