import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;

interface Told {
  readonly code: number | null;
  readonly text: string;
}

function tellDemo(): Promise<Told> {
  return new Promise((resolve, reject) => {
    const child = spawn('node', ['examples/demo.ts'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      process.stdout.write(chunk);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('exit', (code) => resolve({ code, text }));
  });
}

it('the demo is as told, from a push to a denied pod', { timeout: 1_500_000 }, async () => {
  const { code, text } = await tellDemo();
  expect(text.trimEnd()).toMatch(/make cluster-down$/);
  expect(code).toBe(0);
});
