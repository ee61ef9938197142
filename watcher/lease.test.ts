import { afterEach, describe, expect, it, vi } from 'vitest';
import { type KubeCall, type KubeClient, KubeError } from './kube/client.ts';
import { createLease, fenced, leaseSettings, type LeaseShell } from './lease.ts';

interface StoredLease {
  readonly resourceVersion: string;
  readonly spec: { readonly holderIdentity: string; readonly leaseTransitions: number };
}

/** One Lease in an API server that refuses a write of an older version, and may be unreachable. */
function startServer() {
  const server = { lease: undefined as StoredLease | undefined, down: false, writes: 0 };
  const store = (body: unknown) => {
    const { spec } = body as Pick<StoredLease, 'spec'>;
    server.writes += 1;
    server.lease = { resourceVersion: String(server.writes), spec };
    return Promise.resolve({});
  };
  const refuse = (status: number) => Promise.reject(new KubeError(status, `gave ${status}`));
  const request = ({ method = 'GET', body }: KubeCall): Promise<unknown> => {
    if (server.down) return refuse(0);
    const { lease } = server;
    if (method === 'POST') return lease === undefined ? store(body) : refuse(409);
    if (lease === undefined) return refuse(404);
    if (method === 'GET')
      return Promise.resolve({ metadata: { resourceVersion: lease.resourceVersion }, spec: lease.spec });
    const { metadata } = body as { metadata: { resourceVersion: string } };
    return metadata.resourceVersion === lease.resourceVersion ? store(body) : refuse(409);
  };
  const client: KubeClient = {
    request,
    stream: () => {
      throw new Error('a lease is not watched');
    },
  };
  return { server, client };
}

interface Clock {
  now: number;
}

interface Candidate {
  readonly log: string[];
  readonly isHeld: () => boolean;
  readonly stop: () => Promise<void>;
}

const stops: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(stops.splice(0).map((stop) => stop())));

function candidate(identity: string, client: KubeClient, clock: Clock, log: string[]): Candidate {
  const shell: LeaseShell = {
    client,
    settings: leaseSettings,
    namespace: 'dbt-jobs-system',
    name: 'dbt-jobs-watcher',
    identity,
    monotonic: () => clock.now,
    now: () => 1_700_000_000_000 + clock.now,
    random: () => 0,
    sleep: async (ms, signal) => {
      const until = clock.now + ms;
      while (clock.now < until && !signal.aborted) await new Promise((resolve) => setImmediate(resolve));
    },
    onTrouble: () => undefined,
  };
  const lease = createLease(shell);
  const stopping = new AbortController();
  const done = lease.run(async (signal) => {
    log.push(`${identity} leads`);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    log.push(`${identity} stops`);
  }, stopping.signal);
  const stop = async () => {
    stopping.abort();
    await done;
  };
  stops.push(stop);
  return { log, isHeld: lease.isHeld, stop };
}

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 1 });
/** Lets time go by in steps that each process notices. */
async function pass(clock: Clock, ms: number): Promise<void> {
  for (const end = clock.now + ms; clock.now < end;) {
    clock.now += 500;
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the lease', () => {
  it('J26 lets one of two lead, and the other as soon as the first has stopped', async () => {
    const { client, server } = startServer();
    const [clock, log]: [Clock, string[]] = [{ now: 0 }, []];
    const first = candidate('a', client, clock, log);
    await eventually(() => expect(log).toEqual(['a leads']));
    const second = candidate('b', client, clock, log);
    await pass(clock, 60_000);
    expect([log, first.isHeld(), second.isHeld()]).toEqual([['a leads'], true, false]);
    await first.stop();
    await pass(clock, 4000);
    expect(log).toEqual(['a leads', 'a stops', 'b leads']);
    expect(server.lease?.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 2 });
  });

  it('J26 lets the other lead when the holder died, after the duration by its own clock', async () => {
    const { client } = startServer();
    const log: string[] = [];
    const dead: Clock = { now: 0 };
    candidate('a', client, dead, log);
    await eventually(() => expect(log).toEqual(['a leads']));
    const clock: Clock = { now: 7_000_000 };
    candidate('b', client, clock, log);
    await pass(clock, 14_000);
    expect(log).toEqual(['a leads']);
    await pass(clock, 4000);
    expect(log).toEqual(['a leads', 'b leads']);
  });

  it('J26 stops by itself, before another may begin, when the server cannot be reached', async () => {
    const { client, server } = startServer();
    const [clock, log]: [Clock, string[]] = [{ now: 0 }, []];
    const only = candidate('a', client, clock, log);
    await eventually(() => expect(log).toEqual(['a leads']));
    server.down = true;
    await pass(clock, 9000);
    expect(only.isHeld()).toBe(true);
    await pass(clock, 3000);
    expect([only.isHeld(), log]).toEqual([false, ['a leads', 'a stops']]);
    server.down = false;
    await pass(clock, 20_000);
    expect(log).toEqual(['a leads', 'a stops', 'a leads']);
  });

  it('J26 writes nothing after a pause of twenty seconds in which another may have begun', async () => {
    const { client } = startServer();
    const [clock, log]: [Clock, string[]] = [{ now: 0 }, []];
    const paused = candidate('a', client, clock, log);
    await eventually(() => expect(log).toEqual(['a leads']));
    const request = vi.fn(() => Promise.resolve({}));
    const writer = fenced({ request, stream: (call, ms) => client.stream(call, ms) }, paused.isHeld);
    await writer.request({ method: 'PATCH', path: '/a' });
    clock.now += 20_000;
    await expect(writer.request({ method: 'PATCH', path: '/b' })).rejects.toThrow('no longer held');
    await writer.request({ path: '/c' });
    expect(request.mock.calls).toEqual([[{ method: 'PATCH', path: '/a' }], [{ path: '/c' }]]);
  });
});
