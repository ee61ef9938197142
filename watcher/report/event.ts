import { createHash } from 'node:crypto';
import { type Outcome, outcomeReasons } from '../../contract/outcome.ts';
import { type KubeClient, KubeError } from '../kube/client.ts';
import { cut } from './shown.ts';

export interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface Note {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  /** What may be told once only about the object: a second Event of the same topic is not made. */
  readonly topic: string;
}

/** Limit of the API server, in bytes. */
const noteBytes = 1024;
const reportingController = 'dbt-jobs.io/watcher';

/** An Event whose name follows from object and topic: told twice, also by another process, it is there once. Throws KubeError. */
export async function writeEvent(
  client: KubeClient,
  regarding: Regarding,
  event: Note,
  at: Date,
  reportingInstance: string,
): Promise<void> {
  const id = createHash('sha256').update(`${regarding.uid}/${event.topic}`).digest('hex').slice(0, 16);
  const { type, reason, action, note } = event;
  const body = {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `${regarding.name.slice(0, 200)}.${id}`, namespace: regarding.namespace },
    // MicroTime: six digits after the point, of which a Date has three.
    eventTime: at.toISOString().replace('Z', '000Z'),
    reportingController,
    reportingInstance: reportingInstance.slice(0, 128),
    regarding,
    type,
    reason,
    action,
    note: cut(note, noteBytes),
  };
  try {
    const path = `/apis/events.k8s.io/v1/namespaces/${regarding.namespace}/events`;
    await client.request({ method: 'POST', path, body });
  } catch (error) {
    if (error instanceof KubeError && error.status === 409) return;
    throw error;
  }
}

export function outcomeNote(outcome: Outcome): Note {
  const next = `; ${outcomeReasons[outcome.reason].nextStep}`;
  return {
    type: outcome.result === 'succeeded' || outcome.result === 'cancelled' ? 'Normal' : 'Warning',
    reason: outcome.reason,
    action: 'Report',
    // The next step is never what is cut off.
    note: `${cut(outcome.message, noteBytes - Buffer.byteLength(next))}${next}`,
    topic: 'outcome',
  };
}
