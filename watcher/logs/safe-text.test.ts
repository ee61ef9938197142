import { describe, expect, it } from 'vitest';
import { createSafeText } from './safe-text.ts';

describe('what is stored of a log', () => {
  const cases: Record<string, [lines: readonly string[], safe: readonly string[]]> = {
    'is what was written, where it holds no secret': [
      ['02:00:00  1 of 2 OK', '\u001b[32mgreen\u001b[0m', 'a\rb'],
      ['02:00:00  1 of 2 OK', '\u001b[32mgreen\u001b[0m', 'a\rb'],
    ],
    'J19 has no NUL': [['a\0b'], ['a\uFFFDb']],
    'has no password, and is JSON still': [
      ['{"data":{"password":"hunter2","user":"dbt"}}'],
      ['{"data":{"password":"***","user":"dbt"}}'],
    ],
    'has no password in JSON within JSON': [
      [String.raw`{"msg":"{\"password\": \"hunter2\", \"a\": 1}"}`],
      [String.raw`{"msg":"{\"password\": \"***\", \"a\": 1}"}`],
    ],
    'has no private key, on however many lines': [
      ['-----BEGIN RSA PRIVATE KEY-----', 'MIIE', 'abcd', '-----END RSA PRIVATE KEY-----', 'after'],
      ['***', '***', '***', '***', 'after'],
    ],
    'comes back behind a key without an end': [
      ['-----BEGIN PRIVATE KEY-----', ...Array.from({ length: 200 }, () => 'x'), 'after'],
      ['***', ...Array.from({ length: 200 }, () => '***'), 'after'],
    ],
    'has no credentials of an address': [
      ['clone https://me:pw@git.example/x'],
      ['clone https://***@git.example/x'],
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [lines, safe]) => {
    expect(lines.map(createSafeText())).toEqual(safe);
  });
});
