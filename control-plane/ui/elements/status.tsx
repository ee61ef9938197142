import type { RunStatus } from '../words/run-status.ts';
import { statusWords } from '../words/run-status.ts';
import { Icon } from './icon.tsx';
import './status.css';

/** Sign, word and colour: never the colour alone. */
export function Status({ status }: { readonly status: RunStatus }) {
  return (
    <span className={`status status-${status}`}>
      <Icon name={status} />
      {statusWords[status]}
    </span>
  );
}
