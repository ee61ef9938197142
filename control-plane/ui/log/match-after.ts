export interface Match {
  readonly line: number;
  /** Its place among the matches, from 0. */
  readonly index: number;
}

/** The match behind (1) or before (-1) a line, around the ends; `lines` ascend. */
export function matchAfter(
  lines: readonly number[],
  line: number | undefined,
  step: 1 | -1,
): Match | undefined {
  if (lines.length === 0) return undefined;
  const from = line ?? (step === 1 ? -1 : Infinity);
  const index =
    step === 1
      ? lines.findIndex((candidate) => candidate > from)
      : lines.findLastIndex((candidate) => candidate < from);
  const around = index === -1 ? (step === 1 ? 0 : lines.length - 1) : index;
  const found = lines[around];
  return found === undefined ? undefined : { line: found, index: around };
}
