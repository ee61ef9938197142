import { dbtContainer, planImage } from '../../contract/names.ts';

interface Named {
  readonly name: string;
  readonly image?: string | null | undefined;
}

/** The container that runs dbt (C3): `told` is the value of its annotation. Undefined where nothing tells. */
export function chooseDbtContainer<T extends Named>(
  told: string | undefined,
  containers: readonly T[],
): T | undefined {
  const byName = (name: string | undefined) => containers.find((container) => container.name === name);
  const ofPlan = containers.filter(({ image }) => image === planImage);
  const only = (list: readonly T[]) => (list.length === 1 ? list[0] : undefined);
  return byName(told) ?? only(ofPlan) ?? byName(dbtContainer) ?? only(containers);
}
