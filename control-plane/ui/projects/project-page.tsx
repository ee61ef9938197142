import { Suspense, lazy } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { ProjectRef } from '../api/paths.ts';
import { projectQuery } from '../api/queries.ts';
import { isRefusal } from '../api/refusal.ts';
import { pages } from '../app/pages.ts';
import { Page } from '../elements/page.tsx';
import { Skeleton } from '../elements/skeleton.tsx';
import { TabNav } from '../elements/tab-nav.tsx';
import { TroubleNotice } from '../elements/trouble.tsx';
import { JobsTab } from '../jobs/jobs-tab.tsx';
import { ProjectNotices } from './project-notices.tsx';

const RunsTab = lazy(async () => ({ default: (await import('../runs/runs-tab.tsx')).RunsTab }));
const PlansTab = lazy(async () => ({ default: (await import('../plans/plans-tab.tsx')).PlansTab }));
const ConfigurationTab = lazy(async () => ({
  default: (await import('../configuration/configuration-tab.tsx')).ConfigurationTab,
}));

export const projectTabs: readonly string[] = ['jobs', 'runs', 'plans', 'configuration'];

interface ProjectPageProps {
  readonly projectRef: ProjectRef;
  readonly tab: string;
}

export function ProjectPage({ projectRef: { org, project }, tab }: ProjectPageProps) {
  const ref = { org, project };
  const query = useQuery(projectQuery(ref));
  const { [tab]: label = 'Jobs' } = labels;
  return (
    <Page
      title={project}
      windowTitle={`${label} · ${project}`}
      trail={[{ label: org, to: pages.projects(org) }]}
    >
      {isRefusal(query.error, 404) && query.data === undefined ? (
        <TroubleNotice error={query.error} />
      ) : (
        <>
          {query.data === undefined ? null : <ProjectNotices projectRef={ref} project={query.data} />}
          <TabNav label="Project" tabs={tabsOf(ref)} />
          <Suspense fallback={<Skeleton lines={6} />}>
            <TabContent projectRef={ref} tab={tab} />
          </Suspense>
        </>
      )}
    </Page>
  );
}

const labels: Readonly<Record<string, string>> = {
  jobs: 'Jobs',
  runs: 'Runs',
  plans: 'Plans',
  configuration: 'Configuration',
};

function tabsOf(ref: ProjectRef) {
  return [
    { label: 'Jobs', to: pages.jobs(ref) },
    { label: 'Runs', to: pages.runs(ref) },
    { label: 'Plans', to: pages.plans(ref) },
    { label: 'Configuration', to: pages.configuration(ref) },
  ];
}

function TabContent({ projectRef, tab }: ProjectPageProps) {
  switch (tab) {
    case 'runs':
      return <RunsTab projectRef={projectRef} />;
    case 'plans':
      return <PlansTab projectRef={projectRef} />;
    case 'configuration':
      return <ConfigurationTab projectRef={projectRef} />;
    default:
      return <JobsTab projectRef={projectRef} />;
  }
}
