import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Problem } from '../api/problem.ts';
import { ErrorState } from './error-state.tsx';
import { Skeleton } from './skeleton.tsx';

interface Props<T> {
  query: Pick<UseQueryResult<T, Problem>, 'data' | 'error' | 'refetch'>;
  /** While the first answer is awaited. */
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}

/**
 * Shows what a query answers: a skeleton at first, then the data, or the problem. While the API is away the last data
 * stays, and the shell says since when; so it does while the login is asked for again.
 */
export function QueryState<T>({ query, loading = <Skeleton lines={6} />, children }: Props<T>) {
  const { data, error, refetch } = query;
  const keeps = error?.isTemporary || error?.status === 401;
  if (error && (data === undefined || !keeps))
    return <ErrorState problem={error} retry={() => void refetch()} />;
  return data === undefined ? loading : children(data);
}
