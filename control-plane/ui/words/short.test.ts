import { describe, expect, it } from 'vitest';
import { counted, shortCommit, shortImage } from './short.ts';

describe('shortened', () => {
  it('a commit has seven characters', () => expect(shortCommit('3f1c9ab' + '0'.repeat(33))).toBe('3f1c9ab'));
  it('an image has its name and the beginning of its digest', () =>
    expect(shortImage(`registry.example:5000/team/shop@sha256:${'9ab3f1c'.repeat(9)}`)).toBe('shop@9ab3f1c'));
  it('an image with a tag keeps it', () =>
    expect(shortImage('registry.example/shop:2026-03-01')).toBe('shop:2026-03-01'));
});

describe('counted', () => {
  it('says one of one', () => expect(counted(1, 'job')).toBe('1 job'));
  it('says many of none and of thousands', () =>
    expect([counted(0, 'job'), counted(1200, 'entry', 'entries')]).toEqual(['0 jobs', '1,200 entries']));
});
