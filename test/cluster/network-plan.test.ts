import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlap, planNetwork, slots } from './network-plan.ts';

const free = { routes: [], takenSlots: [], mtu: 1400 };

describe('planNetwork', () => {
  it('takes the first block of a machine that uses none', () => {
    expect(planNetwork({ ...free, routes: ['192.0.2.0/24'] })).toEqual({
      slot: 0,
      hostLink: 'dbtj0',
      linkCidr: '10.197.0.0/30',
      hostAddress: '10.197.0.1',
      nodeAddress: '10.197.0.2',
      podCidr: '10.198.0.0/24',
      podGateway: '10.198.0.1',
      serviceCidr: '10.199.0.0/24',
      kubernetesAddress: '10.199.0.1',
      dnsAddress: '10.199.0.10',
      mtu: 1400,
    });
  });

  it('takes the next block beside another cluster and beside a route', () => {
    expect(planNetwork({ ...free, takenSlots: [0], routes: ['10.198.1.128/25'] }).slot).toBe(2);
  });

  it('leaves 10.0.0.0/8 to a company network that routes all of it', () => {
    const plan = planNetwork({ ...free, routes: ['10.0.0.0/8'], takenSlots: [0] });
    expect([plan.linkCidr, plan.podCidr, plan.serviceCidr, plan.dnsAddress]).toEqual([
      '198.18.1.0/30',
      '198.19.1.0/24',
      '198.18.129.0/24',
      '198.18.129.10',
    ]);
  });

  it('says what to do when nothing is free', () => {
    const takenSlots = Array.from({ length: slots }, (_, slot) => slot);
    expect(() => planNetwork({ ...free, takenSlots })).toThrow(/^No free addresses: .*\nTake a cluster down/);
  });

  it('never gives two clusters overlapping addresses, nor any that are routed', () => {
    const route = fc
      .tuple(fc.constantFrom(10, 172, 192, 198), fc.nat(255), fc.nat(255), fc.integer({ min: 8, max: 32 }))
      .map(([first, second, third, bits]) => `${first}.${second}.${third}.0/${bits}`);
    fc.assert(
      fc.property(fc.array(route, { maxLength: 4 }), (routes) => {
        // Nothing is free beside both of these; that case has its own test above.
        fc.pre(
          !(
            routes.some((one) => overlap(one, '10.197.0.0/16') || overlap(one, '10.198.0.0/15')) &&
            routes.some((one) => overlap(one, '198.18.0.0/15'))
          ),
        );
        const first = planNetwork({ ...free, routes });
        const second = planNetwork({ ...free, routes, takenSlots: [first.slot] });
        const [mine, theirs] = [first, second].map((plan) => [plan.linkCidr, plan.podCidr, plan.serviceCidr]);
        const pairs = [...mine!, ...theirs!].flatMap((one) => [
          ...routes.map((other) => [one, other] as const),
        ]);
        expect(pairs.filter(([one, other]) => overlap(one, other))).toEqual([]);
        expect(mine!.flatMap((one) => theirs!.filter((other) => overlap(one, other)))).toEqual([]);
      }),
    );
  });
});

it.each([
  ['10.0.0.0/8', '10.197.3.0/30', true],
  ['10.197.3.0/30', '10.197.3.2', true],
  ['10.197.3.0/30', '10.197.3.4/30', false],
  ['192.0.2.1/24', '192.0.2.200', true],
])('%s and %s overlap: %s', (one, other, expected) => {
  expect([overlap(one, other), overlap(other, one)]).toEqual([expected, expected]);
});
