import type { ReactNode } from 'react';
import './empty.css';

interface EmptyProps {
  readonly title: string;
  /** One sentence that teaches. */
  readonly children: ReactNode;
  /** The one thing to do next. */
  readonly action?: ReactNode;
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p className="quiet">{children}</p>
      {action}
    </div>
  );
}
