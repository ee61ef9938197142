import { z } from 'zod';
import { gitSync } from '../contract/names.ts';

const port = z.coerce.number().int().min(1).max(65_535);
const name = z
  .string('is required')
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'must be the name of an object');

const environment = z.object({
  POD_NAMESPACE: name,
  SERVICE_NAME: name,
  CERTIFICATE_SECRET: name,
  WEBHOOK_CONFIGURATION: name,
  GIT_SYNC_IMAGE: z.string().min(1).default(gitSync.image),
  PORT: port.default(8443),
  HEALTH_PORT: port.default(8080),
  /** Set by the kubelet in every pod; without them a kubeconfig says where the API server is. */
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  KUBERNETES_SERVICE_PORT: z.string().default('443'),
  SERVICE_ACCOUNT_FOLDER: z.string().default('/var/run/secrets/kubernetes.io/serviceaccount'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export interface Config {
  readonly namespace: string;
  readonly service: string;
  readonly certificateSecret: string;
  readonly webhookConfiguration: string;
  readonly gitSyncImage: string;
  readonly port: number;
  readonly healthPort: number;
  readonly logLevel: string;
  /** Of the cluster that this pod runs in; absent outside of one. */
  readonly apiServer?: { readonly host: string; readonly port: string; readonly folder: string };
}

/** Throws one Error that names every variable that is wrong. */
export function readConfig(variables: Readonly<Record<string, string | undefined>> = process.env): Config {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`the environment is wrong: ${wrong.join('; ')}\nset these variables in the Deployment`);
  }
  const read = parsed.data;
  return {
    namespace: read.POD_NAMESPACE,
    service: read.SERVICE_NAME,
    certificateSecret: read.CERTIFICATE_SECRET,
    webhookConfiguration: read.WEBHOOK_CONFIGURATION,
    gitSyncImage: read.GIT_SYNC_IMAGE,
    port: read.PORT,
    healthPort: read.HEALTH_PORT,
    logLevel: read.LOG_LEVEL,
    ...(read.KUBERNETES_SERVICE_HOST === undefined
      ? {}
      : {
          apiServer: {
            host: read.KUBERNETES_SERVICE_HOST,
            port: read.KUBERNETES_SERVICE_PORT,
            folder: read.SERVICE_ACCOUNT_FOLDER,
          },
        }),
  };
}
