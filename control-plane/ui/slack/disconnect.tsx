import { useMutation, useQueryClient } from '@tanstack/react-query';
import { organizationPath } from '../api/paths.ts';
import { slackQuery } from '../api/queries.ts';
import { command } from '../api/request.ts';
import { Button } from '../elements/button.tsx';
import { Confirm } from '../elements/confirm.tsx';

export function Disconnect({ org }: { readonly org: string }) {
  const client = useQueryClient();
  const disconnect = useMutation({
    mutationFn: () => command(organizationPath(org, 'settings', 'slack'), { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: slackQuery(org).queryKey }),
  });
  return (
    <Confirm
      trigger={<Button>Disconnect</Button>}
      title="Disconnect Slack?"
      action="Disconnect"
      kind="danger"
      pending={disconnect.isPending}
      error={disconnect.error}
      onConfirm={(close) => disconnect.mutate(undefined, { onSuccess: close })}
    >
      <p>
        The token is deleted. Jobs keep their switch, but no alert is sent until Slack is connected again.
      </p>
    </Confirm>
  );
}
