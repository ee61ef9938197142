import { annotations, containers, denialBytes, labels, planImage, reservedVolumePrefix } from './names.ts';

/**
 * Every text that a denial or a warning may contain, in the order in which they are told. The engines need only know
 * that there are any; policies/backstop says the same words in CEL, and a test on a real API server compares them.
 */
export const problems = {
  restartPolicy: () => 'spec.restartPolicy is "Always": a run ends, so write "Never" or "OnFailure"',
  windows: () => 'the pod asks for Windows, but dbt runs on Linux nodes: remove spec.os or the node selector',
  hostNamespaces: (fields: readonly string[]) =>
    `host namespaces are not allowed: remove ${fields.map((field) => `spec.${field}`).join(', ')}`,
  containerUnknown: (asked: string, names: readonly string[]) =>
    `metadata.annotations["${annotations.container}"] is ${shown(asked)}, but the containers are ${names.join(', ')}: name one of them`,
  containerAmbiguous: (names: readonly string[]) =>
    `cannot tell which of the containers ${names.join(', ')} runs dbt: write image "${planImage}" in one of them, or name it in the annotation ${annotations.container}`,
  noPlan: () => 'there is no plan in force: make one with "kubectl dbt plan", then create the pod again',
  planUnknown: (asked: string, inForce: string | undefined) =>
    `metadata.labels["${labels.plan}"] is ${shown(asked)}, which is not in status.plans: ${instead(inForce)}`,
  planFailed: (asked: string, inForce: string | undefined) =>
    `metadata.labels["${labels.plan}"] is ${shown(asked)}, a plan that failed: ${instead(inForce)}`,
  image: (container: string, image: string, plan: { readonly id: string; readonly image: string }) =>
    `spec.containers["${container}"].image is ${shown(image)}: write "${planImage}", or the image of plan "${plan.id}", "${plan.image}"`,
  planImageElsewhere: (names: readonly string[], container: string) =>
    `"${planImage}" is the image of the dbt container "${container}" only: give ${names.join(', ')} an image of their own`,
  reservedContainers: (names: readonly string[]) =>
    `the container names ${names.join(', ')} are reserved for init containers of dbt Jobs: rename them`,
  outdatedCopy: (plan: { readonly id: string; readonly commit: string }) =>
    `spec.initContainers["${containers.gitSync}"] is a copy for another commit than ${plan.commit} of plan "${plan.id}": remove it, it is injected anew`,
  reservedInitContainers: (names: readonly string[]) =>
    `the init containers ${names.join(', ')} are reserved and not what the project defines: remove them, they are injected anew; if another webhook changes them, have it skip them`,
  reservedVolumes: (names: readonly string[]) =>
    `volume names that begin with "${reservedVolumePrefix}" are reserved: remove or rename ${names.join(', ')}`,
  reservedMounts: (names: readonly string[]) =>
    `volumes named "${reservedVolumePrefix}…" and paths under /dbt-jobs/ are reserved: mount something else, elsewhere, in ${names.join(', ')}`,
  projectLabelDiffers: (job: string, template: string) =>
    `metadata.labels["${labels.project}"] is ${shown(job)}, but the pod template has ${shown(template)}: write the same in both`,
  notInjected: (missing: readonly string[]) =>
    `not injected (${missing.join(', ')}): no engine changed this pod as the project says; if the plan or the project has just changed, create the pod again, else tell the platform team`,
  unknownProject: () =>
    `there is no such project, or the engine of this namespace is not installed: create the project, or correct the label ${labels.project}; if it was made just now, try again`,
  noEngine: () =>
    `not injected: no engine is in charge of this namespace; the platform team sets its label ${labels.engine}`,
} as const;

/** What is only warned of (C21). */
export const warnings = {
  token: (container: string) =>
    `dbt-jobs: container "${container}" gets a service-account token; set automountServiceAccountToken: false`,
  startingDeadline: () =>
    'dbt-jobs: spec.startingDeadlineSeconds is not set; after 100 missed starts the CronJob would never start again',
} as const;

/** What an engine itself denies with (C26). */
export function lookupFailed(project: string, cause: string): string {
  return `dbt-jobs: DbtProject "${project}" could not be read: ${cause}; try again`;
}

/** One line, at most 5,000 bytes: all of it is ASCII but for the ellipsis. */
export function denial(project: string, namespace: string, found: readonly string[]): string {
  const listed = found.map((problem, index) => `(${index + 1}) ${problem}`).join('; ');
  const text = `dbt-jobs: ${found.length} problem(s) with DbtProject "${project}" in namespace "${namespace}": ${listed}`;
  return text.length > denialBytes - 100 ? `${text.slice(0, denialBytes - 100)} …` : text;
}

/** A user's value is quoted only where no character of it could be taken for ours, or for a template. */
export function shown(value: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$/.test(value)
    ? `"${value}"`
    : '(a value that cannot be shown)';
}

function instead(inForce: string | undefined): string {
  return inForce === undefined
    ? 'make a plan with "kubectl dbt plan"'
    : `remove the label to run the plan in force, "${inForce}"`;
}
