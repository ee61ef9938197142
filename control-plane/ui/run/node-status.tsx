import { Icon } from '../elements/icon.tsx';
import type { IconName } from '../elements/icon.tsx';
import { moodOf } from './nodes.ts';
import type { NodeMood } from './nodes.ts';

const signs: Readonly<Record<NodeMood, readonly [IconName, string]>> = {
  bad: ['failed', 'status-failed'],
  active: ['running', 'status-running'],
  odd: ['warning', 'status-warned'],
  good: ['succeeded', 'status-succeeded'],
  left: ['cancelled', 'status-cancelled'],
};

/** dbt's own word for a node, with the sign and colour of what it means. */
export function NodeStatus({ status }: { readonly status: string }) {
  const [icon, className] = signs[moodOf(status)];
  return (
    <span className={`status ${className}`}>
      <Icon name={icon} />
      {status}
    </span>
  );
}
