import { describe, expect, it } from 'vitest';
import { contentKey, type BuildInputs } from './content-key.ts';

const inputs: BuildInputs = {
  reference: 'dbt-jobs.local/demo-plan:1',
  dockerfile: 'FROM scratch\n',
  buildArgs: { PLAN: '1', PACKAGES: 'none' },
  base: 'debian:12-slim',
  files: [{ path: 'dbt_project.yml', executable: false, sha256: 'aa' }],
};

describe('contentKey', () => {
  it('is sixteen hex digits', () => {
    expect(contentKey(inputs)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('does not depend on the order of build arguments', () => {
    expect(contentKey({ ...inputs, buildArgs: { PACKAGES: 'none', PLAN: '1' } })).toBe(contentKey(inputs));
  });

  it.each<[string, Partial<BuildInputs>]>([
    ['the reference', { reference: 'dbt-jobs.local/demo-plan:2' }],
    ['the Dockerfile', { dockerfile: 'FROM scratch\nUSER 1\n' }],
    ['a build argument', { buildArgs: { PLAN: '2', PACKAGES: 'none' } }],
    ['the base', { base: 'debian:13-slim' }],
    ['the content of a file', { files: [{ path: 'dbt_project.yml', executable: false, sha256: 'bb' }] }],
    ['the name of a file', { files: [{ path: 'project.yml', executable: false, sha256: 'aa' }] }],
    ['the mode of a file', { files: [{ path: 'dbt_project.yml', executable: true, sha256: 'aa' }] }],
  ])('changes with %s', (_, change) => {
    expect(contentKey({ ...inputs, ...change })).not.toBe(contentKey(inputs));
  });
});
