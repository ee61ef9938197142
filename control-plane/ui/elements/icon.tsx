import './icon.css';

/** Drawn on a grid of 16 units, in the colour of the text around it. */
const paths = {
  succeeded: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm3.1 4.4L7 10 4.9 7.9',
  failed: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM5.7 5.7l4.6 4.6m0-4.6-4.6 4.6',
  running: 'M8 1.5a6.5 6.5 0 1 0 6.5 6.5',
  queued: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM8 4.5V8l2.3 1.5',
  cancelled: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM3.6 12.4l8.8-8.8',
  unknown:
    'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM6.2 6.3a1.8 1.8 0 1 1 2.7 1.6c-.6.3-.9.7-.9 1.3m0 1.7v.1',
  warning: 'M8 2 15 14H1L8 2Zm0 4.5v3.3m0 2v.1',
  copy: 'M5.5 5.5v-3h8v8h-3m-8-5h8v8h-8v-8Z',
  done: 'M3 8.5 6.5 12 13 4.5',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Zm3.3 7.8 3.7 3.7',
  up: 'M3.5 10 8 5.5l4.5 4.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  download: 'M8 2v8m0 0L4.5 6.5M8 10l3.5-3.5M2.5 13.5h11',
  paused: 'M5.5 3.5v9m5-9v9',
  lock: 'M4 7.5h8v6H4v-6Zm1.5 0V5a2.5 2.5 0 0 1 5 0v2.5',
  close: 'M4 4l8 8m0-8-8 8',
} as const;

export type IconName = keyof typeof paths;

/** Says nothing to a screen reader: a word stands beside it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
