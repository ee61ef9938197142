import type { DbtProject } from '../contract/dbt-project.ts';
import type { WatchEvent } from './cache.ts';
import type { LimitRange, ResourceQuota } from './kube/limits.ts';
import type { Metrics } from './metrics.ts';
import { createNamespaced } from './namespaced.ts';
import { type PlansShell, reconcilePlans } from './plans.ts';
import { StatusForbidden } from './project-status.ts';
import { reconcileReady } from './ready.ts';
import type { Parts } from './watcher.ts';

export interface ProjectsParts extends Pick<Parts, 'projects' | 'queue' | 'sources' | 'watches'> {
  readonly shell: Omit<PlansShell, 'onPlanEnded'>;
  readonly metrics: Pick<Metrics, 'onPlanEnded'>;
}

/** Tries plans and keeps Ready. The answer is to be called when the Job of a plan has changed. */
export function watchProjects(
  parts: ProjectsParts,
  onProjectGone: (namespace: string) => void,
): (namespace: string, project: string) => void {
  const { metrics, projects, sources, watches, shell } = parts;
  const limitRanges = createNamespaced<LimitRange>();
  const quotas = createNamespaced<ResourceQuota>();
  const readyShell = {
    ...shell,
    limitRanges: (of: string) => limitRanges.in(of),
    quotas: (of: string) => quotas.in(of),
  };
  const onPlanEnded = (project: DbtProject, phase: 'Promoted' | 'Failed') =>
    metrics.onPlanEnded(project.metadata.namespace, project.metadata.name, phase);
  const asks = createAsks(parts, async (namespace, name) => {
    // Ready first and last: it says that a plan is being tried, also where that cannot be begun.
    await reconcileReady(readyShell, namespace, name);
    await reconcilePlans({ ...shell, onPlanEnded }, namespace, name);
    await reconcileReady(readyShell, namespace, name);
  });
  const askAll = (namespace: string) => {
    for (const { metadata } of projects.in(namespace)) asks.ask(namespace, metadata.name);
  };
  const onProject = (event: WatchEvent<DbtProject>) => {
    const { namespace, name } = event.object.metadata;
    projects.on(event);
    asks.askAnew(namespace, name);
    if (event.type === 'gone') onProjectGone(namespace);
  };
  watches.start(sources.projects, onProject, () => asks.askRefused());
  watches.start(sources.limitRanges, (event) => {
    limitRanges.on(event);
    askAll(event.object.metadata.namespace);
  });
  watches.start(sources.quotas, (event) => {
    quotas.on(event);
    askAll(event.object.metadata.namespace);
  });
  return (namespace, name) => asks.ask(namespace, name);
}

interface Asks {
  /** Nothing comes of it for a project whose status may not be written. */
  ask(namespace: string, name: string): void;
  /** The project has changed: whether its status may be written is seen again. */
  askAnew(namespace: string, name: string): void;
  /** Asks for every project whose status could not be written: the permission may have come meanwhile. */
  askRefused(): void;
}

/** Where the status may not be written, an installation that writes elsewhere says so once for each namespace. */
function createAsks(
  { shell, queue, sources }: ProjectsParts,
  reconcile: (namespace: string, name: string) => Promise<void>,
): Asks {
  const refused = new Set<string>();
  const told = new Set<string>();
  const needed = [sources.projects, sources.limitRanges, sources.quotas];
  const work = queue('projects', needed, async (key) => {
    const [namespace = '', name = ''] = key.split('/');
    try {
      await reconcile(namespace, name);
    } catch (error) {
      if (!(error instanceof StatusForbidden)) throw error;
      refused.add(key);
      if (told.has(namespace)) return undefined;
      told.add(namespace);
      shell.log.info(
        { namespace },
        'May not write here: projects of the namespace get neither Ready nor plans until it is one of the organizations',
      );
    }
    return undefined;
  });
  const askAnew = (key: string) => {
    refused.delete(key);
    work.add(key);
  };
  return {
    ask(namespace, name) {
      const key = `${namespace}/${name}`;
      if (!refused.has(key)) work.add(key);
    },
    askAnew: (namespace, name) => askAnew(`${namespace}/${name}`),
    askRefused: () => [...refused].forEach(askAnew),
  };
}
