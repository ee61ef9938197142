import { Link } from 'wouter';
import type { WirePlan } from '../../wire/plan.ts';
import type { WireProject } from '../../wire/project.ts';
import type { ProjectRef } from '../api/paths.ts';
import { pages } from '../app/pages.ts';
import { Moment } from '../elements/moment.tsx';
import { Notice } from '../elements/notice.tsx';
import { shortCommit } from '../words/short.ts';

interface ProjectNoticesProps {
  readonly projectRef: ProjectRef;
  readonly project: WireProject;
}

/** What every tab of a project should know: that it is not ready, and that newer code waits. */
export function ProjectNotices({ projectRef, project: { ready, inForce, newer } }: ProjectNoticesProps) {
  return (
    <>
      {ready === undefined || ready.status === 'True' ? null : (
        <Notice kind="warned" title="The project is not ready: runs will fail or be denied.">
          {ready.message} <Link to={pages.configuration(projectRef)}>Configuration</Link>
        </Notice>
      )}
      {newer === undefined ? null : <NewerCode projectRef={projectRef} newer={newer} inForce={inForce} />}
    </>
  );
}

interface NewerCodeProps {
  readonly projectRef: ProjectRef;
  readonly newer: WirePlan;
  readonly inForce: WirePlan | undefined;
}

export function NewerCode({ projectRef, newer, inForce }: NewerCodeProps) {
  const failed = newer.phase === 'Failed';
  return (
    <Notice
      kind={failed ? 'warned' : 'told'}
      title={
        <>
          {failed
            ? 'Newer code does not run: its plan failed.'
            : 'Newer code waits for its plan to be tried.'}{' '}
          <Link to={pages.plans(projectRef)}>Plans</Link>
        </>
      }
    >
      Commit <code>{shortCommit(newer.commit)}</code>, planned <Moment at={newer.createdAt} />.{' '}
      {inForce === undefined ? null : (
        <>
          Runs use commit <code>{shortCommit(inForce.commit)}</code>, planned{' '}
          <Moment at={inForce.createdAt} />.
        </>
      )}
    </Notice>
  );
}
