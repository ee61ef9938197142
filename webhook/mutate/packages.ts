import type { DbtProject, Plan } from '../../contract/dbt-project.ts';
import { containers, paths } from '../../contract/names.ts';
import { projectFolder } from './injection.ts';
import type { Container, EnvVar, PodSecurityContext } from './pod.ts';
import { postureEnvironment, setsNoUser } from './posture.ts';
import { projectResources } from './resources.ts';
import { packagesMounts } from './volumes.ts';

/**
 * A second init container gives dbt its packages: a link to a folder of the plan's image, or `dbt deps`. It never gets
 * the credentials of the warehouse: `dbt deps` runs code of strangers. init-containers.ts says where it stands.
 *
 * Sets: nothing by itself.
 * Leaves alone when: spec.packages.from is "none".
 * Clause: C7, C16, and "dbt-jobs-packages" under C19.
 */
export function packagesContainer(
  project: DbtProject,
  plan: Plan,
  podSecurity: PodSecurityContext | undefined,
): Container | undefined {
  const command = packagesCommand(project);
  if (command === undefined) return undefined;
  const { imagePullPolicy, runAsUser } = project.spec;
  return {
    name: containers.packages,
    image: plan.image,
    imagePullPolicy,
    command,
    workingDir: projectFolder(project),
    env: packagesEnvironment(project),
    resources: projectResources(project),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      seccompProfile: { type: 'RuntimeDefault' },
      ...(setsNoUser(podSecurity) ? { runAsNonRoot: true, runAsUser } : {}),
    },
    volumeMounts: packagesMounts(project),
  };
}

function packagesCommand({ spec }: DbtProject): readonly string[] | undefined {
  const { from, path } = spec.packages;
  switch (from) {
    case 'none':
      return undefined;
    case 'install':
      return ['dbt', 'deps'];
    case 'image':
      // The CRD requires the path; without it there is nothing to link.
      return path === undefined ? undefined : ['ln', '-sfn', path, 'dbt_packages'];
  }
}

function packagesEnvironment(project: DbtProject): readonly EnvVar[] {
  const { packages, repository, environment } = project.spec;
  const ca =
    packages.from === 'install' && repository.caBundle !== undefined
      ? [{ name: 'GIT_SSL_CAINFO', value: paths.caFile }]
      : [];
  return [...postureEnvironment(project), ...ca, ...environment];
}
