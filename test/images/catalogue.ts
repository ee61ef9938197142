/** One image: where its Dockerfile and its files are, relative to the repository's root. */
export interface ImageDefinition {
  readonly name: string;
  /** Of no registry: the image is loaded into the node, not pulled. Without a tag, the key of its content becomes the tag. */
  readonly reference: string;
  /** A `<dockerfile>.dockerignore` beside it narrows the context. */
  readonly dockerfile: string;
  readonly context: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** In building order: the plan image first, since everything else can be prepared while dbt is tried. */
export const catalogue: readonly ImageDefinition[] = [
  {
    name: 'demo-plan-1',
    reference: 'dbt-jobs.local/demo-plan:1',
    dockerfile: 'examples/plan/Dockerfile',
    context: 'examples/project',
    buildArgs: { PLAN: '1' },
  },
  {
    name: 'demo-plan-2',
    reference: 'dbt-jobs.local/demo-plan:2',
    dockerfile: 'examples/plan/Dockerfile',
    context: 'examples/project',
    buildArgs: { PLAN: '2' },
  },
  {
    name: 'git-sync',
    reference: 'dbt-jobs.local/git-sync:v4',
    dockerfile: 'test/images/git-sync/Dockerfile',
    context: 'test/images/git-sync',
    buildArgs: {},
  },
  {
    name: 'git-server',
    reference: 'dbt-jobs.local/git-server:1',
    dockerfile: 'test/images/git-server/Dockerfile',
    context: 'test/images/git-server',
    buildArgs: {},
  },
  {
    name: 'postgres',
    reference: 'dbt-jobs.local/postgres:15',
    dockerfile: 'test/images/postgres/Dockerfile',
    context: 'test/images/postgres',
    buildArgs: {},
  },
  {
    name: 'dbt-jobs',
    reference: 'dbt-jobs.local/dbt-jobs',
    dockerfile: 'test/images/dbt-jobs/Dockerfile',
    context: '.',
    buildArgs: {},
  },
];

/**
 * The named images in catalogue order, all of them for no names.
 * @throws naming every unknown name at once
 */
export function selectImages(names: readonly string[]): readonly ImageDefinition[] {
  const unknown = names.filter((name) => !catalogue.some((image) => image.name === name));
  if (unknown.length > 0) {
    const known = catalogue.map((image) => image.name).join(', ');
    throw new Error(`no such image: ${unknown.join(', ')}\nChoose from ${known}.`);
  }
  return names.length === 0 ? catalogue : catalogue.filter((image) => names.includes(image.name));
}
