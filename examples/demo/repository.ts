import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Commands } from './command.ts';
import { gitHost, infrastructure } from './names.ts';

const examples = new URL('../', import.meta.url).pathname;

/** A work tree on this machine that is pushed to the demo's git server, with TLS and a password, as anybody's would be. */
export class Repository {
  readonly #commands: Commands;
  readonly #directory: string;
  readonly #remote: string;

  constructor(commands: Commands, name: string) {
    this.#commands = commands;
    this.#directory = mkdtempSync(join(tmpdir(), `dbt-jobs-${name}-`));
    this.#remote = `https://git@${gitHost}:8443/${name}.git`;
  }

  /** Copies a folder of examples/ over the work tree. */
  copy(folder: string): void {
    cpSync(join(examples, folder), this.#directory, { recursive: true });
  }

  /** @returns the full commit. */
  async commit(message: string): Promise<string> {
    await this.#git('init', '--quiet', '--initial-branch=main');
    await this.#git('add', '--all');
    await this.#git(
      '-c',
      'user.name=demo',
      '-c',
      'user.email=demo@example.invalid',
      'commit',
      '--quiet',
      '--message',
      message,
    );
    return (await this.#git('rev-parse', 'HEAD')).trim();
  }

  tag(name: string): Promise<string> {
    return this.#git('tag', '--force', name);
  }

  /** Through a port-forward, so that it works wherever kubectl does. */
  async push(access: { readonly password: string; readonly ca: string }): Promise<void> {
    const caFile = join(this.#directory, '.git', 'ca.crt');
    const askpass = join(this.#directory, '.git', 'askpass');
    writeFileSync(caFile, access.ca);
    writeFileSync(askpass, '#!/bin/sh\nprintf %s "$GIT_PASSWORD"\n', { mode: 0o700 });
    const forward = await forwardPort(this.#commands, 'service/git', 8443);
    try {
      await this.#commands.run(
        'git',
        [
          '-c',
          `http.curloptResolve=${gitHost}:${forward.port}:127.0.0.1`,
          'push',
          '--quiet',
          '--force',
          '--follow-tags',
          '--tags',
          this.#remote.replace(':8443/', `:${forward.port}/`),
          'main',
        ],
        {
          cwd: this.#directory,
          env: {
            GIT_ASKPASS: askpass,
            GIT_PASSWORD: access.password,
            GIT_SSL_CAINFO: caFile,
            GIT_TERMINAL_PROMPT: '0',
          },
        },
      );
    } finally {
      forward.stop();
    }
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #git(...args: readonly string[]): Promise<string> {
    return this.#commands.run('git', args, { cwd: this.#directory });
  }
}

interface Forward {
  readonly port: number;
  stop(): void;
}

/** Lets kubectl choose a free port of this machine. */
function forwardPort(commands: Commands, target: string, port: number): Promise<Forward> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', ['port-forward', '-n', infrastructure, target, `:${port}`], {
      env: commands.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const chosen = /127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (chosen !== undefined) resolve({ port: Number(chosen), stop: () => void child.kill() });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`kubectl port-forward ${target}: ${said.trim()}`)));
  });
}
