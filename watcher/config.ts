import { hostname } from 'node:os';
import { z } from 'zod';
import type { SlackSettings } from './slack/slack-client.ts';
import { watchSettings } from './watch.ts';

const seconds = (least: number) => z.coerce.number().int().min(least).max(3600);

/** An empty value is one that the installation left out. */
const optional = (value: z.ZodString) =>
  z.preprocess((text) => (text === '' ? undefined : text), value.optional());

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  WATCH_NAMESPACE: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$/, 'must be the name of a namespace')
    .default(''),
  POD_NAME: z.string().min(1).default(hostname()),
  INACTIVITY_SECONDS: seconds(watchSettings.watchSeconds + 1).default(watchSettings.inactivityMs / 1000),
  SLACK_TOKEN: optional(z.string().regex(/^xox[a-z]-\S{8,512}$/, 'must be a token that begins with xoxb-')),
  SLACK_CHANNEL: optional(
    z.string().regex(/^(#[\w-]{1,80}|[A-Z0-9]{6,20})$/, 'must be the id of a channel, or #name'),
  ),
  SLACK_API_URL: z.url({ protocol: /^https?$/ }).default('https://slack.com/api/'),
  RUN_URL: optional(z.string().regex(/^https?:\/\/[^\s|<>]{1,2000}$/, 'must be an address of http or https')),
});

const both = environment.refine(
  (env) => (env.SLACK_TOKEN === undefined) === (env.SLACK_CHANNEL === undefined),
  {
    path: ['SLACK_CHANNEL'],
    error: 'SLACK_TOKEN and SLACK_CHANNEL are set together, or neither',
  },
);

export interface Config {
  readonly port: number;
  readonly logLevel: string;
  /** Undefined for all namespaces. */
  readonly namespace: string | undefined;
  readonly podName: string;
  readonly inactivityMs: number;
  /** Undefined where no token is set: no messages are sent. */
  readonly slack: SlackSettings | undefined;
  /** Where a run is shown; see RunContext. */
  readonly runUrl: string | undefined;
}

/** Slack answers in a second or not at all. */
const slackTimeoutMs = 10_000;

/** Throws an Error that names every variable that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = both.safeParse(env);
  if (!parsed.success) {
    throw new Error(
      `the environment is wrong:\n${z.prettifyError(parsed.error)}\ncorrect these variables and start again`,
    );
  }
  const { PORT, LOG_LEVEL, WATCH_NAMESPACE, POD_NAME, INACTIVITY_SECONDS } = parsed.data;
  const { SLACK_TOKEN: token, SLACK_CHANNEL: channel, SLACK_API_URL: apiUrl, RUN_URL } = parsed.data;
  return {
    port: PORT,
    logLevel: LOG_LEVEL,
    namespace: WATCH_NAMESPACE === '' ? undefined : WATCH_NAMESPACE,
    podName: POD_NAME,
    inactivityMs: INACTIVITY_SECONDS * 1000,
    slack: token && channel ? { token, channel, apiUrl, timeoutMs: slackTimeoutMs } : undefined,
    runUrl: RUN_URL,
  };
}
