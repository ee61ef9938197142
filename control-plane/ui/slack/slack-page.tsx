import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from 'wouter';
import type { SlackSettings } from '../../wire/slack.ts';
import { slackQuery } from '../api/queries.ts';
import { pages } from '../app/pages.ts';
import { Answer } from '../elements/answer.tsx';
import { Facts } from '../elements/facts.tsx';
import { Icon } from '../elements/icon.tsx';
import { Notice } from '../elements/notice.tsx';
import { Page } from '../elements/page.tsx';
import { useMay } from '../projects/use-may.ts';
import { backIn } from './back.ts';
import { Disconnect } from './disconnect.tsx';
import { SlackForm } from './slack-form.tsx';
import { SlackTest } from './slack-test.tsx';
import './slack-page.css';

export function SlackPage({ org }: { readonly org: string }) {
  const query = useQuery(slackQuery(org));
  const back = backIn(useSearch());
  return (
    <Page
      title="Slack"
      trail={[
        { label: org, to: pages.projects(org) },
        { label: 'Integrations', to: pages.slack(org) },
      ]}
      width="text"
    >
      <p className="quiet">
        A failed run is told in a channel, with what failed and what to do; each job decides whether.
      </p>
      {back === undefined ? null : (
        <p>
          <Link to={back}>← Back to the job</Link>
        </p>
      )}
      <Answer query={query}>{(settings) => <Settings org={org} settings={settings} />}</Answer>
    </Page>
  );
}

function Settings({ org, settings }: { readonly org: string; readonly settings: SlackSettings }) {
  const may = useMay(org);
  return (
    <div className="slack-settings">
      {settings.connected ? (
        <Connected org={org} settings={settings} mayDisconnect={may.connectSlack} />
      ) : null}
      {may.connectSlack ? (
        <SlackForm org={org} settings={settings} key={String(settings.connected)} />
      ) : (
        <Notice kind="told" title="You may look at these settings, not change them.">
          Ask who runs dbt Jobs for the right to write the Secret dbt-jobs-slack in {org}.
        </Notice>
      )}
    </div>
  );
}

interface ConnectedProps {
  readonly org: string;
  readonly settings: SlackSettings;
  readonly mayDisconnect: boolean;
}

function Connected({ org, settings: { workspace, bot, channel }, mayDisconnect }: ConnectedProps) {
  return (
    <section className="stack" aria-label="Connection">
      <p className="status status-succeeded">
        <Icon name="succeeded" />
        Connected
      </p>
      <Facts facts={{ Workspace: workspace, Bot: bot, Channel: channel }} />
      {mayDisconnect ? <SlackTest org={org} beside={<Disconnect org={org} />} /> : null}
    </section>
  );
}
