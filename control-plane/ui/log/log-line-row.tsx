import { memo } from 'react';
import type { MouseEvent } from 'react';
import type { LogLine } from '../../wire/log.ts';
import { shownLine } from './marked-texts.ts';

interface LogLineRowProps {
  readonly n: number;
  /** Undefined while it is on its way. */
  readonly line: LogLine | undefined;
  readonly searched: string;
  readonly named: boolean;
  readonly onName: (line: number) => void;
}

const gapWords: Readonly<Record<NonNullable<LogLine['gap']>, string>> = {
  rotated: 'Lines are missing here: Kubernetes had rotated the log before they were read.',
  unreadable: 'Lines are missing here: the log could not be read for a while.',
  'spool-full': 'Lines are missing here: the run wrote more than the watcher keeps.',
};

export const LogLineRow = memo(function LogLineRow({ n, line, ...shown }: LogLineRowProps) {
  return line === undefined ? (
    <div className="log-line log-waiting">{n + 1}</div>
  ) : (
    <Line {...shown} line={line} />
  );
});

interface LineProps extends Omit<LogLineRowProps, 'n'> {
  readonly line: LogLine;
}

function Line({ line: { n, at, level, text, gap }, searched, named, onName }: LineProps) {
  const { pieces, cut } = shownLine(text, searched);
  const name = (event: MouseEvent): void => {
    event.preventDefault();
    onName(n);
  };
  return (
    <>
      {gap === undefined ? null : <div className="log-gap">{gapWords[gap]}</div>}
      <div className={`log-line ${level === undefined ? '' : `log-${level}`} ${named ? 'log-named' : ''}`}>
        {/* Not a stop of the Tab key, which would take a hundred to leave the log: "Copy link" does the same. */}
        <a
          className="log-number"
          href={`#L${n + 1}`}
          tabIndex={-1}
          title="Copy a link to this line"
          onClick={name}
        >
          {n + 1}
        </a>
        <time className="log-time" dateTime={at}>
          {clockOf(at)}
        </time>
        <span className="log-text">
          {level === 'error' || level === 'warn' ? <span className="unseen">{level}: </span> : null}
          {pieces.map((piece, index) => (
            <Piece key={index} {...piece} />
          ))}
          {cut === 0 ? null : (
            <span className="log-cut">
              {' '}
              … {cut.toLocaleString('en-GB')} more characters: download the log to read them
            </span>
          )}
        </span>
      </div>
    </>
  );
}

function Piece({
  text,
  classes,
  found,
}: {
  readonly text: string;
  readonly classes: readonly string[];
  readonly found: boolean;
}) {
  if (found) return <mark className={classes.join(' ')}>{text}</mark>;
  return classes.length === 0 ? text : <span className={classes.join(' ')}>{text}</span>;
}

/** Hours, minutes and seconds where the reader is. */
function clockOf(at: string): string {
  const instant = new Date(at);
  return Number.isNaN(instant.getTime()) ? '' : instant.toTimeString().slice(0, 8);
}
