import { useQuery } from '@tanstack/react-query';
import type { Health } from '../../wire/organization.ts';
import { healthQuery } from '../api/queries.ts';
import { NoAnswer } from '../api/refusal.ts';
import type { Trouble } from '../api/refusal.ts';
import { Notice } from '../elements/notice.tsx';
import { healthTroubles } from './health-troubles.ts';

const away: Trouble = {
  title: 'The control plane does not answer.',
  detail:
    'Runs in the cluster go on. What is shown here may be out of date, and nothing can be changed until it is back; it is asked again every 15 seconds.',
};

/** Says what is broken on every page, so that no page has to guess why an answer is old or missing. */
export function HealthBanner() {
  const { data, error } = useQuery(healthQuery);
  const troubles = troublesOf(data, error);
  return (
    <div className="health" role="status">
      {troubles.map(({ title, detail }) => (
        <Notice key={title} kind="warned" title={title}>
          {detail}
        </Notice>
      ))}
    </div>
  );
}

function troublesOf(health: Health | undefined, error: unknown): readonly Trouble[] {
  if (error instanceof NoAnswer) return [away];
  return health === undefined ? [] : healthTroubles(health);
}
