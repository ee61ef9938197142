import { useMutation, useQueryClient } from '@tanstack/react-query';
import { plan as planSchema } from '../../wire/plan.ts';
import type { WirePlan } from '../../wire/plan.ts';
import { projectPath } from '../api/paths.ts';
import type { ProjectRef } from '../api/paths.ts';
import { plansQuery, projectQuery } from '../api/queries.ts';
import { request } from '../api/request.ts';
import { Button } from '../elements/button.tsx';
import { Confirm } from '../elements/confirm.tsx';
import { Moment } from '../elements/moment.tsx';
import { shortCommit } from '../words/short.ts';

interface RollBackProps {
  readonly projectRef: ProjectRef;
  readonly plan: WirePlan;
}

export function RollBack({ projectRef, plan }: RollBackProps) {
  const client = useQueryClient();
  const rollBack = useMutation({
    mutationFn: () =>
      request(planSchema, projectPath(projectRef, 'plans', plan.id, 'promote'), { method: 'POST' }),
    onSuccess: async () => {
      await Promise.all(
        [plansQuery(projectRef), projectQuery(projectRef)].map(({ queryKey }) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
  return (
    <Confirm
      trigger={<Button>Roll back</Button>}
      title="Roll back to this plan?"
      action="Roll back"
      kind="primary"
      pending={rollBack.isPending}
      error={rollBack.error}
      onConfirm={(close) => rollBack.mutate(undefined, { onSuccess: close })}
    >
      <p>
        Runs from now on use commit <code>{shortCommit(plan.commit)}</code> and its image, planned{' '}
        <Moment at={plan.createdAt} />. Runs that have begun keep theirs.
      </p>
    </Confirm>
  );
}
