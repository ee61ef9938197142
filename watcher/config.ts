import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { channelPattern, tokenPattern } from './slack/destination.ts';
import { watchSettings } from './watch.ts';

const seconds = (least: number) => z.coerce.number().int().min(least).max(86_400);
const namespace = z
  .string()
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$/, 'must be the name of a namespace')
  .default('');

/** An empty value is one that the installation left out. */
const optional = (value: z.ZodString) =>
  z.preprocess((text) => (text === '' ? undefined : text), value.optional());

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  WATCH_NAMESPACE: namespace,
  POD_NAME: z.string().min(1).default(hostname()),
  LEASE_NAMESPACE: namespace,
  INACTIVITY_SECONDS: seconds(watchSettings.watchSeconds + 1).default(watchSettings.inactivityMs / 1000),
  SLACK_TOKEN: optional(z.string().regex(tokenPattern, 'must be a token that begins with xoxb-')),
  SLACK_CHANNEL: optional(z.string().regex(channelPattern, 'must be the id of a channel, or #name')),
  SLACK_API_URL: z.url({ protocol: /^https?$/ }).default('https://slack.com/api/'),
  RUN_URL: optional(z.string().regex(/^https?:\/\/[^\s|<>]{1,2000}$/, 'must be an address of http or https')),
  RELIST_SECONDS: seconds(60).default(watchSettings.relistMs / 1000),
  SPOOL_FOLDER: z.string().min(1).default(join(tmpdir(), 'dbt-jobs-spool')),
  SPOOL_MEGABYTES: z.coerce.number().int().min(16).max(1_048_576).default(1024),
  CONTROL_PLANE_URL: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
  CONTROL_PLANE_TOKEN_FILE: z.string().min(1).default('/var/run/secrets/dbt-jobs/ingestion/token'),
  CONTROL_PLANE_CA_FILE: z.string().default(''),
  KUBECONFIG: z.string().default(''),
  SERVICE_ACCOUNT_FOLDER: z.string().min(1).default('/var/run/secrets/kubernetes.io/serviceaccount'),
  KUBERNETES_SERVICE_HOST: z.string().default(''),
  KUBERNETES_SERVICE_PORT: z.coerce.number().int().min(1).max(65_535).default(443),
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
  /** Where the Lease is; undefined where this process is the only one. */
  readonly leaseNamespace: string | undefined;
  readonly inactivityMs: number;
  readonly relistMs: number;
  readonly spool: { readonly folder: string; readonly maxBytes: number };
  /** Undefined where there is none: outcomes are then told in the cluster only. */
  readonly controlPlane: ControlPlaneConfig | undefined;
  /** Of the pod that this process is in; undefined where a kubeconfig says how the API server is reached. */
  readonly serviceAccount: { readonly server: string; readonly folder: string } | undefined;
  readonly slack: {
    readonly apiUrl: string;
    readonly timeoutMs: number;
    /** For organizations that are not connected themselves; undefined where no token is set. */
    readonly installation: { readonly token: string; readonly channel: string } | undefined;
  };
  /** Where a run is shown; see RunContext. */
  readonly runUrl: string | undefined;
}

export interface ControlPlaneConfig {
  readonly url: string;
  readonly tokenFile: string;
  readonly caFile: string | undefined;
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
  const { data } = parsed;
  return {
    port: data.PORT,
    logLevel: data.LOG_LEVEL,
    namespace: data.WATCH_NAMESPACE || undefined,
    podName: data.POD_NAME,
    leaseNamespace: data.LEASE_NAMESPACE || undefined,
    inactivityMs: data.INACTIVITY_SECONDS * 1000,
    relistMs: data.RELIST_SECONDS * 1000,
    spool: { folder: data.SPOOL_FOLDER, maxBytes: data.SPOOL_MEGABYTES * 1024 * 1024 },
    controlPlane: controlPlaneOf(data),
    serviceAccount: serviceAccountOf(data),
    slack: slackOf(data),
    runUrl: data.RUN_URL,
  };
}

type Environment = z.output<typeof environment>;

function slackOf({ SLACK_TOKEN: token, SLACK_CHANNEL: channel, SLACK_API_URL: apiUrl }: Environment) {
  const installation = token && channel ? { token, channel } : undefined;
  return { apiUrl, timeoutMs: slackTimeoutMs, installation };
}

function controlPlaneOf(data: Environment): ControlPlaneConfig | undefined {
  if (data.CONTROL_PLANE_URL === '') return undefined;
  return {
    url: data.CONTROL_PLANE_URL.replace(/\/$/, ''),
    tokenFile: data.CONTROL_PLANE_TOKEN_FILE,
    caFile: data.CONTROL_PLANE_CA_FILE || undefined,
  };
}

function serviceAccountOf(data: Environment): Config['serviceAccount'] {
  const host = data.KUBERNETES_SERVICE_HOST;
  if (data.KUBECONFIG !== '' || host === '') return undefined;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${data.KUBERNETES_SERVICE_PORT}`;
  return { server, folder: data.SERVICE_ACCOUNT_FOLDER };
}
