import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsFrom } from './config.ts';
import { embeddedClusterOf, serverIn } from './kubeconfig.ts';

const leadingTo = (server: string): string => `
current-context: here
contexts: [{ name: there, context: { cluster: far } }, { name: here, context: { cluster: near } }]
clusters:
  - { name: far, cluster: { server: 'https://far:6443' } }
  - { name: near, cluster: { server: '${server}' } }
`;

describe('serverIn', () => {
  it('follows the current context', () => {
    expect(serverIn(leadingTo('https://10.197.0.2:6443'))).toBe('https://10.197.0.2:6443');
  });

  it.each(['', 'current-context: gone\ncontexts: []\nclusters: []', 'just text', '[]'])(
    'finds none in %j',
    (text) => {
      expect(serverIn(text)).toBeUndefined();
    },
  );
});

describe('embeddedClusterOf', () => {
  let home = '';
  beforeEach(async () => (home = await mkdtemp(join(tmpdir(), 'kubeconfig-'))));
  afterEach(() => rm(home, { recursive: true }));

  it.each([
    ['recognises a cluster of this machine by its server', 'https://10.197.1.2:6443', 'two'],
    ['knows no foreign server', 'https://example.org:6443', undefined],
  ])('%s', async (_name, server, expected) => {
    const settings = settingsFrom({ HOME: home });
    for (const [name, address] of [
      ['one', '10.197.0.2'],
      ['two', '10.197.1.2'],
    ] as const) {
      await mkdir(join(settings.stateDir, name), { recursive: true });
      await writeFile(join(settings.stateDir, name, 'kubeconfig'), leadingTo(`https://${address}:6443`));
    }
    const given = join(home, 'given');
    await writeFile(given, leadingTo(server));
    expect(await embeddedClusterOf(settings, given)).toBe(expected);
  });
});
