const secondsOf: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
]);

/** Seconds of `90m`, `1h 30m`, `45s`, `2d`; a bare number counts minutes. Undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  if (/^\d{1,6}$/.test(trimmed)) return Number(trimmed) * 60;
  if (!/^(?:\d{1,6}\s*[smhd]\s*)+$/.test(trimmed)) return undefined;
  const parts = [...trimmed.matchAll(/(\d+)\s*([smhd])/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (secondsOf.get(unit ?? '') ?? 0), 0);
}
