import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

/** A file that a build may read while it runs and that no layer keeps. */
export interface BuildSecret {
  readonly id: 'pip-conf' | 'npmrc' | 'host-ca';
  readonly file: string;
}

/** Where a build sees the secret `host-ca`. */
const CA_IN_BUILD = '/run/secrets/host-ca';

/** What says how a registry is reached; everything else of the host's pip is its own affair. */
const PIP_KEYS = [
  'index-url',
  'extra-index-url',
  'trusted-host',
  'proxy',
  'timeout',
  'default-timeout',
  'retries',
];

/** Keys of a user's .npmrc that name files or folders of the host, which no build can see. */
const NPM_HOST_KEYS =
  /^(cafile|certfile|keyfile|prefix|cache|globalconfig|userconfig|init-module|nodedir|tmp)\s*=/;

/** apt settings that decide whether a mirror answers; the rest describes the host. */
const APT_KEYS = /^Acquire::(https?|Retries|Check-Valid-Until|Check-Date|ForceIPv4)\b/;

/** A pip.conf for a build, from the output of `pip config list` (files and environment, merged by pip). */
export function pipConf(configList: string, hasHostCa: boolean): string {
  const kept = configList.split('\n').flatMap((line) => {
    const match = /^[^=]*\.([a-z-]+)='(.*)'$/.exec(line.trim());
    const [key, value] = [match?.[1], match?.[2]];
    if (key === undefined || value === undefined || !PIP_KEYS.includes(key)) return [];
    return [`${key.replace('default-', '')} = ${value.replaceAll('\\n', '\n  ')}`];
  });
  return ['[global]', ...kept, ...(hasHostCa ? [`cert = ${CA_IN_BUILD}`] : []), ''].join('\n');
}

/** A .npmrc for a build, from the user's own and the registry npm settled on. */
export function npmrc(userConfig: string, registry: string, hasHostCa: boolean): string {
  const kept = userConfig
    .split('\n')
    .filter((line) => line.trim() !== '' && !NPM_HOST_KEYS.test(line.trim()));
  const reach = registry === '' ? [] : [`registry=${registry}`];
  return [...kept, ...reach, ...(hasHostCa ? [`cafile=${CA_IN_BUILD}`] : []), ''].join('\n');
}

/** The lines of `apt-config dump` that a build needs to reach the host's mirror. */
export function aptConf(configDump: string): string {
  return `${configDump
    .split('\n')
    .filter((line) => APT_KEYS.test(line))
    .join('\n')}\n`;
}

/** Writes the host's registry settings into a private folder; clients that are missing count as unconfigured. */
export async function writeBuildSecrets(folder: string, hostCaFile: string): Promise<readonly BuildSecret[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const hasHostCa = await access(hostCaFile).then(
    () => true,
    () => false,
  );
  const userConfig = await outputOf('npm', ['config', 'get', 'userconfig']);
  const texts = {
    'pip-conf': pipConf(await outputOf('pip', ['config', 'list']), hasHostCa),
    npmrc: npmrc(
      await readFile(userConfig.trim(), 'utf8').catch(() => ''),
      (await outputOf('npm', ['config', 'get', 'registry'])).trim(),
      hasHostCa,
    ),
  } as const;
  const secrets: BuildSecret[] = hasHostCa ? [{ id: 'host-ca', file: hostCaFile }] : [];
  for (const id of ['pip-conf', 'npmrc'] as const) {
    const file = join(folder, id);
    await writeFile(file, texts[id], { mode: 0o600 });
    secrets.push({ id, file });
  }
  return secrets;
}

/** The host's apt settings in apt's own form; empty where there is no apt. */
export async function hostAptConf(): Promise<string> {
  return aptConf(await outputOf('apt-config', ['dump']));
}

async function outputOf(command: string, commandArguments: readonly string[]): Promise<string> {
  return runCommand(command, commandArguments).catch(() => '');
}
