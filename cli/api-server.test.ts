import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWarnings, readJson, Refused, type Answer } from './api-server.ts';

const answering = (answer: Partial<Answer>) => () =>
  Promise.resolve({ code: 200, text: '', warnings: [], ...answer });
const request = { method: 'GET', path: '/x' } as const;

describe('readJson', () => {
  it('gives the value and the warnings of a good answer', async () => {
    const send = answering({ code: 201, text: '{"a":1}', warnings: ['w'] });
    expect(await readJson(send, request)).toEqual({ value: { a: 1 }, warnings: ['w'] });
  });

  const refusals: Record<string, { answer: Partial<Answer>; error: Refused }> = {
    "a Status is thrown with the API server's own text": {
      answer: {
        code: 403,
        text: '{"kind":"Status","message":"pods \\"p\\" is forbidden: dbt-jobs: 1 problem(s)"}',
      },
      error: new Refused(403, 'pods "p" is forbidden: dbt-jobs: 1 problem(s)'),
    },
    'an answer of a proxy is thrown by its code': {
      answer: { code: 502, text: '<html>' },
      error: new Refused(502, 'HTTP 502 without a reason'),
    },
    'a good code without JSON is no good answer': {
      answer: { code: 200, text: 'ok' },
      error: new Refused(200, 'HTTP 200 without a reason'),
    },
  };
  it.each(Object.entries(refusals))('%s', async (_, { answer, error }) => {
    const thrown: unknown = await readJson(answering(answer), request).catch((caught: unknown) => caught);
    expect(thrown).toEqual(error);
  });
});

describe('parseWarnings', () => {
  it('finds each text, whatever stands in it', () => {
    const quoted = (text: string) => `299 - "${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
    const texts = fc.array(fc.oneof(fc.string(), fc.constantFrom('a, 299 - "b"', String.raw`\ "`)));
    fc.assert(
      fc.property(texts, (all) => {
        expect(parseWarnings(all.map(quoted).join(', '))).toEqual(all);
      }),
    );
  });

  it('is empty without a header', () => {
    expect(parseWarnings('')).toEqual([]);
  });
});
