import type { Store } from '../store/store.ts';
import { type IngestionAnswer, readBatch } from './read-batch.ts';

export interface IngestShell {
  readonly store: Pick<Store, 'ingest' | 'watcher'>;
  readonly now: () => Date;
}

/** Who asks whether the watcher is silent counts in minutes. */
const heardEveryMs = 10_000;

/**
 * What is done with the body of a batch, by a caller that is the watcher. It settles once the batch is safe. Rejects with
 * `InvalidBatchError` and `StoreUnavailableError`.
 */
export type Ingest = (body: unknown) => Promise<IngestionAnswer>;

export function createIngest({ store, now }: IngestShell): Ingest {
  let heardAt = Number.NEGATIVE_INFINITY;
  return async (body) => {
    const { reports, rejected } = readBatch(body);
    await store.ingest(reports);
    const at = now();
    if (at.getTime() - heardAt >= heardEveryMs) {
      await store.watcher.heard(at.toISOString());
      heardAt = at.getTime();
    }
    return { rejected };
  };
}
