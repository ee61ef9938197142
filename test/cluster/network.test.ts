import { expect, it } from 'vitest';
import { upstreamNameServers } from './network.ts';

it.each([
  [
    'what is reachable',
    'search lan\nnameserver 192.0.2.53\nnameserver 192.0.2.54\n',
    ['192.0.2.53', '192.0.2.54'],
  ],
  ['no loopback resolver', 'nameserver 127.0.0.53\noptions edns0\n', []],
  ['no comment, no IPv6', '# nameserver 192.0.2.1\nnameserver fd00::53\n', []],
])('forwards DNS to %s', (_name, resolvConf, expected) => {
  expect(upstreamNameServers(resolvConf)).toEqual(expected);
});
