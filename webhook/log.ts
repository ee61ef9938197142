import type { Logger } from 'pino';

/** Messages are constant; facts are fields. No field ever holds an object of the cluster, or a part of one but its names. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
