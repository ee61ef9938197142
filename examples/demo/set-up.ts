import { randomBytes } from 'node:crypto';
import { makeServerCertificate } from './certificates.ts';
import { Commands, withExports } from './command.ts';
import { environment } from './config.ts';
import { gitHost, infrastructure, installation, organization } from './names.ts';
import { tell } from './tell.ts';

const root = new URL('../../', import.meta.url).pathname;

/** What a person who pushes needs. */
export interface GitAccess {
  readonly password: string;
  readonly ca: string;
}

export interface Demo {
  readonly commands: Commands;
  readonly git: GitAccess;
}

/** Brings up the cluster, the installation, the git server and the warehouse; what is there already stays. */
export async function setUp(): Promise<Demo> {
  const host = new Commands(environment);
  const [cluster, images] = await Promise.all([bringUpCluster(host), buildImages(host)]);
  const env = withExports(environment, cluster);
  const commands = new Commands({ ...env, PATH: `${root}cli:${env['PATH'] ?? ''}` });
  const archives = images.map(({ archive }) => archive);
  await commands.run('node', ['test/cluster/main.ts', 'load', ...archives], { cwd: root, progress: 'shown' });
  const services = images.find(({ name }) => name === 'dbt-jobs');
  await install(commands, services?.reference.split(':')[1] ?? '');
  const git = await makeSecrets(commands);
  tell('Starting the git server and the warehouse');
  await commands.kubectl('apply', '-f', `${root}examples/cluster/`);
  await commands.kubectl('rollout', 'status', '-n', infrastructure, 'deployment', '--timeout=180s');
  return { commands, git };
}

async function bringUpCluster(host: Commands): Promise<string> {
  tell('Bringing up the cluster');
  await host.run('node', ['test/cluster/main.ts', 'up'], { cwd: root, progress: 'shown' });
  return host.run('node', ['test/cluster/main.ts', 'env'], { cwd: root });
}

interface Image {
  readonly name: string;
  readonly reference: string;
  readonly archive: string;
}

async function buildImages(host: Commands): Promise<readonly Image[]> {
  tell('Building the images');
  const table = await host.run('node', ['test/images/main.ts', 'build'], { cwd: root, progress: 'shown' });
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', reference = '', archive = ''] = line.trim().split(/\s+/);
      return { name, reference, archive };
    });
}

async function install(commands: Commands, tag: string): Promise<void> {
  tell(`Installing the chart into ${installation}`);
  const chart = ['upgrade', '--install', 'dbt-jobs', `${root}manifests/chart`];
  const where = [
    '--namespace',
    installation,
    '--create-namespace',
    '--values',
    `${root}examples/values.yaml`,
    '--set-string',
    `image.tag=${tag}`,
  ];
  await commands.run('helm', [...chart, ...where, '--wait', '--timeout', '180s']);
}

/** Made once: a password that is made anew would not be the one that the warehouse began with. */
async function makeSecrets(commands: Commands): Promise<GitAccess> {
  await commands.apply(
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${infrastructure}, labels: { pod-security.kubernetes.io/enforce: restricted } }\n`,
  );
  const stored = await commands.get('secret', 'git-server', infrastructure);
  if (stored !== undefined) return readAccess(commands);
  const password = randomBytes(18).toString('base64url');
  const warehouse = randomBytes(18).toString('base64url');
  const server = await makeServerCertificate(gitHost, new Date());
  const secret = (name: string, namespace: string, stringData: Readonly<Record<string, string>>): string =>
    JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData });
  const objects = [
    secret('git-server', infrastructure, {
      'tls.crt': server.certificate,
      'tls.key': server.key,
      'ca.crt': server.ca,
      password,
    }),
    secret('warehouse', infrastructure, { password: warehouse }),
    secret('shop-clone', organization, { password }),
    secret('shop-warehouse', organization, { WAREHOUSE_USER: 'dbt', DBT_ENV_SECRET_PASSWORD: warehouse }),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'git-ca', namespace: organization },
      data: { 'ca.crt': server.ca },
    }),
  ];
  for (const object of objects) await commands.apply(object);
  return { password, ca: server.ca };
}

async function readAccess(commands: Commands): Promise<GitAccess> {
  const read = async (key: string): Promise<string> => {
    const path = `jsonpath={.data['${key.replace('.', '\\.')}']}`;
    const encoded = await commands.kubectl('get', 'secret', 'git-server', '-n', infrastructure, '-o', path);
    return Buffer.from(encoded, 'base64').toString();
  };
  return { password: await read('password'), ca: await read('ca.crt') };
}
