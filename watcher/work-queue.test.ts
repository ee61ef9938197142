import { describe, expect, it } from 'vitest';
import { WorkQueue, type WorkQueueShell } from './work-queue.ts';

interface Timer {
  at: number;
  callback: () => void;
}

/** A queue under a clock that only the test moves. */
function start(reconcile: WorkQueueShell['reconcile'], concurrency = 2) {
  let now = 0;
  const timers = new Set<Timer>();
  const errors: string[] = [];
  const queue = new WorkQueue({
    concurrency,
    reconcile,
    onError: (key, error, failures) => errors.push(`${key} ${failures} ${String(error)}`),
    now: () => now,
    setTimer(callback, delayMs) {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    random: () => 0,
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    queue,
    errors,
    settle,
    pending: () => [...timers].map(({ at }) => at - now),
    pass: async (ms: number) => {
      now += ms;
      for (const timer of [...timers]) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.callback();
      }
      await settle();
    },
  };
}

describe('WorkQueue', () => {
  it('does what is asked for during a reconcile once more afterwards, never at the same time', async () => {
    const gates: (() => void)[] = [];
    const { queue, settle } = start(() => new Promise((resolve) => gates.push(() => resolve(undefined))));
    queue.add('a');
    queue.add('a');
    queue.add('a');
    expect(gates).toHaveLength(1);
    gates[0]!();
    await settle();
    expect(gates).toHaveLength(2);
    gates[1]!();
    await settle();
    expect(gates).toHaveLength(2);
  });

  it('works on no more keys at once than it may', async () => {
    const gates: (() => void)[] = [];
    const { queue, settle } = start(() => new Promise((resolve) => gates.push(() => resolve(undefined))), 2);
    for (const key of ['a', 'b', 'c']) queue.add(key);
    expect(gates).toHaveLength(2);
    gates[0]!();
    await settle();
    expect(gates).toHaveLength(3);
  });

  it('takes a key that is asked for first before what waits, also where it waits already', async () => {
    const seen: string[] = [];
    const gates: (() => void)[] = [];
    const { queue, settle } = start((key) => {
      seen.push(key);
      return new Promise((resolve) => gates.push(() => resolve(undefined)));
    }, 1);
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key);
    queue.addFirst('d');
    queue.addFirst('new');
    queue.addFirst('a');
    for (let turn = 0; turn < 6; turn += 1) {
      gates[turn]?.();
      await settle();
    }
    expect(seen).toEqual(['a', 'd', 'new', 'b', 'c', 'a']);
  });

  it('tries a failed key again with growing pauses, and others at once', async () => {
    const seen: string[] = [];
    const { queue, errors, pending, pass, settle } = start((key) => {
      seen.push(key);
      return key === 'bad' ? Promise.reject(new Error('no')) : Promise.resolve(undefined);
    });
    queue.add('bad');
    queue.add('good');
    await settle();
    expect([seen, pending()]).toEqual([['bad', 'good'], [250]]);
    await pass(250);
    expect([pending(), errors]).toEqual([[500], ['bad 1 Error: no', 'bad 2 Error: no']]);
  });

  it('looks again when the reconcile asked for it, at the earliest of the times', async () => {
    const seen: string[] = [];
    const { queue, pending, pass, settle } = start((key) => {
      seen.push(key);
      return Promise.resolve(seen.length === 1 ? 1000 : undefined);
    });
    queue.add('a');
    await settle();
    queue.add('a', 5000);
    expect(pending()).toEqual([1000]);
    queue.add('a', 300);
    expect(pending()).toEqual([300]);
    await pass(300);
    expect([seen, pending()]).toEqual([['a', 'a'], []]);
  });

  it('takes nothing more once stopped, and waits for what is under way', async () => {
    let finish: () => void = () => undefined;
    let stopped = false;
    const { queue, settle, pending } = start(() => new Promise((resolve) => (finish = () => resolve(10))));
    queue.add('a');
    queue.add('later', 100);
    const done = queue.stop().then(() => (stopped = true));
    queue.add('b');
    await settle();
    expect([stopped, pending()]).toEqual([false, []]);
    finish();
    await done;
    expect(pending()).toEqual([]);
  });
});
