import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { run as runSchema, runSummary } from '../../wire/run.ts';
import type { WireRun } from '../../wire/run.ts';
import { runPath } from '../api/paths.ts';
import type { RunRef } from '../api/paths.ts';
import { runQuery } from '../api/queries.ts';
import { troubleOf } from '../api/refusal.ts';
import { request } from '../api/request.ts';
import { pages } from '../app/pages.ts';
import { Button } from '../elements/button.tsx';
import { Confirm } from '../elements/confirm.tsx';
import { useMay } from '../projects/use-may.ts';
import { Retry } from './retry.tsx';

interface RunActionsProps {
  readonly runRef: RunRef;
  readonly run: WireRun;
}

export function RunActions({ runRef, run }: RunActionsProps) {
  const may = useMay(runRef.org);
  const { cancel, again, retry } = run.actions;
  const why = run.phase === 'ended' ? (retry.possible ? undefined : retry.why) : cancel.why;
  return (
    <div className="run-actions">
      <div className="row">
        {may.cancel && run.phase !== 'ended' && cancel.possible ? <Cancel runRef={runRef} run={run} /> : null}
        {may.run && run.phase === 'ended' && retry.possible ? <Retry runRef={runRef} /> : null}
        {may.run && run.phase === 'ended' && again.possible ? <Again runRef={runRef} /> : null}
      </div>
      {why === undefined || run.result === 'succeeded' ? null : <p className="quiet small">{why}</p>}
    </div>
  );
}

function Cancel({ runRef, run }: RunActionsProps) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => request(runSchema, runPath(runRef, 'cancel'), { method: 'POST' }),
    onSuccess: (changed) => client.setQueryData(runQuery(runRef).queryKey, changed),
  });
  return (
    <Confirm
      trigger={<Button>Cancel</Button>}
      title={`Cancel ${run.name}?`}
      action="Cancel the run"
      kind="danger"
      pending={cancel.isPending}
      error={cancel.error}
      onConfirm={(close) => cancel.mutate(undefined, { onSuccess: close })}
    >
      <p>dbt is told to stop and to cancel its queries in the warehouse. What it has finished stays.</p>
    </Confirm>
  );
}

function Again({ runRef }: { readonly runRef: RunRef }) {
  const [, navigate] = useLocation();
  const again = useMutation({
    mutationFn: () => request(runSummary, runPath(runRef, 'again'), { method: 'POST' }),
    onSuccess: ({ uid }) => navigate(pages.run({ ...runRef, run: uid })),
  });
  return (
    <>
      <Button pending={again.isPending} onPress={() => again.mutate()}>
        Run again
      </Button>
      {again.error === null ? null : (
        <p className="status-failed" role="alert">
          {troubleOf(again.error).title} {troubleOf(again.error).detail}
        </p>
      )}
    </>
  );
}
