import { inBothZones, relative } from '../words/instant.ts';
import { useNow } from './use-now.ts';

/** The zone of whoever reads. */
export const ownTimeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A relative time, with the exact instant behind it. */
export function Moment({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <time className="nowrap" dateTime={at} title={inBothZones(at, ownTimeZone)}>
      {relative(at, now)}
    </time>
  );
}
