import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { WireRun } from '../../wire/run.ts';
import type { RunRef } from '../api/paths.ts';
import { projectQuery } from '../api/queries.ts';
import { pages } from '../app/pages.ts';
import { Icon } from '../elements/icon.tsx';
import { Moment } from '../elements/moment.tsx';
import { shortCommit } from '../words/short.ts';
import { plainText } from '../words/ansi.ts';
import { asSentence, reasonInWords } from './reason-words.ts';
import { useFirstError } from './use-first-error.ts';
import './failure-card.css';

interface FailureCardProps {
  readonly runRef: RunRef;
  readonly run: WireRun;
}

/** Why it failed, where, and what to do: the whole answer for whoever was woken by it. */
export function FailureCard({ runRef, run }: FailureCardProps) {
  const { outcome, reason, result } = run;
  return (
    <section className={`failure failure-${result ?? 'unknown'}`} aria-label="What happened">
      <h2>
        <Icon name={result === 'failed' ? 'failed' : 'unknown'} />
        {reasonInWords(reason) ?? 'How it ended is not known'}
      </h2>
      {outcome === undefined ? null : <p className="wrap-anywhere">{asSentence(outcome.message)}</p>}
      <FirstError runRef={runRef} run={run} />
      <FailedNodes runRef={runRef} run={run} />
      {outcome === undefined ? null : (
        <p className="failure-next wrap-anywhere">
          <strong>Next:</strong> {asSentence(outcome.nextStep)}
        </p>
      )}
      <OldPlan runRef={runRef} run={run} />
    </section>
  );
}

function FirstError({ runRef, run }: FailureCardProps) {
  const error = useFirstError(runRef, run);
  if (error === undefined) return null;
  const { stream, line } = error;
  const to = `${pages.run(runRef)}?${new URLSearchParams({ log: stream }).toString()}#L${line.n + 1}`;
  return (
    <p className="failure-line">
      <a href={to} className="mono quiet">
        Line {line.n + 1}
      </a>
      <code className="wrap-anywhere">{plainText(line.text).slice(0, 600)}</code>
    </p>
  );
}

const shownNodes = 3;

function FailedNodes({ runRef, run: { outcome } }: FailureCardProps) {
  const failed = outcome?.failedNodes ?? [];
  const unfinished = outcome?.unfinishedNodes ?? [];
  const more = failed.length - shownNodes;
  return (
    <>
      {failed.length === 0 ? null : (
        <ul className="failure-nodes">
          {failed.slice(0, shownNodes).map(({ uniqueId, status, message }) => (
            <li key={uniqueId}>
              <code className="wrap-anywhere">{uniqueId}</code> <span className="quiet">{status}</span>
              <div className="quiet failure-message">{plainText(message)}</div>
            </li>
          ))}
        </ul>
      )}
      {more > 0 ? <Link to={pages.run(runRef, 'nodes')}>{more} more failed nodes</Link> : null}
      {unfinished.length === 0 ? null : (
        <p className="wrap-anywhere">
          At work when it broke off: {unfinished.slice(0, shownNodes).join(', ')}
          {unfinished.length > shownNodes ? ` and ${unfinished.length - shownNodes} more` : ''}
        </p>
      )}
    </>
  );
}

/** Whoever has just pushed a fix looks for the fault in code that did not run. */
function OldPlan({ runRef, run }: FailureCardProps) {
  const { data } = useQuery(projectQuery(runRef));
  const newer = data?.newer;
  if (newer === undefined || run.commit === undefined || newer.commit === run.commit) return null;
  return (
    <p>
      This run used commit <code>{shortCommit(run.commit)}</code>. Newer code,{' '}
      <code>{shortCommit(newer.commit)}</code> of <Moment at={newer.createdAt} />,{' '}
      {newer.phase === 'Failed' ? 'does not run: its plan failed.' : 'waits for its plan.'}{' '}
      <Link to={pages.plans(runRef)}>Plans</Link>
    </p>
  );
}
