/** An instant of the API as ISO 8601 in UTC; undefined where none was written, or only Go's or Unix' zero. */
export function instant(text: string | null | undefined): string | undefined {
  const at = text ? Date.parse(text) : Number.NaN;
  return at > 0 ? new Date(at).toISOString() : undefined;
}
