/** What a page knows of its stream of events. `lost`: nothing comes, and it is tried again later. */
export type Connection = 'connecting' | 'live' | 'lost';

export interface EventsSetting {
  readonly address: string;
  /** By name of the event; gets its data as JSON said it. */
  readonly listeners: Readonly<Record<string, (data: unknown) => void>>;
  readonly onConnection: (connection: Connection) => void;
}

const firstRetryMs = 1_000;
const lastRetryMs = 30_000;

/**
 * Follows a stream of events until the returned function is called. The browser reconnects by itself, with the last id;
 * where it gives up (an answer that is no stream), it is tried anew, ever more slowly. A hidden page follows nothing: browsers
 * allow six connections to a server over HTTP/1.1, and forgotten tabs would use them up.
 */
export function followEvents({ address, listeners, onConnection }: EventsSetting): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;

  const close = (): void => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  };
  const open = (): void => {
    close();
    onConnection('connecting');
    source = new EventSource(address);
    source.onopen = () => {
      retryMs = firstRetryMs;
      onConnection('live');
    };
    source.onerror = () => {
      onConnection('lost');
      if (source?.readyState !== EventSource.CLOSED) return;
      retry = setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, lastRetryMs);
    };
    for (const [name, listener] of Object.entries(listeners)) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => listener(JSON.parse(data)));
    }
  };
  const onVisibility = (): void => (document.hidden ? close() : open());

  document.addEventListener('visibilitychange', onVisibility);
  if (!document.hidden) open();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
}
