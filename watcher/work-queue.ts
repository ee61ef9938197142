import { backoffMs } from './backoff.ts';

export interface WorkQueueShell {
  readonly concurrency: number;
  /** Milliseconds after which to look again, undefined for never. A throw is retried with growing pauses, for ever. */
  reconcile(key: string): Promise<number | undefined>;
  onError(key: string, error: unknown, failures: number): void;
  now(): number;
  /** Calls back once after the delay; the answer cancels it. */
  setTimer(callback: () => void, delayMs: number): () => void;
  readonly random: () => number;
}

interface Timer {
  readonly at: number;
  readonly cancel: () => void;
}

/** setTimeout takes no more than 2^31 - 1 ms; a key is simply looked at once more on the way. */
const longestTimerMs = 24 * 3600 * 1000;

/** One reconcile for a key at a time, many keys at once; what is asked for meanwhile is done afterwards, once. */
export class WorkQueue {
  readonly #shell: WorkQueueShell;
  readonly #waiting = new Set<string>();
  readonly #urgent = new Set<string>();
  readonly #again = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #timers = new Map<string, Timer>();
  readonly #failures = new Map<string, number>();
  #stopped = false;

  constructor(shell: WorkQueueShell) {
    this.#shell = shell;
  }

  /** Asks for one more reconcile of the key, at once or after a delay; the earlier of two requests holds. */
  add(key: string, delayMs = 0): void {
    if (this.#stopped) return;
    if (delayMs > 0) this.#later(key, Math.min(delayMs, longestTimerMs));
    else if (this.#running.has(key)) this.#again.add(key);
    else {
      if (!this.#urgent.has(key)) this.#waiting.add(key);
      this.#start();
    }
  }

  /** The same, at once and before what else waits: for a key of which little is left to do, and then nothing to keep. */
  addFirst(key: string): void {
    if (!this.#stopped && !this.#running.has(key)) {
      this.#waiting.delete(key);
      this.#urgent.add(key);
    }
    this.add(key);
  }

  /** Takes no new work and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    this.#urgent.clear();
    for (const timer of this.#timers.values()) timer.cancel();
    await Promise.all(this.#running.values());
  }

  #start(): void {
    while (this.#running.size < this.#shell.concurrency) {
      const lane = this.#urgent.size > 0 ? this.#urgent : this.#waiting;
      const [key] = lane;
      if (key === undefined) return;
      lane.delete(key);
      const done = this.#work(key).finally(() => {
        this.#running.delete(key);
        if (this.#again.delete(key)) this.add(key);
        this.#start();
      });
      this.#running.set(key, done);
    }
  }

  async #work(key: string): Promise<void> {
    try {
      const delayMs = await this.#shell.reconcile(key);
      this.#failures.delete(key);
      if (delayMs !== undefined) this.add(key, Math.max(1, delayMs));
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      this.#shell.onError(key, error, failures);
      this.add(key, backoffMs(failures, this.#shell.random));
    }
  }

  #later(key: string, delayMs: number): void {
    const at = this.#shell.now() + delayMs;
    const timer = this.#timers.get(key);
    if (timer !== undefined && timer.at <= at) return;
    timer?.cancel();
    const cancel = this.#shell.setTimer(() => {
      this.#timers.delete(key);
      this.add(key);
    }, delayMs);
    this.#timers.set(key, { at, cancel });
  }
}
