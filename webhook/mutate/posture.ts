import type { DbtProject } from '../../contract/dbt-project.ts';
import { environment } from '../../contract/names.ts';
import { keyEnvironment } from './credentials.ts';
import type { Injection } from './injection.ts';
import { changeDbtContainer } from './injection.ts';
import type { EnvVar, Pod, PodSecurityContext, SecurityContext } from './pod.ts';

/**
 * The dbt container logs in JSON, writes where it may, has the project's environment, and passes Pod Security
 * "restricted".
 *
 * Sets: spec.containers[dbt].env, .securityContext; spec.securityContext.fsGroup.
 * Leaves alone when: the user's env has the name; the user's securityContext has the field. runAsNonRoot and runAsUser
 *   go together, and only where neither container nor pod sets either; seccompProfile where the pod sets none either;
 *   allowPrivilegeEscalation where the container asks for privileges that contradict it.
 * Clause: C16.
 */
export function mutatePosture(pod: Pod, injection: Injection): Pod {
  const podSecurity = pod.spec.securityContext;
  const { project } = injection;
  const changed = changeDbtContainer(pod, injection, (container) => ({
    ...container,
    env: withProjectEnvironment(container.env ?? [], project),
    securityContext: restricted(container.securityContext ?? {}, podSecurity, project.spec.runAsUser),
  }));
  if (podSecurity?.fsGroup !== undefined) return changed;
  // Without a group of its own a non-root container cannot read a Secret of mode 0440.
  const securityContext = { ...podSecurity, fsGroup: project.spec.runAsUser };
  return { ...changed, spec: { ...changed.spec, securityContext } };
}

/** What the dbt and packages containers both have, before anything of the project's. */
export function postureEnvironment({ spec }: DbtProject): readonly EnvVar[] {
  const { logFormat, useColors, targetPath, logPath, profilesDir } = environment;
  const always = [logFormat, useColors, targetPath, logPath];
  return spec.profiles === undefined ? always : [...always, profilesDir];
}

export function setsNoUser(security: PodSecurityContext | SecurityContext | undefined): boolean {
  return security?.runAsNonRoot === undefined && security?.runAsUser === undefined;
}

function withProjectEnvironment(own: readonly EnvVar[], project: DbtProject): readonly EnvVar[] {
  const taken = new Set(own.map(({ name }) => name));
  const ours = [...postureEnvironment(project), ...keyEnvironment(project), ...project.spec.environment];
  return [...ours.filter(({ name }) => !taken.has(name)), ...own];
}

function restricted(
  own: SecurityContext,
  podSecurity: PodSecurityContext | undefined,
  runAsUser: number,
): SecurityContext {
  const noUser = setsNoUser(own) && setsNoUser(podSecurity);
  const noSeccomp = own.seccompProfile === undefined && podSecurity?.seccompProfile === undefined;
  return {
    ...(escalates(own) ? {} : { allowPrivilegeEscalation: false }),
    ...own,
    capabilities: { drop: ['ALL'], ...own.capabilities },
    ...(noSeccomp ? { seccompProfile: { type: 'RuntimeDefault' } } : {}),
    ...(noUser ? { runAsNonRoot: true, runAsUser } : {}),
  };
}

/** The API server refuses `allowPrivilegeEscalation: false` beside these. */
function escalates({ privileged, capabilities }: SecurityContext): boolean {
  return privileged === true || capabilities?.add?.includes('CAP_SYS_ADMIN') === true;
}
