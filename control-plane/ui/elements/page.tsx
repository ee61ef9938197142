import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { arriveAt } from '../app/arrival.ts';
import './page.css';

export interface Crumb {
  readonly label: string;
  readonly to: string;
}

interface PageProps {
  readonly title: string;
  /** Of the browser's tab where it says more than the heading. */
  readonly windowTitle?: string;
  readonly trail?: readonly Crumb[];
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly width?: 'text' | 'list' | 'whole';
  readonly children: ReactNode;
}

/** A page: where it lies, what it is, what can be done, and then its content. */
export function Page({ title, windowTitle, trail = [], lead, actions, width = 'list', children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const place = [windowTitle ?? title, ...trail.map(({ label }) => label).toReversed(), 'dbt Jobs'].join(
    ' · ',
  );
  useEffect(() => {
    document.title = place;
  }, [place]);
  useEffect(() => arriveAt(heading.current), []);
  return (
    <main id="content" className={`page page-${width}`}>
      {trail.length === 0 ? null : <Breadcrumb trail={trail} />}
      <div className="page-head">
        <div className="page-title">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead}
        </div>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </main>
  );
}

function Breadcrumb({ trail }: { readonly trail: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className="breadcrumb">
      <ol>
        {trail.map(({ label, to }) => (
          <li key={to}>
            <Link to={to} className="clip">
              {label}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
