import { QueryClient } from '@tanstack/react-query';
import { asProblem } from '../api/problem.ts';

const MAX_RETRIES = 2;

/** Keeps what the API answered, also while the API is away. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The browser's own guess whether it is online is often wrong.
        networkMode: 'always',
        staleTime: 5_000,
        gcTime: 10 * 60_000,
        retry: (count, error) => asProblem(error).isTemporary && count < MAX_RETRIES,
        retryDelay: (count) => Math.min(500 * 2 ** count, 5_000),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
