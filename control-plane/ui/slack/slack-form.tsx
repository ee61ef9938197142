import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { newSlackSettings, slackSettings } from '../../wire/slack.ts';
import type { NewSlackSettings, SlackSettings } from '../../wire/slack.ts';
import { organizationPath } from '../api/paths.ts';
import { slackQuery } from '../api/queries.ts';
import { fieldErrors } from '../api/field-errors.ts';
import { request } from '../api/request.ts';
import { announce } from '../elements/announce.ts';
import { Button } from '../elements/button.tsx';
import { TextField } from '../elements/text-field.tsx';
import { TroubleNotice } from '../elements/trouble.tsx';
import { SlackSteps } from './slack-steps.tsx';

interface SlackFormProps {
  readonly org: string;
  readonly settings: SlackSettings;
}

export function SlackForm({ org, settings }: SlackFormProps) {
  const [typed, setTyped] = useState<Typed>({ token: '', channel: settings.channel ?? '' });
  const [left, setLeft] = useState<readonly string[]>([]);
  const save = useSave(org, () => setTyped((before) => ({ ...before, token: '' })));
  const wanted = wantedOf(typed, settings.connected);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setLeft(['token', 'channel']);
    const parsed = newSlackSettings.safeParse(wanted);
    if (parsed.success) save.mutate(parsed.data);
  };
  return (
    <form className="stack" onSubmit={submit} aria-label="Slack settings">
      {settings.connected ? <h2>Change</h2> : <SlackSteps />}
      <SlackFields
        typed={typed}
        onType={setTyped}
        onLeave={(field) => setLeft((before) => [...before, field])}
        connected={settings.connected}
        errors={{ ...errorsOf(wanted, left), ...fieldErrors(save.error) }}
      />
      {save.error === null ? null : <TroubleNotice error={save.error} />}
      <div className="row">
        <Button kind="primary" submits pending={save.isPending}>
          {settings.connected ? 'Save' : 'Connect'}
        </Button>
      </div>
    </form>
  );
}

interface Typed {
  readonly token: string;
  readonly channel: string;
}

/** An empty token leaves the one that is set. */
function wantedOf({ token, channel }: Typed, connected: boolean): NewSlackSettings {
  return { channel: channel.trim(), ...(token === '' && connected ? {} : { token: token.trim() }) };
}

interface SlackFieldsProps {
  readonly typed: Typed;
  readonly onType: (typed: Typed) => void;
  readonly onLeave: (field: string) => void;
  readonly connected: boolean;
  readonly errors: Readonly<Record<string, string>>;
}

function SlackFields({ typed, onType, onLeave, connected, errors }: SlackFieldsProps) {
  return (
    <>
      <TextField
        label="Bot token"
        type="password"
        mono
        value={typed.token}
        onChange={(token) => onType({ ...typed, token })}
        onBlur={() => onLeave('token')}
        description={
          connected
            ? 'Empty: the one that is set stays. It is never shown.'
            : 'Begins with xoxb-. It is kept in a Secret of the organization and never shown again.'
        }
        error={errors['token']}
      />
      <TextField
        label="Channel"
        value={typed.channel}
        onChange={(channel) => onType({ ...typed, channel })}
        onBlur={() => onLeave('channel')}
        description="Where alerts go, unless a job names another: #name or the channel's ID. Invite the bot to it."
        error={errors['channel']}
      />
    </>
  );
}

function useSave(org: string, saved: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewSlackSettings) =>
      request(slackSettings, organizationPath(org, 'settings', 'slack'), { method: 'PUT', body }),
    onSuccess: (settings) => {
      client.setQueryData(slackQuery(org).queryKey, settings);
      saved();
      announce('Slack is connected.');
    },
  });
}

/** Of the fields that were left: nobody is told of an error while typing. */
function errorsOf(wanted: unknown, left: readonly string[]): Readonly<Record<string, string>> {
  const parsed = newSlackSettings.safeParse(wanted);
  const issues = parsed.success ? [] : parsed.error.issues;
  return Object.fromEntries(
    issues.flatMap(({ path: [field], message }) =>
      typeof field === 'string' && left.includes(field) ? [[field, message]] : [],
    ),
  );
}
