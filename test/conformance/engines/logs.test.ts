import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import { fileLog, podLogs } from './logs.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-logs-'));
  path = join(folder, 'api.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

const api = (answers: Readonly<Record<string, object>>): Api => ({
  version: '',
  address: '',
  kubeconfig: '',
  request: (_method, asked) => {
    const found = Object.entries(answers).find(([start]) => asked.startsWith(start));
    return Promise.resolve({
      status: found === undefined ? 404 : 200,
      body: { ...found?.[1] },
      warnings: [],
    });
  },
});

describe('a log file', () => {
  it('is read from where it ended when the engine began', async () => {
    writeFileSync(path, 'before\n');
    const read = await fileLog(path, 'engine').begin(api({}));
    appendFileSync(path, 'after\n');
    expect(await read()).toBe('after\n');
  });
  it('is read whole where it was not there, or was rotated', async () => {
    const unwritten = await fileLog(path, 'engine').begin(api({}));
    writeFileSync(path, 'a long first line\n');
    expect(await unwritten()).toBe('a long first line\n');
    const rotated = await fileLog(path, 'engine').begin(api({}));
    writeFileSync(path, 'new\n');
    expect(await rotated()).toBe('new\n');
  });
  it('that never comes is empty', async () => {
    expect(await (await fileLog(path, 'audit').begin(api({})))()).toBe('');
  });
});

describe('the logs of a namespace', () => {
  it('are those of every container of its pods, text or JSON', async () => {
    const pods = '/api/v1/namespaces/kyverno/pods';
    const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'a' }, { name: 'b' }] } };
    const read = await podLogs('kyverno').begin(
      api({
        [`${pods}/p/log?container=a&sinceTime=`]: { message: 'plain text' },
        [`${pods}/p/log?container=b&sinceTime=`]: { level: 30, msg: 'json' },
        [pods]: { items: [pod] },
      }),
    );
    expect(await read()).toBe('plain text\n{"level":30,"msg":"json"}');
  });
});
