import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { WireProject } from '../../wire/project.ts';
import { organizationsQuery, projectsQuery } from '../api/queries.ts';
import { pages } from '../app/pages.ts';
import { Answer } from '../elements/answer.tsx';
import { ButtonLink } from '../elements/button.tsx';
import { Empty } from '../elements/empty.tsx';
import { Moment } from '../elements/moment.tsx';
import { Page } from '../elements/page.tsx';
import { Status } from '../elements/status.tsx';
import { Cell, Row, Table } from '../elements/table.tsx';
import { statusOf } from '../words/run-status.ts';
import { counted, shortCommit } from '../words/short.ts';
import './projects-page.css';

const columns = [
  { label: 'Project' },
  { label: 'Plan in force' },
  { label: 'Jobs' },
  { label: 'Last run' },
  { label: 'Next run' },
] as const;

export function ProjectsPage({ org }: { readonly org: string }) {
  const organizations = useQuery(organizationsQuery);
  const query = useQuery(projectsQuery(org));
  const several = (organizations.data?.length ?? 0) > 1;
  return (
    <Page
      title={org}
      {...(several ? { trail: [{ label: 'Organizations', to: pages.organizations() }] } : {})}
      actions={<ButtonLink to={pages.slack(org)}>Settings</ButtonLink>}
    >
      <Answer query={query}>{(projects) => <Projects org={org} projects={projects} />}</Answer>
    </Page>
  );
}

function Projects({ org, projects }: { readonly org: string; readonly projects: readonly WireProject[] }) {
  if (projects.length === 0) {
    return (
      <Empty title="No project yet">
        A project says where its repository is, which Secrets it needs and how much memory. Create a
        DbtProject in the namespace {org}: <code>kubectl apply -f dbtproject.yaml</code>.
      </Empty>
    );
  }
  return (
    <Table caption={`Projects of ${org}`} name="projects" columns={columns}>
      {projects.map((project) => (
        <ProjectRow key={project.name} org={org} project={project} />
      ))}
    </Table>
  );
}

function ProjectRow({ org, project }: { readonly org: string; readonly project: WireProject }) {
  const { name, repository, inForce, lastRun, nextRunAt } = project;
  return (
    <Row className="linked">
      <Cell className="wide">
        <Link to={pages.jobs({ org, project: name })} className="row-link wrap-anywhere">
          {name}
        </Link>
        <div className="quiet small clip" title={repository}>
          {repository}
        </div>
      </Cell>
      <Cell className="wide">
        {inForce === undefined ? (
          <span className="status status-failed">None yet</span>
        ) : (
          <PlanInForce plan={inForce} />
        )}
      </Cell>
      <Cell>
        <JobCounts project={project} />
      </Cell>
      <Cell>
        {lastRun === undefined ? <span className="quiet">No run yet</span> : <LastRun run={lastRun} />}
      </Cell>
      <Cell className="quiet">{nextRunAt === undefined ? 'Not scheduled' : <Moment at={nextRunAt} />}</Cell>
    </Row>
  );
}

function PlanInForce({ plan }: { readonly plan: NonNullable<WireProject['inForce']> }) {
  return (
    <>
      <code>{shortCommit(plan.commit)}</code>{' '}
      <span className="quiet">
        <Moment at={plan.createdAt} />
      </span>
    </>
  );
}

function JobCounts({ project }: { readonly project: WireProject }) {
  return (
    <>
      {counted(project.jobs, 'job')}
      {project.failingJobs === 0 ? null : (
        <div className="small status-failed">{project.failingJobs} failing</div>
      )}
    </>
  );
}

function LastRun({ run }: { readonly run: NonNullable<WireProject['lastRun']> }) {
  const ended = run.endedAt !== undefined;
  return (
    <span className="row">
      <Status status={statusOf({ phase: ended ? 'ended' : 'running', result: run.result })} />
      {run.endedAt === undefined ? null : (
        <span className="quiet">
          <Moment at={run.endedAt} />
        </span>
      )}
    </span>
  );
}
