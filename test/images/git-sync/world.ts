import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything the cases clone from: a repository of three commits with a submodule, over files and over HTTPS. */
export interface World {
  readonly folder: string;
  readonly fileUrl: string;
  /** Asks for user `git` and `password`; below `/moved/` it redirects to the same repository. */
  readonly httpsUrl: string;
  readonly movedUrl: string;
  /** Accepts connections, says nothing and closes them after SILENCE_MS. */
  readonly silentUrl: string;
  readonly commits: readonly [string, string, string];
  readonly caFile: string;
  readonly password: string;
  readonly passwordFile: string;
  readonly wrongPasswordFile: string;
  /** Stands in for ssh: notes its arguments in `sshArguments`, then serves the repository from this machine. */
  readonly sshCommand: string;
  readonly sshArguments: string;
  readonly close: () => void;
}

const SILENCE_MS = 1_500;

const PASSWORD = 'correct-horse-battery';

/** Makes the world in a new temporary folder; `close` removes it. */
export async function makeWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'git-sync-world-'));
  const repositories = join(folder, 'repositories');
  const commits = makeRepositories(folder, repositories);
  const { caFile, certificate, key } = makeCertificate(folder);
  const write = (name: string, text: string, mode = 0o600): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode });
    return file;
  };
  const https = await serveGit(repositories, certificate, key);
  const silent = await serveSilence();
  const httpsPort = (https.address() as AddressInfo).port;
  const silentPort = (silent.address() as AddressInfo).port;
  const sshArguments = join(folder, 'ssh-arguments');
  return {
    folder,
    fileUrl: `file://${repositories}/shop.git`,
    httpsUrl: `https://localhost:${httpsPort}/shop.git`,
    movedUrl: `https://localhost:${httpsPort}/moved/shop.git`,
    silentUrl: `http://127.0.0.1:${silentPort}/shop.git`,
    commits,
    caFile,
    password: PASSWORD,
    passwordFile: write('password', PASSWORD),
    wrongPasswordFile: write('wrong-password', 'wrong'),
    sshCommand: write(
      'ssh',
      `#!/bin/sh\necho "$@" >> '${sshArguments}'\nfor command; do :; done\nexec sh -c "$command"\n`,
      0o700,
    ),
    sshArguments,
    close: () => {
      https.close();
      https.closeAllConnections();
      silent.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A certificate for localhost that signs itself: nobody trusts it who is not told to. */
function makeCertificate(folder: string): { caFile: string; certificate: Buffer; key: Buffer } {
  const [caFile, keyFile] = [join(folder, 'ca.crt'), join(folder, 'tls.key')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', keyFile, '-out', caFile], {
    stdio: 'ignore',
  });
  return { caFile, certificate: readFileSync(caFile), key: readFileSync(keyFile) };
}

function makeRepositories(folder: string, repositories: string): readonly [string, string, string] {
  const git = (cwd: string, ...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'protocol.file.allow=always', ...words], {
      cwd,
      encoding: 'utf8',
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin',
        HOME: folder,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'shop',
        GIT_AUTHOR_EMAIL: 'shop@example.invalid',
        GIT_COMMITTER_NAME: 'shop',
        GIT_COMMITTER_EMAIL: 'shop@example.invalid',
      },
    }).trim();
  const commit = (work: string, text: string): string => {
    writeFileSync(join(work, 'version.txt'), text);
    git(work, 'add', '--all');
    git(work, 'commit', '--quiet', '--message', text);
    return git(work, 'rev-parse', 'HEAD');
  };
  const [shop, macros] = [join(folder, 'shop'), join(folder, 'macros')];
  for (const work of [shop, macros]) {
    mkdirSync(work);
    git(work, 'init', '--quiet', '--initial-branch=main');
  }
  commit(macros, 'macros');
  git(folder, 'clone', '--quiet', '--bare', macros, join(repositories, 'macros.git'));
  git(shop, 'submodule', '--quiet', 'add', `file://${repositories}/macros.git`, 'macros');
  const commits = [commit(shop, 'one'), commit(shop, 'two'), commit(shop, 'three')] as const;
  git(folder, 'clone', '--quiet', '--bare', shop, join(repositories, 'shop.git'));
  return commits;
}

function serveGit(repositories: string, cert: Buffer, key: Buffer): Promise<Server> {
  const expected = `Basic ${Buffer.from(`git:${PASSWORD}`).toString('base64')}`;
  const server = createServer({ cert, key }, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://localhost');
    if (url.pathname.startsWith('/moved/')) {
      response.writeHead(302, { location: `${url.pathname.slice('/moved'.length)}${url.search}` }).end();
      return;
    }
    if (request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const backend = spawn('git', ['http-backend'], {
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin',
        GIT_PROJECT_ROOT: repositories,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    request.pipe(backend.stdin);
    const answer: Buffer[] = [];
    backend.stdout.on('data', (chunk: Buffer) => answer.push(chunk));
    backend.on('close', () => {
      const whole = Buffer.concat(answer);
      const split = whole.indexOf('\r\n\r\n');
      for (const line of whole.subarray(0, split).toString().split('\r\n')) {
        const [name, value] = line.split(': ', 2);
        if (name === 'Status') response.statusCode = Number.parseInt(value ?? '500', 10);
        else if (name !== undefined && value !== undefined) response.setHeader(name, value);
      }
      response.end(whole.subarray(split + 4));
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function serveSilence(): Promise<TcpServer> {
  const server = createTcpServer((socket) => {
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
