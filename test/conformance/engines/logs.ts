import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { listAt, textAt } from '../json.ts';
import type { Api } from './api.ts';

/**
 * Where something is logged while an engine runs. An audit record may hold whole objects, but no credential; a log of an
 * engine holds neither.
 */
export interface LogSource {
  readonly kind: 'engine' | 'audit';
  /** Notes where the log ends now; what it returns reads all that came since. */
  readonly begin: (api: Api) => Promise<() => Promise<string>>;
}

export function fileLog(path: string, kind: LogSource['kind']): LogSource {
  const sizeOf = async (): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0;
  return {
    kind,
    begin: async () => {
      const start = await sizeOf();
      return async () => {
        // A log that was rotated meanwhile is read from its beginning.
        const from = (await sizeOf()) < start ? 0 : start;
        if ((await sizeOf()) === from) return '';
        const chunks: string[] = [];
        for await (const chunk of createReadStream(path, { start: from, encoding: 'utf8' }))
          chunks.push(String(chunk));
        return chunks.join('');
      };
    },
  };
}

/** Logs of all containers of a namespace's pods. */
export function podLogs(namespace: string): LogSource {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  return {
    kind: 'engine',
    begin: (api) => {
      const since = new Date().toISOString();
      return Promise.resolve(async () => {
        const { body } = await api.request('GET', pods);
        const logs = listAt(body, 'items').flatMap((pod) =>
          listAt(pod, 'spec', 'containers').map(async (container) => {
            const query = `container=${textAt(container, 'name') ?? ''}&sinceTime=${encodeURIComponent(since)}`;
            const path = `${pods}/${textAt(pod, 'metadata', 'name') ?? ''}/log?${query}`;
            return textOf((await api.request('GET', path)).body);
          }),
        );
        return (await Promise.all(logs)).join('\n');
      });
    },
  };
}

/** A log of one JSON line arrives as that object, any other as text. */
function textOf(body: Readonly<Record<string, unknown>>): string {
  return textAt(body, 'message') ?? JSON.stringify(body);
}
