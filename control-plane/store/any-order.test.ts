import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { IngestionReport } from '../../contract/ingestion.ts';
import type { Store } from './store.ts';
import { address, line, log, nodes, outcome, progress, runRef } from './testdata/reports.ts';
import { describeStore } from './testdata/stores.ts';

/** What a watcher, or two after each other, tell of one run; `namespace` keeps the examples apart. */
type Telling = (namespace: string) => IngestionReport;

const uids = ['r1', 'r2'];
const second = (n: number) => `2026-11-23T02:00:${String(n).padStart(2, '0')}.000Z`;
const ref = (namespace: string, uid: string) => runRef(uid, { namespace });

const progressTelling = fc
  .record({
    uid: fc.constantFrom(...uids),
    at: fc.nat(3),
    phase: fc.constantFrom('pending', 'running', 'ended'),
    command: fc.constantFrom('build', 'run'),
  })
  .map(
    ({ uid, at, phase, command }): Telling =>
      (namespace) =>
        progress(ref(namespace, uid), { observedAt: second(at), phase, command: [command] }),
  );

/** One for each run: which of two different ones came first is a matter of order. */
const outcomeTelling = fc.constantFrom(...uids).map(
  (uid): Telling =>
    (namespace) =>
      outcome(ref(namespace, uid)),
);

const nodesTelling = fc
  .record({
    at: fc.nat(3),
    index: fc.nat(1),
    nodes: fc.array(
      fc.record({
        uniqueId: fc.constantFrom('model.shop.a', 'model.shop.b'),
        status: fc.constantFrom('started', 'success', 'error'),
      }),
      { maxLength: 3 },
    ),
  })
  .map(
    ({ at, index, nodes: told }): Telling =>
      (namespace) =>
        // Of one report the last word on a node holds: it is told once.
        nodes(ref(namespace, 'r1'), {
          observedAt: second(at),
          index,
          nodes: [...new Map(told.map((one) => [one.uniqueId, one])).values()],
        }),
  );

/** Any part of one log, in any order; every text follows from its key, as it does where one container wrote it. */
const logTelling = fc
  .record({
    lines: fc.array(fc.tuple(fc.nat(30), fc.nat(2)), { maxLength: 20 }),
    gap: fc.option(fc.nat(30), { nil: undefined }),
    end: fc.constantFrom(undefined, 'complete', 'incomplete'),
  })
  .map(
    ({ lines, gap, end }): Telling =>
      (namespace) =>
        log(
          ref(namespace, 'r1'),
          lines.map(([at, n]) =>
            line(at, `${at % 7 === 0 ? 'fatal: ' : ''}${at} ${'x'.repeat(at * 400)}`, n),
          ),
          {
            gaps: gap === undefined ? [] : [{ after: line(gap, '').at, reason: 'rotated' }],
            ...(end !== undefined && { end }),
          },
        ),
  );

const tellings = fc.array(fc.oneof(progressTelling, outcomeTelling, nodesTelling, logTelling), {
  minLength: 1,
  maxLength: 12,
});

/** The same tellings again: repeated, shuffled, and cut into other batches. */
const retelling = tellings.chain((all) =>
  fc.record({
    all: fc.constant(all),
    again: fc
      .shuffledSubarray([...all, ...all], { minLength: all.length })
      .map((some) => [...some, ...all.filter((one) => !some.includes(one))]),
    batch: fc.integer({ min: 1, max: 5 }),
  }),
);

describeStore('the store', (world) => {
  let examples = 0;

  it('J26 holds the same whatever comes first, twice or together', async () => {
    await fc.assert(
      fc.asyncProperty(retelling, async ({ all, again, batch }) => {
        examples += 1;
        const [one, other] = [`one-${examples}`, `other-${examples}`];
        const { store } = world();
        for (const telling of all) await store.ingest([telling(one)]);
        for (let at = 0; at < again.length; at += batch)
          await store.ingest(again.slice(at, at + batch).map((telling) => telling(other)));
        expect(await everything(store, other)).toEqual(await everything(store, one));
      }),
      { numRuns: 40 },
    );
  });
});

async function everything(store: Store, namespace: string): Promise<unknown> {
  const runs = [];
  for (const uid of uids) {
    const run = await store.runs.get(namespace, uid);
    runs.push(run && { ...run, namespace: '' });
  }
  const range = await store.logs.range(address(ref(namespace, 'r1')), 0, 5000);
  const search = await store.logs.search(address(ref(namespace, 'r1')), 'FATAL');
  return {
    runs,
    range,
    search,
    streams: await store.logs.streams(namespace, 'r1'),
    nodes: await store.nodes.of(namespace, 'r1'),
  };
}
