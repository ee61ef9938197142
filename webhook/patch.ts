import jsonPatch from 'fast-json-patch';

/** One RFC 6902 operation. */
export type Operation = jsonPatch.Operation;

/**
 * The operations that turn the object received into the mutated one. They are computed from the two, never built by
 * hand: operations made apart from each other overwrite each other's lists.
 */
export function patch(received: object, mutated: object): readonly Operation[] {
  return jsonPatch.compare(received, mutated);
}
