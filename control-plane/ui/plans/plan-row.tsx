import { Link } from 'wouter';
import type { WirePlan } from '../../wire/plan.ts';
import type { ProjectRef } from '../api/paths.ts';
import { pages } from '../app/pages.ts';
import { Icon } from '../elements/icon.tsx';
import type { IconName } from '../elements/icon.tsx';
import { Moment } from '../elements/moment.tsx';
import { Commit, PlanImage } from '../elements/short-hash.tsx';
import { Cell, Row } from '../elements/table.tsx';
import { RollBack } from './roll-back.tsx';

interface PlanRowProps {
  readonly projectRef: ProjectRef;
  readonly plan: WirePlan;
  readonly mayPlan: boolean;
}

export function PlanRow({ projectRef, plan, mayPlan }: PlanRowProps) {
  const { id, phase, inForce, selectable, commit, image, createdAt, createdBy, message, run } = plan;
  const mayRollBack = mayPlan && phase === 'Promoted' && !inForce && selectable;
  return (
    <Row className={inForce ? 'plan-in-force' : ''}>
      <Cell>
        <PlanState plan={plan} />
      </Cell>
      <Cell className="wide">
        <div className="wrap-anywhere">
          {run === undefined ? id : <Link to={pages.run({ ...projectRef, run })}>{id}</Link>}
        </div>
        {message === undefined || phase === 'Promoted' ? null : (
          <div className="quiet small plan-message">{message}</div>
        )}
      </Cell>
      <Cell>
        <Commit commit={commit} />
      </Cell>
      <Cell className="plan-image">
        <PlanImage image={image} />
      </Cell>
      <Cell className="quiet">
        <Moment at={createdAt} />
        {createdBy === undefined ? null : (
          <div className="small clip" title={createdBy}>
            {createdBy}
          </div>
        )}
      </Cell>
      <Cell className="plan-actions">
        {mayRollBack ? <RollBack projectRef={projectRef} plan={plan} /> : null}
      </Cell>
    </Row>
  );
}

const states: Readonly<Record<WirePlan['phase'], readonly [IconName, string, string]>> = {
  Candidate: ['running', 'Being tried', 'status-running'],
  Promoted: ['done', 'Succeeded', 'status-queued'],
  Failed: ['failed', 'Failed', 'status-failed'],
};

function PlanState({ plan: { phase, inForce } }: { readonly plan: WirePlan }) {
  const [icon, word, className] = inForce
    ? (['succeeded', 'In force', 'status-succeeded'] as const)
    : states[phase];
  return (
    <span className={`status ${className}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
