import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Component } from './components.ts';

export type GoModule = { goMod: string; goSum: string };

export type BuildStep = {
  component: Component;
  version: string;
  /** Where the binary is, or will be. */
  binary: string;
  args: readonly string[];
  built: boolean;
};

/** Same flags for every step: the compiled packages are shared by all of a module's binaries. */
const buildFlags = ['-trimpath', '-tags', 'providerless'] as const;

export const buildEnvironment = {
  CGO_ENABLED: '0',
  GOFLAGS: '-buildvcs=false',
  GOTOOLCHAIN: 'local',
} as const;

/** @throws when the go.mod does not require the module. */
export const versionIn = (goMod: string, modulePath: string): string => {
  const words = goMod
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^require\s+/, '')
        .split(/\s+/),
    )
    .find(([path, version]) => path === modulePath && version?.startsWith('v'));
  if (!words?.[1])
    throw new Error(
      `go.mod: does not require ${modulePath}\nAdd it with: go get -tool ${modulePath}@<version>`,
    );
  return words[1];
};

/** The Go release a go.mod asks for, such as "1.26.0". */
export const goVersionIn = (goMod: string): string => /^go (\S+)$/m.exec(goMod)?.[1] ?? '';

const ldflags = (stamp: Readonly<Record<string, string>>): string =>
  ['-s -w', ...Object.entries(stamp).map(([name, value]) => `-X ${name}=${value}`)].join(' ');

/** Twelve hex digits that change with anything that can change the binary. */
export const buildKey = (goModule: GoModule, flags: readonly string[], goVersion: string): string =>
  createHash('sha256')
    .update(JSON.stringify([goModule.goMod, goModule.goSum, flags, buildEnvironment, goVersion]))
    .digest('hex')
    .slice(0, 12);

export type PlanInput = {
  components: readonly Component[];
  modules: Readonly<Record<string, GoModule>>;
  /** As `go env GOVERSION` says it. */
  goVersion: string;
  cacheDir: string;
  exists: (path: string) => boolean;
};

export const planBuild = (input: PlanInput): BuildStep[] =>
  input.components.map((component) => {
    const goModule = input.modules[component.module];
    if (!goModule)
      throw new Error(`modules/${component.module}/go.mod: missing, ${component.name} is built from it`);
    const version = versionIn(goModule.goMod, component.versionOf);
    const args = ['build', ...buildFlags, '-ldflags', ldflags(component.stamp(version))];
    const key = buildKey(goModule, [...args, component.package], input.goVersion);
    const binary = join(input.cacheDir, 'bin', `${component.name}-${version}-${key}`, component.name);
    return { component, version, binary, args, built: input.exists(binary) };
  });

/** A folder of links, one set of versions each, so that PATH needs one entry and no cluster sees another's versions. */
export const toolsDirectory = (cacheDir: string, steps: readonly BuildStep[]): string =>
  join(
    cacheDir,
    `tools-${createHash('sha256')
      .update(steps.map((step) => step.binary).join('\n'))
      .digest('hex')
      .slice(0, 12)}`,
  );

/** Such as "8m 18s". */
export const duration = (seconds: number): string => {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m ${String(whole % 60).padStart(2, '0')}s`;
};

export const describePlan = (steps: readonly BuildStep[]): string[] => {
  const missing = steps.filter((step) => !step.built);
  if (missing.length === 0) return [];
  const seconds = missing.reduce((sum, step) => sum + step.component.coldSeconds, 0);
  const width = Math.max(...missing.map((step) => step.component.name.length));
  return [
    `Building ${missing.length} of ${steps.length} binaries, once: about ${duration(seconds)} on 2 cores, plus the download of their sources`,
    ...missing.map(
      ({ component, version }) =>
        `  ${component.name.padEnd(width)}  ${version.padEnd(8)}  ${duration(component.coldSeconds)}`,
    ),
  ];
};
