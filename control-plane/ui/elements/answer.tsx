import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Moment } from './moment.tsx';
import { Skeleton } from './skeleton.tsx';
import { TroubleNotice } from './trouble.tsx';

interface AnswerProps<Data> {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'isFetching' | 'dataUpdatedAt' | 'refetch'>;
  readonly children: (data: Data) => ReactNode;
  /** Lines to keep free while nothing has come yet. */
  readonly lines?: number;
}

/** What a query brought; what was known before stays where asking again fails, and says how old it is. */
export function Answer<Data>({ query, children, lines = 6 }: AnswerProps<Data>) {
  const { data, error, isFetching, dataUpdatedAt, refetch } = query;
  const retry = (): void => void refetch();
  if (data === undefined) {
    return error === null ? (
      <Skeleton lines={lines} />
    ) : (
      <TroubleNotice error={error} onRetry={retry} retrying={isFetching} />
    );
  }
  return (
    <>
      {error === null ? null : (
        <div className="stack">
          <TroubleNotice error={error} onRetry={retry} retrying={isFetching} />
          <p className="quiet">
            What follows was true <Moment at={new Date(dataUpdatedAt).toISOString()} />.
          </p>
        </div>
      )}
      {children(data)}
    </>
  );
}
