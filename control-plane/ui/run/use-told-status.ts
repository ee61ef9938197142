import { useEffect, useRef } from 'react';
import type { WireRun } from '../../wire/run.ts';
import { announce } from '../elements/announce.ts';
import { statusOf, statusWords } from '../words/run-status.ts';

/** Tells a screen reader when the status of a run changes while its page is open. */
export function useToldStatus(run: WireRun | undefined): void {
  const status = run && statusOf(run);
  const before = useRef(status);
  useEffect(() => {
    if (status !== undefined && before.current !== undefined && before.current !== status) {
      announce(`The run has changed: ${statusWords[status]}.`);
    }
    before.current = status;
  }, [status]);
}
