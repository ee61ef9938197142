import { describe, expect, it } from 'vitest';
import { annotations } from '../../contract/names.ts';
import { KubeError } from '../kube/client.ts';
import { parseJob } from '../kube/job.ts';
import { rawJob } from '../testdata/objects.ts';
import { findDestination } from './destination.ts';
import type { SlackClient } from './slack-client.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const token = 'xoxb-of-the-organization';
const connected = { data: { token: base64(token), channel: base64('#acme') } };
const slackOf = (channel: string): SlackClient => ({
  channel,
  post: () => Promise.resolve('1.1'),
  workspace: () => Promise.resolve(''),
});

interface World {
  /** The Secret; a number is the status of the API server's refusal. */
  readonly secret: unknown;
  readonly installation?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

async function find(world: World) {
  const seen = { paths: [] as string[], tokens: [] as string[], bad: [] as string[] };
  const found = await findDestination(
    {
      client: {
        request({ path }) {
          seen.paths.push(path);
          const { secret } = world;
          return typeof secret === 'number'
            ? Promise.reject(new KubeError(secret, 'refused'))
            : Promise.resolve(secret);
        },
        stream: () => {
          throw new Error('nothing is streamed here');
        },
      },
      installation: world.installation === undefined ? undefined : slackOf(world.installation),
      connect(connection) {
        seen.tokens.push(connection.token);
        return slackOf(connection.channel);
      },
      onBadSecret: (namespace) => seen.bad.push(namespace),
    },
    parseJob(rawJob({ annotations: world.annotations ?? {} })),
  );
  return { ...seen, to: found && [found.slack.channel, found.owner] };
}

const paths = ['/api/v1/namespaces/shop/secrets/dbt-jobs-slack'];
const rows: Record<string, { given: World; found: Partial<Awaited<ReturnType<typeof find>>> }> = {
  'an organization that is connected gets its alerts in its own channel': {
    given: { secret: connected, installation: '#all' },
    found: { to: ['#acme', 'shop'], tokens: [token], paths },
  },
  'a run that names a channel is told there': {
    given: { secret: connected, annotations: { [annotations.slackChannel]: '#night' } },
    found: { to: ['#night', 'shop'] },
  },
  'a channel that can be none is passed over': {
    given: { secret: connected, annotations: { [annotations.slackChannel]: '<!channel>' } },
    found: { to: ['#acme', 'shop'] },
  },
  'a run that wants no alerts has none, and no Secret is read for it': {
    given: { secret: connected, installation: '#all', annotations: { [annotations.slackAlerts]: 'off' } },
    found: { to: undefined, paths: [], tokens: [] },
  },
  'S19: in the Slack of all organizations a run does not choose the channel': {
    given: { secret: 404, installation: '#all', annotations: { [annotations.slackChannel]: '#theirs' } },
    found: { to: ['#all', ''], tokens: [] },
  },
  'a namespace whose Secrets may not be read is as one without': {
    given: { secret: 403, installation: '#all' },
    found: { to: ['#all', ''] },
  },
  'without any Slack nobody is told': { given: { secret: 404 }, found: { to: undefined, bad: [] } },
  'a Secret without a token is reported, and the alert does not go elsewhere': {
    given: { secret: { data: { channel: base64('#acme') } }, installation: '#all' },
    found: { to: undefined, bad: ['shop'], tokens: [] },
  },
  'a token that somebody ended with a line feed is taken without it': {
    given: { secret: { data: { ...connected.data, token: base64(`${token}\n`) } } },
    found: { to: ['#acme', 'shop'], tokens: [token] },
  },
};

describe('the destination of an alert', () => {
  it.each(Object.entries(rows))('%s', async (_, { given, found }) => {
    expect(await find(given)).toMatchObject(found);
  });

  it('is asked for again later where the API server does not answer', async () => {
    await expect(find({ secret: 503, installation: '#all' })).rejects.toMatchObject({ status: 503 });
  });
});
