import { z } from 'zod';

const event = z.object({
  metadata: z.object({ creationTimestamp: z.string().nullish() }),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  series: z.object({ lastObservedTime: z.string().nullish() }).nullish(),
  involvedObject: z.object({ uid: z.string().nullish() }),
});

export interface KubeEvent {
  readonly about: string;
  readonly reason: string;
  readonly message: string;
  /** Milliseconds since the epoch, when it was seen last; 0 where the event does not say. */
  readonly at: number;
}

/** An event of core/v1, which shows those of events.k8s.io too. Throws a ZodError for what is none. */
export function parseKubeEvent(value: unknown): KubeEvent {
  const found = event.parse(value);
  const at =
    found.series?.lastObservedTime ??
    found.lastTimestamp ??
    found.eventTime ??
    found.metadata.creationTimestamp;
  return {
    about: found.involvedObject.uid ?? '',
    reason: found.reason ?? '',
    message: found.message ?? '',
    at: at ? Date.parse(at) || 0 : 0,
  };
}
