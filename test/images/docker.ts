import { sharedOptions, type Builder, type BuildRequest } from './builder.ts';
import { runCommand } from './run-command.ts';

/** The Debian of the Dockerfiles' own default. */
const BASE = 'debian:12-slim';

/** `docker build` with BuildKit, which the secret mounts of the Dockerfiles need. */
export function dockerBuildArguments(request: BuildRequest): readonly string[] {
  return [
    'build',
    '--progress=plain',
    '--file',
    request.dockerfile,
    ...sharedOptions(request, BASE),
    '--tag',
    request.reference,
    request.context,
  ];
}

/** The builder of a machine with a Docker engine. */
export const docker: Builder = {
  name: 'docker',
  base: BASE,
  prepare: async () => {
    // Docker pulls the base by itself.
  },
  build: async (request, output) => {
    await runCommand('docker', dockerBuildArguments(request), output);
    await runCommand('docker', ['save', '--output', request.archive, request.reference], output);
  },
};

/** Whether an engine answers; the client alone is often installed without one. */
export async function dockerAnswers(): Promise<boolean> {
  return runCommand('docker', ['version', '--format', '{{.Server.Version}}']).then(
    () => true,
    () => false,
  );
}
