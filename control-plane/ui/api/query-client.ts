import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { NoAnswer, isRefusal } from './refusal.ts';

/** Everything the server has said lies here and nowhere else. `signedOut` is called when it no longer knows who asks. */
export function createQueryClient(signedOut: () => void): QueryClient {
  const onError = (error: unknown): void => {
    if (isRefusal(error, 401)) signedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // What was refused once is refused again; a lost connection may be back.
        retry: (failures, error) => error instanceof NoAnswer && failures < 1,
        retryDelay: 1_000,
        // A fetch that cannot be sent shall fail and be told, not wait for the browser to believe that it is online.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}
