export interface ZoneGroup {
  readonly region: string;
  readonly zones: readonly { readonly name: string; readonly place: string }[];
}

/** The zones of the tz database by region, as a person looks for them: UTC first, then the place under its region. */
export function zoneGroups(zones: readonly string[]): readonly ZoneGroup[] {
  const inRegions = zones.filter((zone) => zone.includes('/'));
  const groups = Map.groupBy(inRegions, (zone) => zone.slice(0, zone.indexOf('/')));
  return [
    { region: 'Everywhere', zones: [{ name: 'UTC', place: 'UTC' }] },
    ...[...groups].map(([region, of]) => ({
      region,
      zones: of.map((name) => ({ name, place: name.slice(region.length + 1).replaceAll('_', ' ') })),
    })),
  ];
}
