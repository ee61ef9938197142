import { describe, expect, it } from 'vitest';
import { allowed, denied, parseReview, patched } from './admission-review.ts';

const uid = '705ab4f5-6393-11e8-b7cc-42010a800002';
const request = { uid, operation: 'CREATE', namespace: 'acme', object: {} };
const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };

describe('a review', () => {
  it('is read with what it may leave out', () => {
    expect(parseReview(review)).toEqual({ request: { ...request, name: '', dryRun: false } });
  });

  const cases: Record<string, { value: unknown; malformed: RegExp }> = {
    'must be an object': { value: [], malformed: /review: / },
    'must not be null': { value: null, malformed: /review: / },
    'must be of v1': {
      value: { ...review, apiVersion: 'admission.k8s.io/v1beta1' },
      malformed: /apiVersion: /,
    },
    'must be an AdmissionReview': {
      value: { ...review, kind: 'ConversionReview' },
      malformed: /; kind: |: kind: /,
    },
    'must have a request': { value: { ...review, request: undefined }, malformed: /request: / },
    'must not have null for a request': { value: { ...review, request: null }, malformed: /request: / },
    'must have a uid': {
      value: { ...review, request: { ...request, uid: '' } },
      malformed: /request\.uid: /,
    },
    'must have a known operation': {
      value: { ...review, request: { ...request, operation: 'PATCH' } },
      malformed: /request\.operation: /,
    },
  };
  it.each(Object.entries(cases))('%s', (_, { value, malformed }) => {
    expect(parseReview(value)).toEqual({ malformed: expect.stringMatching(malformed) as string });
  });
});

describe('an answer on the wire', () => {
  const envelope = '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":';
  const cases: Record<string, { answer: unknown; wire: string }> = {
    allows: { answer: allowed(uid), wire: `{"uid":"${uid}","allowed":true}` },
    'allows with a warning': {
      answer: allowed(uid, ['careful']),
      wire: `{"uid":"${uid}","allowed":true,"warnings":["careful"]}`,
    },
    patches: {
      answer: patched(uid, [{ op: 'add', path: '/metadata/labels', value: { a: 'é' } }]),
      wire: `{"uid":"${uid}","allowed":true,"patchType":"JSONPatch","patch":"W3sib3AiOiJhZGQiLCJwYXRoIjoiL21ldGFkYXRhL2xhYmVscyIsInZhbHVlIjp7ImEiOiLDqSJ9fV0="}`,
    },
    denies: {
      answer: denied(uid, 503, 'because'),
      wire: `{"uid":"${uid}","allowed":false,"status":{"code":503,"message":"because"}}`,
    },
  };
  it.each(Object.entries(cases))('%s', (_, { answer, wire }) => {
    expect(JSON.stringify(answer)).toBe(`${envelope}${wire}}`);
  });
});
