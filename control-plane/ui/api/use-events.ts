import { useEffect, useState } from 'react';
import { followEvents } from './events.ts';
import type { Connection, EventsSetting } from './events.ts';

/** Follows events while the component is there. `listeners` must stay the same object while the address does. */
export function useEvents(address: string | undefined, listeners: EventsSetting['listeners']): Connection {
  const [connection, setConnection] = useState<Connection>('connecting');
  useEffect(() => {
    if (address === undefined) return undefined;
    return followEvents({ address, listeners, onConnection: setConnection });
  }, [address, listeners]);
  return connection;
}
