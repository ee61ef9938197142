import { Suspense, lazy } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { useAnnouncement } from '../elements/announce.ts';
import { Skeleton } from '../elements/skeleton.tsx';
import { OrganizationsPage } from '../projects/organizations-page.tsx';
import { ProjectsPage } from '../projects/projects-page.tsx';
import { ProjectPage, projectTabs } from '../projects/project-page.tsx';
import { SignInPage } from '../sign-in/sign-in-page.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { HealthBanner } from './health-banner.tsx';
import { NotFound } from './not-found.tsx';
import { TopBar } from './top-bar.tsx';

const JobPage = lazy(async () => ({ default: (await import('../jobs/job-page.tsx')).JobPage }));
const NewJobPage = lazy(async () => ({ default: (await import('../job-form/new-job-page.tsx')).NewJobPage }));
const EditJobPage = lazy(async () => ({
  default: (await import('../job-form/edit-job-page.tsx')).EditJobPage,
}));
const RunPage = lazy(async () => ({ default: (await import('../run/run-page.tsx')).RunPage }));
const SlackPage = lazy(async () => ({ default: (await import('../slack/slack-page.tsx')).SlackPage }));

export function App() {
  const [location] = useLocation();
  if (location === '/sign-in') return <SignInPage />;
  return (
    <>
      <TopBar />
      <HealthBanner />
      <ErrorBoundary place={location}>
        <Suspense fallback={<Waiting />}>
          <Pages />
        </Suspense>
      </ErrorBoundary>
      <Announcement />
    </>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/">{() => <OrganizationsPage />}</Route>
      <Route path="/:org/settings/integrations/slack">{({ org }) => <SlackPage org={org} />}</Route>
      <Route path="/:org/:project/jobs/new">{(ref) => <NewJobPage projectRef={ref} />}</Route>
      <Route path="/:org/:project/jobs/:job/edit">
        {(ref) => <EditJobPage key={ref.job} jobRef={ref} />}
      </Route>
      <Route path="/:org/:project/jobs/:job">{(ref) => <JobPage key={ref.job} jobRef={ref} />}</Route>
      <Route path="/:org/:project/runs/:run/:tab?">
        {({ tab, ...ref }) => <RunPage key={ref.run} runRef={ref} tab={tab ?? 'log'} />}
      </Route>
      <Route path="/:org/:project/:tab?">
        {({ tab = 'jobs', ...ref }) =>
          projectTabs.includes(tab) ? <ProjectPage projectRef={ref} tab={tab} /> : <NotFound />
        }
      </Route>
      <Route path="/:org">{({ org }) => <ProjectsPage org={org} />}</Route>
      <Route>{() => <NotFound />}</Route>
    </Switch>
  );
}

function Waiting() {
  return (
    <main className="page page-list">
      <Skeleton lines={8} />
    </main>
  );
}

function Announcement() {
  return (
    <div className="unseen" role="status">
      {useAnnouncement()}
    </div>
  );
}
