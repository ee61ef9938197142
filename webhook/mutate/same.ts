import jsonPatch from 'fast-json-patch';

/** Whether two JSON values are equal: the order of a list counts, that of fields does not. */
export function same(left: unknown, right: unknown): boolean {
  return jsonPatch.compare({ value: left }, { value: right }).length === 0;
}
