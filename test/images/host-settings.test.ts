import { describe, expect, it } from 'vitest';
import { aptConf, npmrc, pipConf } from './host-settings.ts';

describe('pipConf', () => {
  it('keeps how the index is reached and points the CA into the build', () => {
    const listed = [
      "global.index-url='https://pip.example/simple'",
      "global.cert='/etc/host-ca.pem'",
      ":env:.default-timeout='180'",
      ":env:.find-links='/opt/wheels'",
      "install.user='true'",
    ].join('\n');
    expect(pipConf(listed, true)).toBe(
      '[global]\nindex-url = https://pip.example/simple\ntimeout = 180\ncert = /run/secrets/host-ca\n',
    );
  });

  it('is an empty section for an unconfigured host without a CA bundle', () => {
    expect(pipConf('', false)).toBe('[global]\n');
  });
});

describe('npmrc', () => {
  it('keeps the registry and its token, and drops what names files of the host', () => {
    const user = '//npm.example/:_authToken=t0ken\ncafile=/etc/host-ca.pem\nprefix = /opt/npm\nfund=false\n';
    expect(npmrc(user, 'https://npm.example/', true)).toBe(
      '//npm.example/:_authToken=t0ken\nfund=false\nregistry=https://npm.example/\ncafile=/run/secrets/host-ca\n',
    );
  });

  it('is empty for an unconfigured host without a CA bundle', () => {
    expect(npmrc('', '', false)).toBe('');
  });
});

describe('aptConf', () => {
  it('keeps what decides whether a mirror answers', () => {
    const dump = [
      'APT::Architecture "amd64";',
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::httpsomething "x";',
      'Acquire::Check-Valid-Until "false";',
      'Acquire::IndexTargets "";',
      'DPkg::Post-Invoke:: "rm -f /var/cache/apt/archives/*.deb";',
    ].join('\n');
    expect(aptConf(dump)).toBe(
      'Acquire::http::Proxy "http://proxy.example:3128";\nAcquire::Check-Valid-Until "false";\n',
    );
  });
});
