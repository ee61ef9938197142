import { spawn } from 'node:child_process';
import { access, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  buildEnvironment,
  describePlan,
  duration,
  goVersionIn,
  planBuild,
  toolsDirectory,
} from './build-plan.ts';
import type { BuildStep, GoModule } from './build-plan.ts';
import { componentsNamed, componentsOf } from './components.ts';
import type { Component, Source } from './components.ts';
import type { Settings } from './config.ts';
import { withLock } from './lock.ts';
import { ensurePrerequisites, goVersion } from './machine.ts';
import type { Log } from './machine.ts';
import { atLeast } from './prerequisites.ts';

const modulesDir = join(import.meta.dirname, 'modules');

/** A line this often, so that a long step does not look like a hanging one. */
const heartbeatMs = 20_000;

export type Build = {
  /** A folder with every binary, for PATH. */
  tools: string;
  path: (name: string) => string;
  version: (name: string) => string;
};

const readModules = async (components: readonly Component[]): Promise<Record<string, GoModule>> => {
  const names = [...new Set(components.map((component) => component.module))];
  const read = (name: string, file: string): Promise<string> =>
    readFile(join(modulesDir, name, file), 'utf8');
  return Object.fromEntries(
    await Promise.all(
      names.map(
        async (name) =>
          [name, { goMod: await read(name, 'go.mod'), goSum: await read(name, 'go.sum') }] as const,
      ),
    ),
  );
};

const filesIn = async (dir: string): Promise<Set<string>> => {
  const folders = await readdir(dir).catch((): string[] => []);
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(dir, folder)).catch((): string[] => [])).map((file) => join(dir, folder, file)),
    ),
  );
  return new Set(lists.flat());
};

const plan = async (settings: Settings, components: readonly Component[]): Promise<BuildStep[]> => {
  const present = await filesIn(join(settings.cacheDir, 'bin'));
  return planBuild({
    components,
    modules: await readModules(components),
    goVersion: (await goVersion(settings)) ?? '',
    cacheDir: settings.cacheDir,
    exists: (path) => present.has(path),
  });
};

const goCache = (settings: Settings): string => join(settings.cacheDir, 'go-build');

/** @throws with the compiler's last lines. */
const goBuild = (settings: Settings, step: BuildStep, output: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('go', [...step.args, '-o', output, step.component.package], {
      cwd: join(modulesDir, step.component.module),
      env: { ...settings.environment, ...buildEnvironment, GOCACHE: goCache(settings) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said = (said + chunk).slice(-4_000)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) {
        resolve();
        return;
      }
      const lines = said.trim().split('\n').slice(-10).join('\n  ');
      reject(
        new Error(
          `${step.component.name}: go build ended with ${code ?? 'a signal'}\n  ${lines}\nRun it again: what was compiled is kept.`,
        ),
      );
    });
  });

const buildStep = async (settings: Settings, step: BuildStep, place: string, log: Log): Promise<void> => {
  const { name, coldSeconds } = step.component;
  const startedAt = performance.now();
  const elapsed = (): string => duration((performance.now() - startedAt) / 1000);
  log(`${place}  ${name} ${step.version}`);
  const heartbeat = setInterval(
    () => log(`${place}  ${name}: ${elapsed()} of about ${duration(coldSeconds)}`),
    heartbeatMs,
  );
  const folder = dirname(step.binary);
  // A compiler that outlived its killed build may still write: never to the file of this one.
  const partial = join(folder, `partial-${process.pid}`);
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await goBuild(settings, step, partial);
    await rename(partial, step.binary);
  } finally {
    clearInterval(heartbeat);
    await rm(partial, { force: true });
  }
  log(`${place}  ${name} built in ${elapsed()}`);
};

/** The folder gets its name when it is complete. */
const linkTools = async (settings: Settings, steps: readonly BuildStep[]): Promise<string> => {
  const dir = toolsDirectory(settings.cacheDir, steps);
  const complete = await access(dir).then(
    () => true,
    () => false,
  );
  if (complete) return dir;
  const partial = `${dir}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const step of steps) await symlink(step.binary, join(partial, basename(step.binary)));
  await rename(partial, dir);
  return dir;
};

const buildMissing = async (
  settings: Settings,
  components: readonly Component[],
  log: Log,
): Promise<BuildStep[]> => {
  const steps = await plan(settings, components);
  const missing = steps.filter((step) => !step.built);
  for (const line of describePlan(steps)) log(line);
  for (const [index, step] of missing.entries()) {
    await buildStep(settings, step, `${String(index + 1).padStart(2)}/${missing.length}`, log);
  }
  if (missing.length > 0) {
    // Gigabytes that only a changed version would use again; kept until now, so that an interrupted build resumes.
    await rm(goCache(settings), { recursive: true, force: true });
  }
  await linkTools(settings, steps);
  return steps;
};

const found = (settings: Settings, steps: readonly BuildStep[]): Build => {
  const step = (name: string): BuildStep => {
    const one = steps.find((candidate) => candidate.component.name === name);
    if (!one) throw new Error(`${name}: not built for this kind of cluster`);
    return one;
  };
  return {
    tools: toolsDirectory(settings.cacheDir, steps),
    path: (name) => step(name).binary,
    version: (name) => step(name).version,
  };
};

const find = async (settings: Settings, components: readonly Component[]): Promise<Build | undefined> => {
  const steps = await plan(settings, components);
  return steps.every((step) => step.built) ? found(settings, steps) : undefined;
};

/** @param source whose tools have to be on this machine; a given cluster's are what any build needs. */
const ensure = async (
  settings: Settings,
  components: readonly Component[],
  source: Source,
  log: Log,
): Promise<Build> => {
  const modules = Object.values(await readModules(components));
  const least = modules
    .map((module) => goVersionIn(module.goMod))
    .reduce((most, version) => (atLeast(version, most) ? version : most), '0');
  const building = (await find(settings, components)) === undefined;
  await ensurePrerequisites(settings, { source, goVersion: least, building }, log);
  const ready = await find(settings, components);
  if (ready) {
    await linkTools(settings, await plan(settings, components));
    return ready;
  }
  const onWait = (): void => log('Another build is running: waiting for it');
  return withLock(join(settings.cacheDir, 'locks/build'), onWait, async () =>
    found(settings, await buildMissing(settings, components, log)),
  );
};

/** What a source needs, or nothing when it has not been built. */
export const findBuild = (settings: Settings, source: Source): Promise<Build | undefined> =>
  find(settings, componentsOf(source));

/** Builds what is missing, after everything it needs has been checked. Only one build runs at a time; a second one waits. */
export const ensureBuild = (settings: Settings, source: Source, log: Log): Promise<Build> =>
  ensure(settings, componentsOf(source), source, log);

/** As `ensureBuild`, for components by name: those that no cluster needs are built by nothing else. */
export const ensureComponents = (settings: Settings, names: readonly string[], log: Log): Promise<Build> =>
  ensure(settings, componentsNamed(names), 'given', log);
