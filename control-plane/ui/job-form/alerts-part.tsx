import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { slackQuery } from '../api/queries.ts';
import { pages } from '../app/pages.ts';
import { TextField } from '../elements/text-field.tsx';
import { TickBox } from '../elements/tick-box.tsx';
import type { FormPart } from './form-state.ts';

/** Undefined while it is not known, or the user may not know. */
export function useSlackConnected(org: string) {
  return useQuery(slackQuery(org)).data;
}

export function AlertsPart({ org, ...part }: FormPart & { readonly org: string }) {
  const slack = useSlackConnected(org);
  const [here] = useLocation();
  const { draft, errors, change, leave } = part;
  const on = draft.slack ?? slack?.connected ?? false;
  return (
    <fieldset className="form-part">
      <legend>Alerts</legend>
      <TickBox checked={on} onChange={(checked) => change({ slack: checked })}>
        Tell Slack when a run fails
      </TickBox>
      {slack?.connected === false ? (
        <p className="quiet">
          Slack is not connected: no alert is sent until it is.{' '}
          <Link to={`${pages.slack(org)}?${new URLSearchParams({ back: here }).toString()}`}>
            Connect Slack
          </Link>{' '}
          and come back; what you have typed stays.
        </p>
      ) : null}
      {on ? (
        <TextField
          label="Channel"
          value={draft.channel}
          onChange={(channel) => change({ channel })}
          onBlur={() => leave('channel')}
          error={errors.channel}
          description={
            slack?.channel === undefined
              ? "Empty: the organization's."
              : `Empty: the organization's, ${slack.channel}.`
          }
        />
      ) : null}
    </fieldset>
  );
}
