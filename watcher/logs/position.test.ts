import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, type Position, resume, sinceTime } from './position.ts';
import { parseStampedLine } from './stamped-line.ts';

const at = (second: number, nanos: number) =>
  `2026-11-23T02:00:${String(second).padStart(2, '0')}.${String(nanos).padStart(9, '0')}Z`;

/** Reads lines from a server that, as a kubelet, knows whole seconds only; the answer is what would be stored. */
function read(file: readonly string[], position: Position | undefined, most = Infinity) {
  const since = sinceTime(position);
  const seen = resume(position);
  const stored: string[] = [];
  let [now, gaps] = [position, 0];
  for (const line of file
    .filter((one) => since === undefined || `${one.slice(0, 19)}Z` >= since)
    .slice(0, most)) {
    const found = seen(line);
    if (found === 'known') continue;
    if (found === 'new-after-gap') gaps += 1;
    stored.push(line);
    now = after(now, line);
  }
  return { stored, position: now, gaps };
}

describe('a position in a log', () => {
  const line = fc.record({ step: fc.nat({ max: 3 }), nanos: fc.nat({ max: 3 }) });

  it('J18 gives each line once, in order, however often the reading breaks off', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 40 }),
        fc.array(fc.nat({ max: 12 }), { maxLength: 60 }),
        (steps, breaks) => {
          let second = 0;
          const file = steps.map(({ step, nanos }) => at((second += step), nanos)).sort();
          const stored: string[] = [];
          let position: Position | undefined;
          for (const most of [...breaks, Infinity]) {
            const reading = read(file, position, most);
            stored.push(...reading.stored);
            position = reading.position;
            expect(reading.gaps).toBe(0);
          }
          expect(stored).toEqual(file);
        },
      ),
    );
  });

  it('J18 takes a line for new that is stamped before the last one but stands after it', () => {
    const [first, second, third] = [at(1, 2), at(1, 1), at(1, 0)];
    const reading = read([first, second], undefined);
    expect(read([first, second, third], reading.position)).toMatchObject({ stored: [third], gaps: 0 });
  });

  it('J17 tells of a gap where rotation has taken the last line', () => {
    const { position } = read([at(1, 1), at(1, 2)], undefined);
    expect(read([at(1, 5), at(2, 0)], position)).toMatchObject({ stored: [at(1, 5), at(2, 0)], gaps: 1 });
  });

  it('J17 tells of none where rotation has taken only lines before the last', () => {
    const { position } = read([at(1, 1), at(1, 2), at(1, 3)], undefined);
    expect(read([at(1, 3), at(1, 4)], position)).toMatchObject({ stored: [at(1, 4)], gaps: 0 });
  });
});

describe('a line of the log API', () => {
  const cases: Record<string, [line: string, parsed: ReturnType<typeof parseStampedLine>]> = {
    'keeps its text as it is': [
      '2026-11-23T02:00:00.123456789Z  a b\t',
      { at: '2026-11-23T02:00:00.123456789Z', text: ' a b\t' },
    ],
    'may be empty': ['2026-11-23T02:00:00.123456789Z ', { at: '2026-11-23T02:00:00.123456789Z', text: '' }],
    'is told in UTC whatever time the node keeps': [
      '2026-11-23T02:00:00.5+01:00 x',
      { at: '2026-11-23T01:00:00.500000000Z', text: 'x' },
    ],
    'is none where the kubelet speaks itself': [
      'unable to retrieve container logs for containerd://1f',
      undefined,
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [line, parsed]) => expect(parseStampedLine(line)).toEqual(parsed));
});
