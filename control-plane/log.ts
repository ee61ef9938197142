import type { Logger } from 'pino';

/** Messages are constant; facts are fields. No field ever holds an object of the cluster, a header or a body. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
