import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import './notice.css';

type Kind = 'told' | 'warned' | 'failed';

const icons: Readonly<Record<Kind, IconName>> = { told: 'unknown', warned: 'warning', failed: 'failed' };

interface NoticeProps {
  readonly kind: Kind;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Something to know before going on: what happened, and below it what still works and what to do. */
export function Notice({ kind, title, children, action }: NoticeProps) {
  return (
    <div className={`notice notice-${kind}`} role={kind === 'failed' ? 'alert' : 'note'}>
      {kind === 'told' ? null : <Icon name={icons[kind]} />}
      <div className="notice-text">
        <p className="notice-title">{title}</p>
        {children === undefined ? null : <div className="notice-detail">{children}</div>}
      </div>
      {action}
    </div>
  );
}
