import type { z } from 'zod';

const articles: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'a text',
};
const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

/** What is allowed, in words that follow the name of the field; undefined leaves it to zod. A schema's own words come first. */
export function inputWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type')
    return issue.input === undefined
      ? 'is required'
      : `must be ${articles[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') {
    const words = issue.values.map((value) => JSON.stringify(value));
    return `must be ${words.length === 1 ? '' : 'one of '}${words.join(', ')}`;
  }
  if (issue.code === 'too_small')
    return issue.origin === 'string' && issue.minimum === 1
      ? 'must not be empty'
      : `must be at least ${String(issue.minimum)}${units[issue.origin] ?? ''}`;
  if (issue.code === 'too_big') return `must be at most ${String(issue.maximum)}${units[issue.origin] ?? ''}`;
  return undefined;
}
