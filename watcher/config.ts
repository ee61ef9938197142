import { hostname } from 'node:os';
import { z } from 'zod';
import { watchSettings } from './watch.ts';

const seconds = (least: number) => z.coerce.number().int().min(least).max(3600);

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  WATCH_NAMESPACE: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$/, 'must be the name of a namespace')
    .default(''),
  POD_NAME: z.string().min(1).default(hostname()),
  INACTIVITY_SECONDS: seconds(watchSettings.watchSeconds + 1).default(watchSettings.inactivityMs / 1000),
});

export interface Config {
  readonly port: number;
  readonly logLevel: string;
  /** Undefined for all namespaces. */
  readonly namespace: string | undefined;
  readonly podName: string;
  readonly inactivityMs: number;
}

/** Throws an Error that names every variable that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    throw new Error(
      `the environment is wrong:\n${z.prettifyError(parsed.error)}\ncorrect these variables and start again`,
    );
  }
  const { PORT, LOG_LEVEL, WATCH_NAMESPACE, POD_NAME, INACTIVITY_SECONDS } = parsed.data;
  return {
    port: PORT,
    logLevel: LOG_LEVEL,
    namespace: WATCH_NAMESPACE === '' ? undefined : WATCH_NAMESPACE,
    podName: POD_NAME,
    inactivityMs: INACTIVITY_SECONDS * 1000,
  };
}
