import { Link } from 'wouter';
import type { WireJob } from '../../wire/job.ts';
import type { ProjectRef } from '../api/paths.ts';
import { pages } from '../app/pages.ts';
import { ownTimeZone } from '../elements/moment.tsx';
import { duration } from '../words/duration.ts';
import { exact } from '../words/instant.ts';
import { statusWords } from '../words/run-status.ts';
import { barPlaces, barsInWords, barsOf } from './bars.ts';
import type { Bar } from './bars.ts';
import './run-bars.css';

type LastRuns = WireJob['lastRuns'];

const width = 5;
const gap = 2;
const height = 24;
const wholeWidth = barPlaces * (width + gap) - gap;

const cornersOf = ({ place, height: share }: Bar) => {
  const high = Math.round(share * height);
  return { x: place * (width + gap), y: height - high, high };
};

/** The last runs at a glance, for a list: one drawing, a path a status. */
export function RunBars({ runs }: { readonly runs: LastRuns }) {
  const bars = barsOf(runs);
  if (bars.length === 0) return null;
  const draw = (bar: Bar): string => {
    const { x, y, high } = cornersOf(bar);
    return `M${x} ${y}h${width}v${high}h${-width}Z`;
  };
  return (
    <svg
      className="run-bars"
      role="img"
      aria-label={barsInWords(bars)}
      width={wholeWidth}
      height={height}
      viewBox={`0 0 ${wholeWidth} ${height}`}
    >
      <title>{barsInWords(bars)}</title>
      {[...Map.groupBy(bars, ({ status }) => status)].map(([status, of]) => (
        <path key={status} className={`bar bar-${status}`} d={of.map(draw).join('')} />
      ))}
    </svg>
  );
}

/** The same for the page of a job: each bar leads to its run. */
export function LinkedRunBars({
  projectRef,
  runs,
}: {
  readonly projectRef: ProjectRef;
  readonly runs: LastRuns;
}) {
  return (
    <ol className="linked-bars" aria-label="Last runs, the newest last">
      {barsOf(runs).map((bar) => (
        <li key={bar.run.uid}>
          <Link
            to={pages.run({ ...projectRef, run: bar.run.uid })}
            title={barTitle(bar)}
            aria-label={barTitle(bar)}
          >
            <span className={`bar bar-${bar.status}`} style={{ height: `${bar.height * 100}%` }} />
          </Link>
        </li>
      ))}
    </ol>
  );
}

function barTitle({ run, status }: Bar): string {
  const length = run.seconds === undefined ? '' : ` after ${duration(run.seconds)}`;
  return `${statusWords[status]}${length}, ${exact(run.createdAt, ownTimeZone)}`;
}
