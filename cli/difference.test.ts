import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineDifference, yamlDifference, type Line } from './difference.ts';

const text = (lines: readonly Line[]) => lines.map(({ mark, text: line }) => `${mark}${line}`);

describe('yamlDifference', () => {
  it('shows what was added, where it stands, and what was replaced', () => {
    const before = { spec: { restartPolicy: 'Never', containers: [{ name: 'dbt', image: 'plan:current' }] } };
    const after = {
      spec: {
        initContainers: [{ name: 'dbt-jobs-git-sync' }],
        containers: [{ image: 'shop:7', name: 'dbt', workingDir: '/dbt-jobs/repository/current' }],
        restartPolicy: 'Never',
      },
    };
    expect(text(yamlDifference(before, after))).toEqual([
      ' spec:',
      '   restartPolicy: Never',
      '   containers:',
      '     - name: dbt',
      '-      image: plan:current',
      '+      image: shop:7',
      '+      workingDir: /dbt-jobs/repository/current',
      '+  initContainers:',
      '+    - name: dbt-jobs-git-sync',
    ]);
  });
});

/** By trying everything. */
function mostInCommon([b, ...before]: readonly string[], after: readonly string[]): number {
  const [a, ...rest] = after;
  if (b === undefined || a === undefined) return 0;
  if (b === a) return 1 + mostInCommon(before, rest);
  return Math.max(mostInCommon(before, after), mostInCommon([b, ...before], rest));
}

describe('lineDifference', () => {
  it('gives both texts back, and no more lines than needed', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 7 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const difference = lineDifference(before, after);
        const without = (mark: string) =>
          difference.filter((line) => line.mark !== mark).map((line) => line.text);
        expect(without('+')).toEqual(before);
        expect(without('-')).toEqual(after);
        const unmarked = difference.filter((line) => line.mark === ' ');
        expect(unmarked).toHaveLength(mostInCommon(before, after));
      }),
    );
  });
});
