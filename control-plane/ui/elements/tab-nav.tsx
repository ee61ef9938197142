import { Link, useLocation } from 'wouter';
import './tab-nav.css';

export interface Tab {
  readonly label: string;
  readonly to: string;
  readonly count?: number;
}

/** Tabs that are pages: each has an address, so they are links. */
export function TabNav({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const [location] = useLocation();
  return (
    <nav className="tab-nav" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.to} to={tab.to} {...(isCurrent(location, tab.to) ? { 'aria-current': 'page' } : {})}>
          {tab.label}
          {tab.count === undefined ? null : (
            <span className="quiet"> {tab.count.toLocaleString('en-GB')}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}

function isCurrent(location: string, to: string): boolean {
  return decodeURI(location) === decodeURI(to);
}
