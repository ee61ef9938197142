import { describe, expect, it } from 'vitest';
import { buildahBuildArguments } from './buildah.ts';
import type { BuildRequest } from './builder.ts';
import { DEBIAN_BASE_KEY, debianBaseFiles, mmdebstrapArguments } from './debian-base.ts';
import { dockerBuildArguments } from './docker.ts';

const request: BuildRequest = {
  reference: 'dbt-jobs.local/demo-plan:1',
  dockerfile: '/repository/examples/plan/Dockerfile',
  context: '/cache/build-7/demo-plan-1',
  buildArgs: { PLAN: '1' },
  secrets: [{ id: 'pip-conf', file: '/cache/build-7/secrets/pip-conf' }],
  archive: '/cache/build-7/demo-plan-1.tar',
};

describe('a build', () => {
  it('with Docker takes the base of the Dockerfile and passes secrets as files', () => {
    expect(dockerBuildArguments(request).join(' ')).toBe(
      'build --progress=plain --file /repository/examples/plan/Dockerfile' +
        ' --build-arg BASE=debian:12-slim --build-arg PLAN=1' +
        ' --secret id=pip-conf,src=/cache/build-7/secrets/pip-conf' +
        ' --tag dbt-jobs.local/demo-plan:1 /cache/build-7/demo-plan-1',
    );
  });

  it('with buildah takes the base of mmdebstrap and lends it the apt settings of the host', () => {
    expect(buildahBuildArguments(request, debianBaseFiles('/cache/debian')).join(' ')).toBe(
      'bud --isolation chroot --network host --layers --force-rm --pull-never --format=docker' +
        ' --volume /cache/debian/apt/sources.list.d:/etc/apt/sources.list.d:ro' +
        ' --volume /cache/debian/apt/apt.conf:/etc/apt/apt.conf:ro' +
        ' --file /repository/examples/plan/Dockerfile' +
        ` --build-arg BASE=dbt-jobs.local/debian:${DEBIAN_BASE_KEY} --build-arg PLAN=1` +
        ' --secret id=pip-conf,src=/cache/build-7/secrets/pip-conf' +
        ' --tag dbt-jobs.local/demo-plan:1 /cache/build-7/demo-plan-1',
    );
  });
});

describe('the Debian base', () => {
  const files = debianBaseFiles("/home/o'neil/debian");

  it('is made from the given sources, and from the default of mmdebstrap for none', () => {
    const mirrors = ['/etc/apt/sources.list.d/debian.sources'];
    expect(mmdebstrapArguments(files, mirrors).slice(-3)).toEqual(['bookworm', files.tar, ...mirrors]);
    expect(mmdebstrapArguments(files, []).slice(-2)).toEqual(['bookworm', files.tar]);
  });

  it('quotes the folder that its sources move to', () => {
    const hooks = mmdebstrapArguments(files, []).filter((argument) => argument.includes('sources.list.d'));
    expect(hooks[0]).toContain(`mv "$file" '/home/o'\\''neil/debian/apt/sources.list.d'`);
  });
});
