import { z } from 'zod';
import { annotations, dbtContainer, labels, planImage } from './names.ts';

const strings = z.record(z.string(), z.string());
const metadata = z.looseObject({
  labels: strings.nullish(),
  annotations: strings.nullish(),
});
const words = z.array(z.string()).nullish();
const container = z.looseObject({
  name: z.string(),
  image: z.string().nullish(),
  command: words,
  args: words,
});
const podTemplate = z.looseObject({
  metadata: metadata.nullish(),
  spec: z.looseObject({ containers: z.array(container) }),
});

/** What a run is made from: `spec.jobTemplate` of a CronJob, or a Job. Whatever else is in it stays. */
export const runTemplate = z.looseObject({
  metadata: metadata.nullish(),
  spec: z.looseObject({ template: podTemplate }),
});

export type RunTemplate = z.output<typeof runTemplate>;
type Container = z.output<typeof container>;

/** The container that runs dbt (C3); undefined where nothing tells. */
export function dbtContainerOf({ spec: { template } }: RunTemplate): Container | undefined {
  const { containers } = template.spec;
  const told = template.metadata?.annotations?.[annotations.container];
  const byName = (name: string | undefined) => containers.find((one) => one.name === name);
  const ofPlan = containers.filter(({ image }) => image === planImage);
  const only = (list: readonly Container[]) => (list.length === 1 ? list[0] : undefined);
  return byName(told) ?? only(ofPlan) ?? byName(dbtContainer) ?? only(containers);
}

/** The project label of a run (C1): the pod template's. */
export function projectOf({ spec: { template } }: RunTemplate): string | undefined {
  return template.metadata?.labels?.[labels.project];
}

/** The plan that it is pinned to (C4). */
export function planOf({ spec: { template } }: RunTemplate): string | undefined {
  return template.metadata?.labels?.[labels.plan];
}

/** What the dbt container is told to run; empty where the image decides. */
export function wordsOf(template: RunTemplate): readonly string[] {
  const dbt = dbtContainerOf(template);
  return [...(dbt?.command ?? []), ...(dbt?.args ?? [])];
}

/** The template with other words in its dbt container: as `command` where it has one, else as `args` of the image's own. */
export function withWords(template: RunTemplate, wanted: readonly string[]): RunTemplate {
  const dbt = dbtContainerOf(template);
  const containers = template.spec.template.spec.containers.map((one) => {
    if (one !== dbt) return one;
    const ofImage = one.command === undefined || one.command === null;
    return { ...one, ...(ofImage ? { args: [...wanted] } : { command: [...wanted], args: null }) };
  });
  const { spec } = template;
  const pod = { ...spec.template, spec: { ...spec.template.spec, containers } };
  return { ...template, spec: { ...spec, template: pod } };
}
