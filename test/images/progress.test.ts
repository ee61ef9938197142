import { describe, expect, it } from 'vitest';
import { buildStep, withProgress } from './progress.ts';

describe('buildStep', () => {
  it.each<[string, string, string | undefined]>([
    ['a buildah step', 'STEP 2/9: COPY . /app', 'COPY . /app'],
    ['a buildah step of a stage', '[2/4] STEP 3/5: ADD base.tar /', 'ADD base.tar /'],
    ['a BuildKit step', '#8 [build 2/5] RUN npm ci', 'RUN npm ci'],
    [
      'a step without its secret mounts',
      'STEP 1/2: RUN --mount=type=secret,id=npmrc     npm ci',
      'RUN npm ci',
    ],
    ['the end of a buildah build', '[2/2] COMMIT dbt-jobs.local/dbt-jobs:dev', 'writing the image'],
    ['the end of a BuildKit build', '#12 exporting to image', 'writing the image'],
    ['nothing for a quick step', 'STEP 5/9: USER 65532', undefined],
    ['nothing for what a step prints', 'Setting up git (1:2.39.5) ...', undefined],
  ])('says %s', (_, line, step) => {
    expect(buildStep(line)).toBe(step);
  });
});

describe('withProgress', () => {
  it('says name, elapsed time and step, and gives what the work gives', async () => {
    const lines: string[] = [];
    const given = await withProgress(
      'git-sync',
      (line) => lines.push(line),
      ({ step, output }) => {
        step('building');
        output('STEP 1/2: RUN apt-get update');
        output('Hit:1 bookworm');
        return Promise.resolve(7);
      },
    );
    expect({ given, lines }).toEqual({
      given: 7,
      lines: [
        expect.stringMatching(/^git-sync {8}\d\.\d s {2}building$/),
        expect.stringMatching(/^git-sync {8}\d\.\d s {2}RUN apt-get update$/),
      ],
    });
  });
});
