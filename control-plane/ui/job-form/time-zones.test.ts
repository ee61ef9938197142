import { expect, it } from 'vitest';
import { zoneGroups } from './time-zones.ts';

it('puts UTC first and places under their regions', () =>
  expect(zoneGroups(['America/Argentina/Buenos_Aires', 'Europe/Berlin', 'UTC'])).toEqual([
    { region: 'Everywhere', zones: [{ name: 'UTC', place: 'UTC' }] },
    {
      region: 'America',
      zones: [{ name: 'America/Argentina/Buenos_Aires', place: 'Argentina/Buenos Aires' }],
    },
    { region: 'Europe', zones: [{ name: 'Europe/Berlin', place: 'Berlin' }] },
  ]));
