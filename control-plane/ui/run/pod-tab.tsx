import { useQuery } from '@tanstack/react-query';
import type { RunRef } from '../api/paths.ts';
import { runPodQuery } from '../api/queries.ts';
import { isRefusal } from '../api/refusal.ts';
import { Answer } from '../elements/answer.tsx';
import { Empty } from '../elements/empty.tsx';
import { Difference } from '../elements/difference.tsx';

export function PodTab({ runRef }: { readonly runRef: RunRef }) {
  const query = useQuery(runPodQuery(runRef));
  if (isRefusal(query.error, 404) && query.data === undefined) {
    return (
      <Empty title="The pod is gone">
        Kubernetes no longer keeps it, or none could be created. What a pod of this project gets stands under
        the tab Configuration of the project.
      </Empty>
    );
  }
  return (
    <Answer query={query} lines={12}>
      {({ before, after }) => (
        <div className="stack">
          <p className="quiet">
            What was asked for, and what admission added. Secrets appear by name, never by value.
          </p>
          <Difference before={before} after={after} />
        </div>
      )}
    </Answer>
  );
}
