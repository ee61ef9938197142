import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { TrustedProxy } from './identity/trusted-proxy.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const header = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of a header');
/** An empty value is one that the installation left out. */
const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((text) => (text === '' ? undefined : text), schema.optional());
const days = z.coerce.number().int().min(1).max(3650);
const file = optional(z.string());

const environment = z.object({
  PORT: port.default(8080),
  HEALTH_PORT: port.default(8081),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  POD_NAME: z.string().min(1).default(hostname()),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  TLS_CERTIFICATE_FILE: file,
  TLS_KEY_FILE: file,
  UI_FOLDER: optional(z.string()),
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(100).default(10),
  DATABASE_FILE: z.string().min(1).default('dbt-jobs.sqlite'),
  KEEP_RUNS_DAYS: days.default(365),
  KEEP_LOGS_DAYS: days.default(30),
  /** `<namespace>:<name>` of the ServiceAccount that may tell of runs. */
  WATCHER_SERVICE_ACCOUNT: z
    .string()
    .regex(/^[a-z0-9-]+:[a-z0-9.-]+$/, 'must be <namespace>:<name>')
    .default('dbt-jobs:dbt-jobs-watcher'),
  SLACK_API_URL: z.url({ protocol: /^https?$/ }).default('https://slack.com/api/'),
  PROXY_USER_HEADER: header.default('X-Forwarded-User'),
  PROXY_GROUPS_HEADER: header.default('X-Forwarded-Groups'),
  PROXY_SECRET_HEADER: header.default('X-Proxy-Secret'),
  PROXY_SECRET_FILE: file,
  PROXY_CLIENT_CA_FILE: file,
  PROXY_CLIENT_NAMES: optional(z.string()),
  KUBECONFIG: z.string().default(''),
  SERVICE_ACCOUNT_FOLDER: z.string().min(1).default('/var/run/secrets/kubernetes.io/serviceaccount'),
  KUBERNETES_SERVICE_HOST: z.string().default(''),
  KUBERNETES_SERVICE_PORT: port.default(443),
});

/** Each says what goes with what. */
const consistent = environment.superRefine((env, context) => {
  const wrong = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if ((env.TLS_CERTIFICATE_FILE === undefined) !== (env.TLS_KEY_FILE === undefined))
    wrong('TLS_KEY_FILE', 'is set together with TLS_CERTIFICATE_FILE, or neither');
  if ((env.PROXY_CLIENT_CA_FILE === undefined) !== (env.PROXY_CLIENT_NAMES === undefined))
    wrong('PROXY_CLIENT_NAMES', 'is set together with PROXY_CLIENT_CA_FILE, or neither');
  if (env.PROXY_CLIENT_CA_FILE !== undefined && env.TLS_KEY_FILE === undefined)
    wrong('PROXY_CLIENT_CA_FILE', 'needs TLS_CERTIFICATE_FILE: a certificate is shown in a TLS connection');
  if (env.PROXY_CLIENT_CA_FILE !== undefined && env.PROXY_SECRET_FILE !== undefined)
    wrong('PROXY_SECRET_FILE', 'stands beside PROXY_CLIENT_CA_FILE: a proxy is known by one of them');
});

export interface Config {
  readonly port: number;
  readonly healthPort: number;
  readonly logLevel: string;
  readonly podName: string;
  /** As browsers know this server, without a path; undefined where it is not known beforehand. */
  readonly origin: string | undefined;
  /** Whether browsers come by https. */
  readonly secure: boolean;
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | undefined;
  /** Whose certificates prove a proxy. */
  readonly clientCaFile: string | undefined;
  readonly proxy: TrustedProxy | undefined;
  readonly uiFolder: string | undefined;
  readonly database:
    | { readonly database: 'sqlite'; readonly file: string }
    | { readonly database: 'postgres'; readonly url: string; readonly connections: number };
  readonly retention: { readonly runDays: number; readonly logDays: number };
  /** Name as the API server says it. */
  readonly watcher: string;
  readonly slackApiUrl: string;
  /** Of the pod that this process is in; undefined where a kubeconfig says how the API server is reached. */
  readonly serviceAccount: { readonly server: string; readonly folder: string } | undefined;
}

/** Throws an Error that names every variable that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = consistent.safeParse(env);
  if (!parsed.success) {
    throw new Error(
      `the environment is wrong:\n${z.prettifyError(parsed.error)}\ncorrect these variables and start again`,
    );
  }
  const { data } = parsed;
  const tls =
    data.TLS_CERTIFICATE_FILE === undefined || data.TLS_KEY_FILE === undefined
      ? undefined
      : { certificateFile: data.TLS_CERTIFICATE_FILE, keyFile: data.TLS_KEY_FILE };
  const origin = data.PUBLIC_URL === undefined ? undefined : new URL(data.PUBLIC_URL).origin;
  return {
    port: data.PORT,
    healthPort: data.HEALTH_PORT,
    logLevel: data.LOG_LEVEL,
    podName: data.POD_NAME,
    origin,
    secure: origin === undefined ? tls !== undefined : origin.startsWith('https:'),
    tls,
    clientCaFile: data.PROXY_CLIENT_CA_FILE,
    proxy: proxyOf(data),
    uiFolder: data.UI_FOLDER,
    database: databaseOf(data),
    retention: { runDays: data.KEEP_RUNS_DAYS, logDays: data.KEEP_LOGS_DAYS },
    watcher: `system:serviceaccount:${data.WATCHER_SERVICE_ACCOUNT}`,
    slackApiUrl: data.SLACK_API_URL,
    serviceAccount: serviceAccountOf(data),
  };
}

type Environment = z.output<typeof environment>;

function proxyOf(data: Environment): TrustedProxy | undefined {
  const headers = { userHeader: data.PROXY_USER_HEADER, groupsHeader: data.PROXY_GROUPS_HEADER };
  if (data.PROXY_CLIENT_NAMES !== undefined) {
    const commonNames = data.PROXY_CLIENT_NAMES.split(',').map((name) => name.trim());
    return { ...headers, proof: { kind: 'certificate', commonNames } };
  }
  if (data.PROXY_SECRET_FILE === undefined) return undefined;
  const value = readFileSync(data.PROXY_SECRET_FILE, 'utf8').trim();
  if (value.length < 32)
    throw new Error(`${data.PROXY_SECRET_FILE}: the proxy's secret must have at least 32 characters`);
  return { ...headers, proof: { kind: 'secret', header: data.PROXY_SECRET_HEADER, value } };
}

function databaseOf(data: Environment): Config['database'] {
  return data.DATABASE_URL === undefined
    ? { database: 'sqlite', file: data.DATABASE_FILE }
    : { database: 'postgres', url: data.DATABASE_URL, connections: data.DATABASE_CONNECTIONS };
}

function serviceAccountOf(data: Environment): Config['serviceAccount'] {
  const host = data.KUBERNETES_SERVICE_HOST;
  if (data.KUBECONFIG !== '' || host === '') return undefined;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${data.KUBERNETES_SERVICE_PORT}`;
  return { server, folder: data.SERVICE_ACCOUNT_FOLDER };
}
