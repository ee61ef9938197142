import { describe, expect, it } from 'vitest';
import type { LogReport } from '../../contract/ingestion.ts';
import type { Change, LogAddress } from './store.ts';
import { address, line, log, runRef, stamp, streamId } from './testdata/reports.ts';
import { describeStore } from './testdata/stores.ts';

const dbt = (level: string, msg: string) =>
  JSON.stringify({ data: {}, info: { level, msg, name: 'Generic', ts: '2026-11-23T02:00:00.5Z' } });

describeStore('logs', (world) => {
  const texts = async (uid: string, from = 0, limit = 5000) => {
    const range = await world().store.logs.range(address(runRef(uid)), from, limit);
    return range?.lines.map(({ n, text }) => `${n} ${text}`);
  };
  const take = (...reports: LogReport[]) => world().store.ingest(reports);
  const download = async (of: LogAddress) => {
    const pieces: string[] = [];
    for await (const piece of world().store.logs.read(of)) pieces.push(piece);
    return pieces;
  };
  const streamsOf = (uid: string) => world().store.logs.streams('acme', uid);
  const heard: Change[] = [];
  const changesOf = (uid: string) =>
    heard.flatMap((change) => (change.kind === 'log' && change.uid === uid ? [change.from] : []));

  it('are read as a person does, by number, with what is known of the stream', async () => {
    const run = runRef('read');
    await take(
      log(run, [
        line(1, dbt('info', 'begin')),
        line(2, 'plain'),
        line(2, dbt('error', 'Encountered an\nerror'), 1),
      ]),
    );
    expect(await world().store.logs.range(address(run), 1, 2)).toEqual({
      lines: [
        { n: 1, at: stamp(2), text: 'plain' },
        { n: 2, at: '2026-11-23T02:00:00.5Z', level: 'error', text: 'Encountered an\nerror' },
      ],
      total: 3,
    });
    expect(await streamsOf('read')).toEqual([
      {
        id: streamId,
        attempt: 'pod-1',
        container: 'dbt',
        execution: 0,
        lines: 3,
        bytes: dbt('info', 'begin').length + 6 + dbt('error', 'Encountered an\nerror').length + 2,
        firstErrorLine: 2,
        end: undefined,
        removed: false,
      },
    ]);
  });

  it('are the same when lines come again', async () => {
    const run = runRef('again');
    const lines = [line(1, 'a'), line(2, 'b'), line(3, 'c')];
    await take(log(run, lines.slice(0, 2)), log(run, lines));
    await take(log(run, lines.slice(1)));
    expect([await texts('again'), (await streamsOf('again'))[0]?.lines]).toEqual([['0 a', '1 b', '2 c'], 3]);
  });

  it('take a late line in between, and number what follows anew', async () => {
    const run = runRef('late');
    const unsubscribe = world().store.changes.subscribe((change) => heard.push(change));
    await take(log(run, [line(10, 'b'), line(30, dbt('error', 'd'))]));
    await take(log(run, [line(5, 'a'), line(20, 'c'), line(40, 'e')]));
    expect(await texts('late')).toEqual(['0 a', '1 b', '2 c', '3 d', '4 e']);
    expect((await streamsOf('late'))[0]?.firstErrorLine).toBe(3);
    await expect.poll(() => changesOf('late')).toEqual([0, 0]);
    await take(log(run, [line(35, 'between')]));
    await expect.poll(() => changesOf('late')).toEqual([0, 0, 4]);
    unsubscribe();
  });

  it('of many chunks are one', async () => {
    const run = runRef('long');
    const text = (i: number) => `line ${i} ${'x'.repeat(400)}`;
    const all = Array.from({ length: 4000 }, (_, i) =>
      line(i * 10, i === 3500 ? dbt('error', text(i)) : text(i)),
    );
    // Every 97th is late, some before the first of a chunk.
    const late = all.filter((_, i) => i % 97 === 0);
    const first = all.filter((_, i) => i % 97 !== 0);
    for (let at = 0; at < first.length; at += 500) await take(log(run, first.slice(at, at + 500)));
    await take(log(run, late));
    expect(await texts('long', 0, 4000)).toEqual(all.map((_, i) => `${i} ${text(i)}`));
    expect(await texts('long', 2999, 2)).toEqual([`2999 ${text(2999)}`, `3000 ${text(3000)}`]);
    const [stream] = await streamsOf('long');
    const bytes = all.reduce((sum, one) => sum + one.text.length + 1, 0);
    expect(stream).toMatchObject({ lines: 4000, bytes, firstErrorLine: 3500 });
    const pieces = await download(address(run));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('').split('\n').length).toBe(4001);
  });

  it('that grow line by line are few chunks', async () => {
    const run = runRef('slow');
    for (let i = 0; i < 30; i += 1) await take(log(run, [line(i, `line ${i}`)]));
    expect((await texts('slow'))?.length).toBe(30);
    const pieces = await download(address(run));
    expect(pieces.length).toBe(1);
  });

  it('show where lines are missing', async () => {
    const run = runRef('gaps');
    const gaps: LogReport['gaps'] = [{ reason: 'unreadable' }, { after: stamp(2), reason: 'rotated' }];
    await take(log(run, [line(1, 'a'), line(2, 'b')], { gaps }));
    await take(log(run, [line(9, 'c')], { gaps: gaps.slice(1) }));
    const range = async (from: number) =>
      (await world().store.logs.range(address(run), from, 9))?.lines.map(({ n, gap }) => [n, gap]);
    const expected = [
      [0, 'unreadable'],
      [1, undefined],
      [2, 'rotated'],
    ];
    for (const from of [0, 1, 2]) expect(await range(from)).toEqual(expected.slice(from));
    expect((await download(address(run))).join('')).toBe(
      [
        '--- lines are missing here: unreadable ---',
        `${stamp(1)} a`,
        `${stamp(2)} b`,
        '--- lines are missing here: rotated ---',
        `${stamp(9)} c`,
        '',
      ].join('\n'),
    );
  });

  it('end, and whoever has seen the end knows best', async () => {
    const run = runRef('ended');
    const end = async () => (await streamsOf('ended'))[0]?.end;
    await take(log(run, [], { end: 'incomplete' }));
    expect(await end()).toBe('incomplete');
    await take(log(run, [line(1, 'a')], { end: 'complete' }));
    await take(log(run, [], { end: 'incomplete' }));
    expect(await end()).toBe('complete');
  });

  it('are listed in the order in which they began', async () => {
    const run = runRef('order');
    await take(
      log(run, [line(50, 'x')], { attempt: 'a-second' }),
      log(run, [line(20, 'x')], { attempt: 'z-first' }),
      log(run, [line(10, 'x')], { attempt: 'z-first', container: 'dbt-jobs-git-sync' }),
      log(run, [], { attempt: 'silent', end: 'complete' }),
    );
    expect((await streamsOf('order')).map(({ id }) => id)).toEqual([
      'z-first.dbt-jobs-git-sync.0',
      'z-first.dbt.0',
      'a-second.dbt.0',
      'silent.dbt.0',
    ]);
  });

  it('are searched whatever the case, in what a person reads', async () => {
    const run = runRef('search');
    const lines = [
      dbt('info', 'START table Orders'),
      'nothing',
      '\u001b[31mOR\u001b[0mders',
      dbt('info', 'x'),
    ];
    await take(
      log(
        run,
        lines.map((text, i) => line(i, text)),
      ),
    );
    const search = (text: string) => world().store.logs.search(address(run), text);
    expect(await search('orders')).toEqual({ matches: [0, 2], total: 2 });
    expect(await search('invocation')).toEqual({ matches: [], total: 0 });
  });

  describe('of another organization', () => {
    it('do not exist', async () => {
      const run = runRef('secret');
      await take(log(run, [line(1, 'a')]));
      const theirs = { ...address(run), namespace: 'globex' };
      expect(await world().store.logs.range(theirs, 0, 10)).toBeUndefined();
      expect(await world().store.logs.search(theirs, 'a')).toBeUndefined();
      expect(await download(theirs)).toEqual([]);
      expect(await world().store.logs.streams('globex', 'secret')).toEqual([]);
    });
  });
});
