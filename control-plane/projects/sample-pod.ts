import { dump } from 'js-yaml';
import { withoutServerDefaults } from '../../contract/server-defaults.ts';
import { newCronJob } from '../jobs/manifest.ts';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { objectPath } from '../kube/path.ts';
import { jobSettings } from '../wire/job.ts';
import type { ProjectConfiguration } from '../wire/project.ts';

const settings = jobSettings.parse({ command: 'build', schedule: { cron: '0 6 * * *', timeZone: 'UTC' } });

/**
 * The pod of a job that is made here, as it is written and as the cluster admits it: a dry run by the user, true for every
 * engine. What the API server itself fills in is left out. Throws KubeError where there is no answer.
 */
export async function samplePod(
  asUser: KubeClient,
  namespace: string,
  project: string,
): Promise<ProjectConfiguration['pod']> {
  const { metadata, spec } = newCronJob({ namespace, name: 'sample', project, settings }).spec.jobTemplate
    .spec.template;
  const before = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: `${project}-`, namespace, ...metadata },
    spec,
  };
  try {
    const path = objectPath('pods', namespace);
    const query = { dryRun: 'All', fieldManager: 'dbt-jobs-control-plane' };
    const after = await asUser.request({ method: 'POST', path, query, body: before });
    return { before: yamlOf(before), after: yamlOf(withoutServerDefaults(before, after)) };
  } catch (error) {
    // Denied, by admission or because this user may create no pods: the API server says which.
    if (error instanceof KubeError && error.status >= 400 && error.status < 500)
      return { problem: error.message };
    throw error;
  }
}

function yamlOf(pod: unknown): string {
  return dump(pod, { lineWidth: 120, noRefs: true });
}
