import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { outcome, progress, runRef } from '../store/testdata/reports.ts';
import { type LiveWorld, startLiveWorld } from '../testdata/live-world.ts';
import type { RunSummary } from '../wire/run.ts';
import type { LiveEvent } from '../api/route.ts';
import { projectLive } from './project-live.ts';

let world: LiveWorld;
beforeEach(async () => {
  world = await startLiveWorld();
});
afterEach(() => world.close());

const place = { namespace: 'acme', project: 'shop' };
const [one, two] = [runRef('one'), runRef('two')];
const follow = (lastEventId?: string) => world.follow((shell) => projectLive(shell, place, lastEventId));
const told = (events: readonly LiveEvent[]) =>
  events.map(({ data }) => {
    const { uid, phase } = data as RunSummary;
    return `${uid} ${phase}`;
  });

it('tells a run when it comes, and as it is now when it has changed', async () => {
  const { events, end } = follow();
  await world.store.ingest([progress(one)]);
  await vi.waitFor(() => expect(told(events)).toEqual(['one running']));
  await world.store.ingest([outcome(one)]);
  await vi.waitFor(() => expect(told(events)).toEqual(['one running', 'one ended']));
  await end();
});

it('S18: tells nothing of another project or another organization', async () => {
  const { events, end } = follow();
  const others = [runRef('three', { project: 'other' }), runRef('four', { namespace: 'globex' })];
  await world.store.ingest(others.map((run) => progress(run)));
  await world.store.ingest([progress(one)]);
  await vi.waitFor(() => expect(told(events)).toEqual(['one running']));
  await end();
});

it('tells a reader that comes again what it did not see, and nothing older', async () => {
  await world.store.ingest([progress(one)]);
  world.clock.now += 3_600_000;
  const first = follow();
  await world.store.ingest([progress(two)]);
  await vi.waitFor(() => expect(told(first.events)).toEqual(['two running']));
  await first.end();
  world.clock.now += 3_600_000;
  await world.store.ingest([outcome(two)]);
  const second = follow(first.events.at(-1)?.id);
  await vi.waitFor(() => expect(told(second.events)).toEqual(['two ended']));
  await second.end();
});

it('reads anew what it may have missed', async () => {
  const { events, end } = follow();
  await world.store.ingest([progress(one)]);
  await vi.waitFor(() => expect(events).toHaveLength(1));
  world.miss();
  await vi.waitFor(() => expect(told(events)).toEqual(['one running', 'one running']));
  await end();
});

it.each(['', 'yesterday', '9'.repeat(400)])('begins as without an id at the id %j', async (id) => {
  await world.store.ingest([progress(one)]);
  const { events, end } = follow(id);
  await vi.waitFor(() => expect(told(events)).toEqual(['one running']));
  await end();
});
