import { spawn } from 'node:child_process';
import { z } from 'zod';

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Given to the command's standard input. */
  readonly input?: string;
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Lines of stderr go to ours as they come. */
  readonly progress?: 'shown';
}

/** Runs commands of the host with the environment of one cluster: its kubeconfig and its tools first in PATH. */
export class Commands {
  readonly env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.env = env;
  }

  /** Never throws for an exit code. */
  try(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd: options.cwd, env: { ...this.env, ...options.env } });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
        if (options.progress === 'shown') process.stderr.write(chunk);
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.input ?? '');
    });
  }

  /** @throws with the command and the end of its output, if it exits with another code than 0. */
  async run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.try(command, args, options);
    if (code === 0) return stdout;
    throw new Error(
      `${command} ${args.join(' ')}\nexited with ${code}: ${(stderr || stdout).trim().slice(-2000)}`,
    );
  }

  kubectl(...args: readonly string[]): Promise<string> {
    return this.run('kubectl', args);
  }

  apply(manifest: string): Promise<string> {
    return this.run('kubectl', ['apply', '-f', '-'], { input: manifest });
  }

  /** The object, or undefined where there is none. */
  async get(kind: string, name: string, namespace: string): Promise<KubernetesObject | undefined> {
    const { code, stdout, stderr } = await this.try('kubectl', [
      'get',
      kind,
      name,
      '-n',
      namespace,
      '-o',
      'json',
    ]);
    if (code === 0) return kubernetesObject.parse(JSON.parse(stdout));
    if (stderr.includes('NotFound')) return undefined;
    throw new Error(`kubectl get ${kind} ${name}: ${stderr.trim()}`);
  }

  async list(kind: string, namespace: string, selector: string): Promise<readonly KubernetesObject[]> {
    const text = await this.kubectl('get', kind, '-n', namespace, '-l', selector, '-o', 'json');
    return z.object({ items: z.array(kubernetesObject) }).parse(JSON.parse(text)).items;
  }
}

const kubernetesObject = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
});

/** As much of any object as the demo reads by itself; the rest is there, unparsed. */
export type KubernetesObject = z.output<typeof kubernetesObject>;

/** The lines `export NAME='value'` that `test/cluster/main.ts env` prints, applied to an environment. */
export function withExports(env: NodeJS.ProcessEnv, lines: string): NodeJS.ProcessEnv {
  const changed = { ...env };
  for (const [, name, value] of lines.matchAll(/^export ([A-Z_]+)='([^']*)'(?::"\$\1")?$/gm)) {
    if (name === undefined || value === undefined) continue;
    changed[name] = name === 'PATH' ? `${value}:${env['PATH'] ?? ''}` : value;
  }
  return changed;
}
