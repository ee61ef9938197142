import { json, nothing, type Requirement, route, type Route } from '../api/route.ts';
import { invalid, type Refusal } from '../api/refusal.ts';
import { slackSecret } from '../../contract/names.ts';
import { newSlackSettings, type SlackSettings, slackSettings, slackTest } from '../wire/slack.ts';
import { nextStepOf } from './next-step.ts';
import { type ConnectSlack, SlackRefusal } from './slack-client.ts';
import { deleteSecret, readSecret, type SlackConnection, writeSecret } from './slack-secret.ts';

const path = '/organizations/:org/settings/slack';

function secretTo(verb: Requirement['verb']): Requirement {
  return { verb, group: '', resource: 'secrets', name: slackSecret };
}

/** Everything as the user: the control plane itself may read no Secret. */
export function slackRoutes(connect: ConnectSlack): readonly Route[] {
  return [readSettings, writeSettings(connect), disconnect, testMessage(connect)];
}

const readSettings = route({
  method: 'get',
  path,
  summary: 'Whether the organization is connected to Slack, and where its alerts go. Never the token.',
  access: [secretTo('get')],
  answer: json(slackSettings),
  async handle({ params }, { asUser }) {
    return settingsOf((await readSecret(asUser, params.org))?.connection);
  },
});

const writeSettings = (connect: ConnectSlack) =>
  route({
    method: 'put',
    path,
    summary:
      'Connects the organization to Slack, or changes the channel. Slack is asked whether the token is right first.',
    access: [secretTo('update')],
    action: 'slack.connect',
    body: newSlackSettings,
    answer: json(slackSettings),
    async handle({ params, body }, { asUser, wrote }) {
      const found = await readSecret(asUser, params.org);
      const token = body.token ?? found?.connection?.token;
      if (token === undefined) throw invalid([{ field: 'token', message: 'is required: none is set yet' }]);
      const connection = { ...(await whose(connect, token)), token, channel: body.channel };
      await writeSecret(asUser, params.org, connection, found?.resourceVersion);
      wrote(`Secret/${slackSecret}`);
      return settingsOf(connection);
    },
  });

const disconnect = route({
  method: 'delete',
  path,
  summary: 'Disconnects the organization from Slack: the token is deleted.',
  access: [secretTo('delete')],
  action: 'slack.disconnect',
  answer: nothing,
  async handle({ params }, { asUser, wrote }) {
    await deleteSecret(asUser, params.org);
    wrote(`Secret/${slackSecret}`);
    return undefined;
  },
});

const testMessage = (connect: ConnectSlack) =>
  route({
    method: 'post',
    path: `${path}/test`,
    summary: 'Sends a message to the channel of the organization, and says what Slack answered.',
    access: [secretTo('update')],
    action: 'slack.test',
    answer: json(slackTest),
    async handle({ params }, { asUser, wrote }) {
      wrote(`Secret/${slackSecret}`);
      const connection = (await readSecret(asUser, params.org))?.connection;
      if (connection === undefined)
        return { sent: false, error: 'not_authed', nextStep: nextStepOf('not_authed') };
      try {
        const text = `dbt Jobs: alerts of organization ${params.org} will come to this channel.`;
        await connect(connection.token).post(connection.channel, text);
        return { sent: true };
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error;
        return { sent: false, error: error.code, nextStep: nextStepOf(error.code) };
      }
    },
  });

function settingsOf(connection: SlackConnection | undefined): SlackSettings {
  if (connection === undefined) return { connected: false };
  const { workspace, bot, channel } = connection;
  return {
    connected: true,
    channel,
    ...(workspace !== undefined && { workspace }),
    ...(bot !== undefined && { bot }),
  };
}

async function whose(connect: ConnectSlack, token: string) {
  try {
    return await connect(token).whoAmI();
  } catch (error) {
    if (error instanceof SlackRefusal) throw refused(error);
    throw error;
  }
}

function refused({ code }: SlackRefusal): Refusal {
  return invalid([{ field: 'token', message: `Slack says ${code}. ${nextStepOf(code)}` }]);
}
