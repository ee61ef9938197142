import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloneCause } from './clone-cause.ts';

/** Logs of the official git-sync 4.7.1 against a real git server, and what is told of each. */
const recorded: Record<string, readonly [file: string, cause: string]> = {
  'a password that the server refuses': [
    'git-sync-auth.log',
    "the server refused the user or password of the clone: fatal: Authentication failed for 'https://git.example:8443/shop.git/'",
  ],
  'a commit that the repository does not have': [
    'git-sync-commit.log',
    'the repository does not have the commit of the plan: fatal: remote error: upload-pack: not our ref dddddddddddddddddddddddddddddddddddddddd',
  ],
  'a name that cannot be resolved': [
    'git-sync-dns.log',
    "the name of the server cannot be resolved: fatal: unable to access 'https://git.nowhere.invalid/shop.git/': Could not resolve host: git.nowhere.invalid",
  ],
  'a CA that is not known': [
    'git-sync-ca.log',
    "the certificate of the server is not trusted: see spec.repository.caBundle: fatal: unable to access 'https://git.example:8443/shop.git/': server certificate verification failed. CAfile: none CRLfile: none",
  ],
  'a server that is down': [
    'git-sync-refused.log',
    "the server cannot be reached: fatal: unable to access 'https://127.0.0.1:1/shop.git/': Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server",
  ],
  'a redirect': [
    'git-sync-redirect.log',
    "the server redirects, which is not followed: write the URL as the server wants it: fatal: unable to access 'https://git.example:8443/moved/shop.git/': The requested URL returned error: 302",
  ],
  'a repository that is not there': [
    'git-sync-notfound.log',
    "there is no such repository, or its credentials may not see it: fatal: repository 'https://git.example:8443/nope.git/' not found",
  ],
  "an SSH server that is down, whose cause stands above git's own line": [
    'git-sync-ssh.log',
    'the server cannot be reached: ssh: connect to host 127.0.0.1 port 1: Connection refused',
  ],
};

const printed: Record<string, readonly [log: string, cause: string | undefined]> = {
  'an SSH key that the server refuses': [
    'git@git.example: Permission denied (publickey).\nfatal: Could not read from remote repository.\n',
    'the server refused the SSH key of the clone: git@git.example: Permission denied (publickey).',
  ],
  'an address that holds the word of another cause': [
    "fatal: unable to access 'https://git.example/TLS.git/': Could not resolve host: git.example",
    "the name of the server cannot be resolved: fatal: unable to access 'https://git.example/TLS.git/': Could not resolve host: git.example",
  ],
  'words of git that mean nothing here are told as they are': [
    'fatal: the moon is full',
    'fatal: the moon is full',
  ],
  'a log without an error': ['{"level":0,"msg":"starting up"}\n', undefined],
};

describe('the cause of a failed clone', () => {
  it.each(Object.entries(recorded))('is told of %s', (_, [file, cause]) => {
    expect(cloneCause(readFileSync(new URL(`testdata/${file}`, import.meta.url), 'utf8'))).toBe(cause);
  });

  it.each(Object.entries(printed))('is told of %s', (_, [log, cause]) => {
    expect(cloneCause(log)).toBe(cause);
  });

  it('S16: is told of any text, at no great length', { timeout: 60_000 }, () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"error":"', 'stderr: \\"', 'fatal: ', '\\', '"', '\n', "'https://"),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect((cloneCause(pieces.join('')) ?? '').length).toBeLessThan(700);
      }),
      { numRuns: 200 },
    );
  });
});
