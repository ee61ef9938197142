import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { runSummary } from '../../wire/run.ts';
import type { RetryPreview } from '../../wire/run.ts';
import { runPath } from '../api/paths.ts';
import type { RunRef } from '../api/paths.ts';
import { retryQuery } from '../api/queries.ts';
import { request } from '../api/request.ts';
import { pages } from '../app/pages.ts';
import { Answer } from '../elements/answer.tsx';
import { Button } from '../elements/button.tsx';
import { Confirm } from '../elements/confirm.tsx';
import { counted } from '../words/short.ts';

/** Shows what a retry would run before it is started. */
export function Retry({ runRef }: { readonly runRef: RunRef }) {
  const [, navigate] = useLocation();
  const retry = useMutation({
    mutationFn: () => request(runSummary, runPath(runRef, 'retry'), { method: 'POST' }),
    onSuccess: ({ uid }) => navigate(pages.run({ ...runRef, run: uid })),
  });
  return (
    <Confirm
      trigger={<Button kind="primary">Retry from failure</Button>}
      title="Retry from failure?"
      action="Retry"
      kind="primary"
      pending={retry.isPending}
      error={retry.error}
      onConfirm={(close) => retry.mutate(undefined, { onSuccess: close })}
    >
      <Preview runRef={runRef} />
    </Confirm>
  );
}

const shownNodes = 10;

/** Asked for when the dialog opens, so that it is of now. */
function Preview({ runRef }: { readonly runRef: RunRef }) {
  const query = useQuery(retryQuery(runRef));
  return (
    <Answer query={query} lines={3}>
      {(preview) => <Retried {...preview} />}
    </Answer>
  );
}

function Retried({ argv, plan, nodes }: RetryPreview) {
  const more = nodes.length - shownNodes;
  return (
    <>
      <p>
        {counted(nodes.length, 'node')} that failed or did not run, with plan{' '}
        <code className="wrap-anywhere">{plan}</code>:
      </p>
      <ul className="mono">
        {nodes.slice(0, shownNodes).map((node) => (
          <li key={node} className="wrap-anywhere">
            {node}
          </li>
        ))}
        {more > 0 ? <li className="quiet">and {more} more</li> : null}
      </ul>
      <p className="quiet">Command</p>
      <code className="wrap-anywhere">{argv.join(' ')}</code>
    </>
  );
}
