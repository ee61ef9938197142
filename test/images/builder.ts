import type { BuildSecret } from './host-settings.ts';
import type { CommandOutput } from './run-command.ts';

/** What a builder needs for one image; every path is absolute. */
export interface BuildRequest {
  readonly reference: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly secrets: readonly BuildSecret[];
  /** The docker-archive to write. */
  readonly archive: string;
}

/** One way to turn a Dockerfile into a docker-archive. */
export interface Builder {
  readonly name: 'docker' | 'buildah';
  /** What stands in for `ARG BASE`; part of every image's content key. */
  readonly base: string;
  /** Makes the base available; does nothing when it is. */
  readonly prepare: (log: (line: string) => void) => Promise<void>;
  readonly build: (request: BuildRequest, output: CommandOutput) => Promise<void>;
}

/** `--build-arg` and `--secret` options, which both builders spell alike. */
export function sharedOptions({ buildArgs, secrets }: BuildRequest, base: string): readonly string[] {
  return [
    ...Object.entries({ BASE: base, ...buildArgs }).flatMap(([name, value]) => [
      '--build-arg',
      `${name}=${value}`,
    ]),
    ...secrets.flatMap(({ id, file }) => ['--secret', `id=${id},src=${file}`]),
  ];
}
