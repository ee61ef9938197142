import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { newPlan, plan as planSchema } from '../../wire/plan.ts';
import type { NewPlan as WireNewPlan } from '../../wire/plan.ts';
import { fieldErrors } from '../api/field-errors.ts';
import { projectPath } from '../api/paths.ts';
import type { ProjectRef } from '../api/paths.ts';
import { plansQuery } from '../api/queries.ts';
import { request } from '../api/request.ts';
import { Button } from '../elements/button.tsx';
import { Confirm } from '../elements/confirm.tsx';
import { TextField } from '../elements/text-field.tsx';

/** A plan by hand; a pipeline makes them else. */
export function NewPlan({ projectRef }: { readonly projectRef: ProjectRef }) {
  const [wanted, setWanted] = useState<WireNewPlan>({ commit: '', image: '' });
  const make = useMakePlan(projectRef);
  const parsed = newPlan.safeParse({ commit: wanted.commit.trim(), image: wanted.image.trim() });
  return (
    <Confirm
      trigger={<Button>Make a plan</Button>}
      title="Make a plan"
      action="Try it"
      kind="primary"
      pending={make.isPending}
      error={make.error}
      disabled={!parsed.success}
      onConfirm={(close) => parsed.success && make.mutate(parsed.data, { onSuccess: close })}
    >
      <p className="quiet">
        It is tried with dbt parse and a connection to the warehouse, and in force once that has succeeded.
      </p>
      <PlanFields wanted={wanted} onChange={setWanted} errors={fieldErrors(make.error)} />
    </Confirm>
  );
}

interface PlanFieldsProps {
  readonly wanted: WireNewPlan;
  readonly onChange: (wanted: WireNewPlan) => void;
  readonly errors: Readonly<Record<string, string>>;
}

function PlanFields({ wanted, onChange, errors }: PlanFieldsProps) {
  const [left, setLeft] = useState(false);
  const whole = newPlan.shape.commit.safeParse(wanted.commit.trim());
  const told = left && wanted.commit !== '' && !whole.success ? whole.error.issues[0]?.message : undefined;
  return (
    <>
      <TextField
        label="Commit"
        mono
        value={wanted.commit}
        onChange={(commit) => onChange({ ...wanted, commit })}
        onBlur={() => setLeft(true)}
        error={told ?? errors['commit']}
        description="The whole hash of the commit that the image was built from."
      />
      <TextField
        label="Image"
        mono
        value={wanted.image}
        onChange={(image) => onChange({ ...wanted, image })}
        error={errors['image']}
        placeholder="registry.example/shop@sha256:…"
      />
    </>
  );
}

function useMakePlan(projectRef: ProjectRef) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: WireNewPlan) =>
      request(planSchema, projectPath(projectRef, 'plans'), { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: plansQuery(projectRef).queryKey }),
  });
}
