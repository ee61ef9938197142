import { z } from 'zod';
import { backoffMs } from './backoff.ts';
import { type KubeClient, KubeError } from './kube/client.ts';

export interface LeaseSettings {
  /** How long a holder that says nothing more keeps the others waiting. */
  readonly durationMs: number;
  /** A holder that could not renew for so long stops by itself: well before another may begin. */
  readonly giveUpMs: number;
  readonly renewMs: number;
}

/** client-go's own numbers. */
export const leaseSettings: LeaseSettings = { durationMs: 15_000, giveUpMs: 10_000, renewMs: 2000 };

export interface LeaseShell {
  readonly client: KubeClient;
  readonly settings: LeaseSettings;
  readonly namespace: string;
  readonly name: string;
  /** Of this process alone. */
  readonly identity: string;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  now(): number;
  readonly random: () => number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  onTrouble(error: unknown): void;
}

export interface Lease {
  /** Whether this process may write now. Asked before each write: a process may have stood still for any time. */
  readonly isHeld: () => boolean;
  /**
   * Leads whenever it holds the lease, until the signal aborts; gives up on nothing else. `lead` ends when its own
   * signal aborts, and the lease is free for another only then.
   */
  run(lead: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>;
}

const record = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  spec: z
    .object({
      holderIdentity: z.string().nullish(),
      leaseTransitions: z.number().nullish(),
      acquireTime: z.string().nullish(),
    })
    .nullish()
    .transform((spec) => spec ?? {}),
});

type LeaseRecord = z.output<typeof record>;

/** One of several processes at a time, by a Lease of the API server. */
export function createLease(shell: LeaseShell): Lease {
  const claim = createClaim(shell);
  return {
    isHeld: claim.isHeld,
    async run(lead, signal) {
      for (let failures = 0; !isAborted(signal);) {
        const got = await attempt(shell, claim.acquire);
        if (got === 'held') await leadOnce(shell, claim, lead, signal);
        failures = got === 'failed' ? failures + 1 : 0;
        const pause = backoffMs(
          failures + 1,
          shell.random,
          shell.settings.renewMs,
          shell.settings.durationMs,
        );
        if (!isAborted(signal)) await shell.sleep(pause, signal);
      }
    },
  };
}

interface Claim {
  /** One try to get or keep the lease. */
  readonly acquire: () => Promise<boolean>;
  readonly isHeld: () => boolean;
  /** True where it was held until now. */
  readonly drop: () => boolean;
}

/** Another's clock is never trusted: only how long its lease has not changed by this one. */
function createClaim(shell: LeaseShell): Claim {
  const { durationMs, giveUpMs } = shell.settings;
  let renewedAt: number | undefined;
  let seen: { readonly version: string; readonly at: number } | undefined;
  const isHeld = () => renewedAt !== undefined && shell.monotonic() - renewedAt < giveUpMs;
  return {
    isHeld,
    async acquire() {
      const at = shell.monotonic();
      const found = await read(shell);
      if (found !== undefined && isOthers(found, shell.identity)) {
        const { resourceVersion } = found.metadata;
        if (seen?.version !== resourceVersion) seen = { version: resourceVersion, at };
        if (at - seen.at < durationMs) return false;
      }
      await write(shell, found, shell.identity);
      // From before the request: the others count from when the server wrote it.
      renewedAt = at;
      return true;
    },
    drop() {
      const held = isHeld();
      renewedAt = undefined;
      return held;
    },
  };
}

async function leadOnce(
  shell: LeaseShell,
  claim: Claim,
  lead: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const leading = new AbortController();
  const stop = () => leading.abort();
  signal.addEventListener('abort', stop);
  const led = lead(leading.signal);
  // Whichever ends first ends the other: a leader that has stopped must not keep the lease.
  await Promise.race([keep(shell, claim, leading.signal), led.catch(() => undefined)]);
  stop();
  signal.removeEventListener('abort', stop);
  try {
    await led;
  } finally {
    if (claim.drop()) await attempt(shell, () => release(shell));
  }
}

/** Renews until the lease is lost or the signal aborts. */
async function keep(shell: LeaseShell, claim: Claim, signal: AbortSignal): Promise<void> {
  while (!isAborted(signal)) {
    await shell.sleep(shell.settings.renewMs, signal);
    if (isAborted(signal)) return;
    const kept = await attempt(shell, claim.acquire);
    if (kept === 'another' || !claim.isHeld()) return;
  }
}

/** Asked anew after each await: the compiler takes `signal.aborted` for a constant. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function attempt(
  shell: LeaseShell,
  what: () => Promise<boolean>,
): Promise<'held' | 'another' | 'failed'> {
  try {
    return (await what()) ? 'held' : 'another';
  } catch (error) {
    // Somebody else was faster.
    if (error instanceof KubeError && error.status === 409) return 'another';
    shell.onTrouble(error);
    return 'failed';
  }
}

function isOthers({ spec }: LeaseRecord, identity: string): boolean {
  return Boolean(spec.holderIdentity) && spec.holderIdentity !== identity;
}

const leases = (namespace: string) => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

async function read({ client, namespace, name }: LeaseShell): Promise<LeaseRecord | undefined> {
  try {
    return record.parse(await client.request({ path: `${leases(namespace)}/${name}` }));
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}

async function write(
  { client, namespace, name, settings, ...shell }: LeaseShell,
  found: LeaseRecord | undefined,
  holder: string,
): Promise<void> {
  // MicroTime: six digits after the point, of which a Date has three.
  const renewTime = new Date(shell.now()).toISOString().replace('Z', '000Z');
  const same = found?.spec.holderIdentity === holder;
  const body = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace, ...(found && { resourceVersion: found.metadata.resourceVersion }) },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: holder === '' ? 1 : settings.durationMs / 1000,
      acquireTime: (same ? found.spec.acquireTime : undefined) ?? renewTime,
      renewTime,
      leaseTransitions: (found?.spec.leaseTransitions ?? 0) + (found === undefined || same ? 0 : 1),
    },
  };
  const path = leases(namespace);
  if (found === undefined) await client.request({ method: 'POST', path, body });
  else await client.request({ method: 'PUT', path: `${path}/${name}`, body });
}

/** Frees the lease, so that another need not wait for its end. */
async function release(shell: LeaseShell): Promise<boolean> {
  const found = await read(shell);
  if (found?.spec.holderIdentity !== shell.identity) return false;
  await write(shell, found, '');
  return true;
}

/** The client for whoever leads: a write without the lease is refused here, before it leaves. */
export function fenced(client: KubeClient, isHeld: () => boolean): KubeClient {
  return {
    ...client,
    request(call) {
      if ((call.method ?? 'GET') === 'GET' || isHeld()) return client.request(call);
      return Promise.reject(new KubeError(0, 'the lease is no longer held: another watcher may write'));
    },
  };
}
