/** Where a command writes. Result and progress go to `line`, what went wrong to `problem`. */
export interface Terminal {
  readonly line: (text: string) => void;
  readonly problem: (text: string) => void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Text from a cluster without what could steer a terminal: escape sequences and control characters but tab and line feed. */
export function printable(text: string): string {
  const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)?/gu;
  return text.replaceAll(escapes, '').replaceAll(/(?![\t\n])\p{Cc}/gu, '');
}

/** `label  value` lines, the values beneath each other. */
export function rows(entries: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(...entries.map(([label]) => label.length));
  return entries.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`).join('\n');
}
