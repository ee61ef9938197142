import { isDeepStrictEqual } from 'node:util';
import type { Kube, KubeCall, KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { isRecord, mergePatch } from '../kube/merge-patch.ts';

export interface FakeObject {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/**
 * Objects by their path, with what writes rest upon: UIDs, a resourceVersion that any write changes, a generation that a
 * write of the spec changes, generateName, conflicts.
 */
export class FakeKube implements Kube {
  readonly objects = new Map<string, FakeObject>();
  /** Every write, and who made it. */
  readonly writes: { readonly by: string; readonly method: string; readonly path: string }[] = [];
  private count = 0;

  request(call: KubeCall): Promise<unknown> {
    return this.as({ user: 'the control plane' }).request(call);
  }

  as({ user }: { readonly user: string }): KubeClient {
    return {
      request: async (call) => {
        await Promise.resolve();
        const { method = 'GET', path } = call;
        if (method !== 'GET') this.writes.push({ by: user, method, path });
        return this.answer(call);
      },
    };
  }

  /** Puts an object there, or writes over the one that is, as somebody else would. */
  put(path: string, value: object): FakeObject {
    const before = this.objects.get(path);
    const made = asObject(value);
    this.count += 1;
    const sameSpec = before !== undefined && isDeepStrictEqual(before['spec'], made['spec']);
    const metadata = {
      uid: `uid-${this.count}`,
      creationTimestamp: '2026-02-03T10:00:00Z',
      ...made.metadata,
      resourceVersion: String(this.count),
      generation: Number(before?.metadata['generation'] ?? 0) + (sameSpec ? 0 : 1),
    };
    const stored = { ...made, metadata };
    this.objects.set(path, stored);
    return stored;
  }

  private answer({ method = 'GET', path, body = {} }: KubeCall): unknown {
    if (method === 'POST') return this.create(path, asObject(body));
    if (method === 'PATCH') return this.patch(path, body, mergePatch(this.found(path), body));
    if (method === 'PUT') return this.patch(path, body, body);
    if (method === 'DELETE') {
      const gone = this.found(path);
      this.objects.delete(path);
      return gone;
    }
    if (!/\/(?:cronjobs|jobs|dbtprojects|pods)$/.test(path)) return this.found(path);
    const items = [...this.objects].filter(([at]) => at.startsWith(`${path}/`)).map(([, object]) => object);
    return { metadata: {}, items };
  }

  private create(path: string, body: FakeObject): FakeObject {
    const { name, generateName, ...rest } = body.metadata;
    const named = typeof name === 'string' ? name : `${String(generateName)}x${this.count + 1}`;
    const at = `${path}/${named}`;
    if (this.objects.has(at)) throw new KubeError(409, `"${named}" already exists`);
    return this.put(at, { ...body, metadata: { name: named, ...rest } });
  }

  private patch(path: string, body: object, after: unknown): FakeObject {
    const before = this.found(path);
    const asked = 'metadata' in body && isRecord(body.metadata) ? body.metadata : {};
    for (const key of ['resourceVersion', 'uid']) {
      const value = asked[key] ?? before.metadata[key];
      if (value !== before.metadata[key]) throw new KubeError(409, `the ${key} is another`);
    }
    return this.put(path, asObject(after));
  }

  private found(path: string): FakeObject {
    const object = this.objects.get(path);
    if (object === undefined) throw new KubeError(404, `${path} not found`);
    return object;
  }
}

function asObject(value: unknown): FakeObject {
  if (!isRecord(value) || !isRecord(value['metadata'])) throw new Error('not an object of Kubernetes');
  return { ...value, metadata: value['metadata'] };
}
