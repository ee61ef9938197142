import { join } from 'node:path';
import type { ClusterEnv } from '../cluster/cluster.ts';
import { mustRun, run } from '../cluster/command.ts';
import type { Ran } from '../cluster/command.ts';

const words = (env: ClusterEnv, args: readonly string[]): [string, string[]] => [
  join(env.bin, 'kubectl'),
  ['--kubeconfig', env.kubeconfig, ...args],
];

/** @throws with what kubectl said, when it fails. */
export const kubectl = (env: ClusterEnv, args: readonly string[], input?: string): Promise<string> =>
  mustRun(...words(env, args), input === undefined ? {} : { input });

/** Never throws for an exit code. */
export const tryKubectl = (env: ClusterEnv, args: readonly string[], input?: string): Promise<Ran> =>
  run(...words(env, args), input === undefined ? {} : { input });

/** For `-f -`. */
export const listOf = (objects: readonly unknown[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
