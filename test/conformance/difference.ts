import { isJson } from './json.ts';

/** How many differences are told: the first ones show what is wrong. */
const told = 6;
/** Longest value that is shown whole, characters. */
const valueLength = 160;
/** How much of a long text is shown before the place where it differs, characters. */
const wordsBefore = 40;

/**
 * Where two JSON values differ, one line each: `spec.containers[0].env[1].name: expected "A", got "B"`. The order of a
 * list counts, that of fields does not, and an absent field equals only an absent one.
 */
export function differences(expected: unknown, got: unknown): readonly string[] {
  const found = [...compare(expected, got, '')];
  return found.length > told
    ? [...found.slice(0, told), `and ${found.length - told} more differences`]
    : found;
}

function* compare(expected: unknown, got: unknown, path: string): Generator<string> {
  if (Array.isArray(expected) && Array.isArray(got)) {
    for (let index = 0; index < Math.max(expected.length, got.length); index++) {
      yield* compare(expected[index], got[index], `${path}[${index}]`);
    }
  } else if (isJson(expected) && isJson(got)) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(got)])) {
      yield* compare(own(expected, name), own(got, name), step(path, name));
    }
  } else if (expected !== got) {
    const from = firstDifference(expected, got);
    yield `${path || 'the object'}: expected ${show(expected, from)}, got ${show(got, from)}`;
  }
}

/** Where two long texts begin to differ, with a few words before it; else their beginning. */
function firstDifference(expected: unknown, got: unknown): number {
  if (typeof expected !== 'string' || typeof got !== 'string') return 0;
  if (Math.max(expected.length, got.length) <= valueLength) return 0;
  const at = Array.from({ length: expected.length }, (_, index) => index).find(
    (index) => expected[index] !== got[index],
  );
  return Math.max(0, (at ?? expected.length) - wordsBefore);
}

/** Never an inherited one: a user's key may be "constructor". */
function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function step(path: string, name: string): string {
  if (!/^[A-Za-z0-9_]+$/.test(name)) return `${path}["${name}"]`;
  return path === '' ? name : `${path}.${name}`;
}

function show(value: unknown, from: number): string {
  if (value === undefined) return 'nothing';
  if (typeof value !== 'string') return cut(JSON.stringify(value));
  return from === 0 ? cut(JSON.stringify(value)) : `…${cut(JSON.stringify(value.slice(from)))}`;
}

function cut(text: string): string {
  return text.length > valueLength ? `${text.slice(0, valueLength)}…` : text;
}
