import { useQuery } from '@tanstack/react-query';
import type { WirePlan } from '../../wire/plan.ts';
import type { ProjectRef } from '../api/paths.ts';
import { plansQuery } from '../api/queries.ts';
import { Answer } from '../elements/answer.tsx';
import { Empty } from '../elements/empty.tsx';
import { Table } from '../elements/table.tsx';
import { useMay } from '../projects/use-may.ts';
import { NewPlan } from './new-plan.tsx';
import { PlanRow } from './plan-row.tsx';
import './plans-tab.css';

const columns = [
  { label: 'State' },
  { label: 'Plan' },
  { label: 'Commit' },
  { label: 'Image' },
  { label: 'Made' },
  { label: 'What can be done', quiet: true },
] as const;

export function PlansTab({ projectRef }: { readonly projectRef: ProjectRef }) {
  const query = useQuery(plansQuery(projectRef));
  const may = useMay(projectRef.org);
  return (
    <div className="stack">
      <div className="row spread">
        <p className="quiet plans-lead">
          A plan is an image and the commit it was built from. It is tried first; the last one that succeeded
          is in force, and every run uses it.
        </p>
        {may.plan ? <NewPlan projectRef={projectRef} /> : null}
      </div>
      <Answer query={query}>
        {(plans) => <Plans projectRef={projectRef} plans={plans} mayPlan={may.plan} />}
      </Answer>
    </div>
  );
}

interface PlansProps {
  readonly projectRef: ProjectRef;
  readonly plans: readonly WirePlan[];
  readonly mayPlan: boolean;
}

function Plans({ projectRef, plans, mayPlan }: PlansProps) {
  if (plans.length === 0) {
    return (
      <Empty title="No plan yet">
        Runs of this project are denied until one has succeeded. Your pipeline makes one after it has built
        and pushed the image:{' '}
        <code className="wrap-anywhere">
          kubectl dbt plan {projectRef.project} -n {projectRef.org} --image … --commit …
        </code>
      </Empty>
    );
  }
  return (
    <Table caption="Plans, the newest first" name="plans" columns={columns}>
      {plans.map((plan) => (
        <PlanRow key={plan.id} projectRef={projectRef} plan={plan} mayPlan={mayPlan} />
      ))}
    </Table>
  );
}
