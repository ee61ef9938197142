import type { ReactNode } from 'react';
import './table.css';

export interface Column {
  readonly label: string;
  /** Its head is for screen readers only. */
  readonly quiet?: true;
  readonly numeric?: true;
}

interface TableProps {
  readonly caption: string;
  /** Names the rules that lay out its columns. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly children: ReactNode;
}

/** A table; its rows become blocks where it is narrow, and it says its roles, which that layout would take from it. */
export function Table({ caption, name, columns, children }: TableProps) {
  return (
    <table role="table" className={`table ${name}`}>
      <caption className="unseen">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ label, quiet, numeric }) => (
            <th key={label} role="columnheader" scope="col" className={numeric === true ? 'numeric' : ''}>
              <span className={quiet === true ? 'unseen' : ''}>{label}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

export function Row({
  children,
  className = '',
}: {
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <tr role="row" className={className}>
      {children}
    </tr>
  );
}

interface CellProps {
  readonly children?: ReactNode;
  /** Also where the row stands when it is narrow: see table.css. */
  readonly className?: string;
}

export function Cell({ children, className = '' }: CellProps) {
  return (
    <td role="cell" className={className}>
      {children}
    </td>
  );
}
