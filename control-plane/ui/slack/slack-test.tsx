import type { ReactNode } from 'react';
import { useMutation } from '@tanstack/react-query';
import { slackTest } from '../../wire/slack.ts';
import { organizationPath } from '../api/paths.ts';
import { request } from '../api/request.ts';
import { troubleOf } from '../api/refusal.ts';
import { Button } from '../elements/button.tsx';
import { asSentence } from '../run/reason-words.ts';

export function SlackTest({ org, beside }: { readonly org: string; readonly beside: ReactNode }) {
  const test = useMutation({
    mutationFn: () =>
      request(slackTest, organizationPath(org, 'settings', 'slack', 'test'), { method: 'POST' }),
  });
  return (
    <>
      <div className="row">
        <Button pending={test.isPending} onPress={() => test.mutate()}>
          Send a test message
        </Button>
        {beside}
      </div>
      <p role="status" className="slack-test">
        {test.error === null ? null : <span className="status-failed">{troubleOf(test.error).title}</span>}
        {test.data === undefined ? null : test.data.sent ? (
          <span className="status-succeeded">Sent</span>
        ) : (
          <span className="status-failed">
            Slack refused it: {test.data.error}. {asSentence(test.data.nextStep ?? '')}
          </span>
        )}
      </p>
    </>
  );
}
