import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';

/** A server of its own, for as long as a file of tests runs; nobody else reaches it. */
export interface Postgres {
  /** Address of a new and empty database. */
  createDatabase(): Promise<string>;
  /** Ends all connections, as a restart of the database would. */
  breakConnections(): Promise<void>;
  stop(): Promise<void>;
}

const user = 'store';
/** The server refuses to run as root; this is `nobody`. */
const otherUser = 65_534;
const startMs = 60_000;

export async function startPostgres(): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'store-postgres-'));
  const server = await startServer(folder);
  const address = (database: string) => `postgres://${user}@${encodeURIComponent(folder)}/${database}`;
  const execute = (sql: string) => executeOnce(address('postgres'), sql);
  let databases = 0;
  return {
    async createDatabase() {
      databases += 1;
      const name = `store_${databases}`;
      await execute(`create database ${name}`);
      return address(name);
    },
    breakConnections: () =>
      execute('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()'),
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** With a socket in the folder and no port; what is written need not survive a power cut. */
async function startServer(folder: string): Promise<ChildProcess> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(folder, otherUser, otherUser);
  const as = { cwd: folder, ...(isRoot && { uid: otherUser, gid: otherUser }) };
  const data = join(folder, 'data');
  await initialise(data, as);
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=50',
  ];
  const server = spawn(program('postgres'), ['-D', data, ...settings.flatMap((one) => ['-c', one])], {
    ...as,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await ready(server.stderr);
  return server;
}

async function initialise(data: string, as: SpawnOptions): Promise<void> {
  const options = ['-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
  const made = spawn(program('initdb'), options, { ...as, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve, reject) => {
    made.on('exit', resolve);
    made.on('error', (cause) =>
      reject(new Error('PostgreSQL is missing; on Debian: apt-get install postgresql', { cause })),
    );
  });
  if (code !== 0) throw new Error('initdb of PostgreSQL failed');
}

async function ready(output: NodeJS.ReadableStream): Promise<void> {
  const heard: string[] = [];
  const timeout = setTimeout(
    () => output.emit('error', new Error('PostgreSQL did not start in time')),
    startMs,
  );
  try {
    for await (const line of createInterface({ input: output })) {
      if (line.includes('database system is ready to accept connections')) {
        output.resume();
        return;
      }
      heard.push(line);
    }
    throw new Error(`PostgreSQL did not start: ${heard.join('\n')}`);
  } finally {
    clearTimeout(timeout);
  }
}

async function executeOnce(address: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Debian keeps the server's programs out of the PATH. */
const program = (name: string): string => globSync(`/usr/lib/postgresql/*/bin/${name}`).sort().at(-1) ?? name;
