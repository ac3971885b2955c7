import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClient } from '../../api/client.ts';
import type { Problem } from '../../api/problem.ts';
import type { Answer } from '../../api/use-api.ts';
import type { SourceFile } from '../../yaml/complete.ts';

export type Preview = Answer<'post', '/v1/config/preview'>;

/** What is previewed: changed files, or an earlier version. */
export type Previewed =
  | { files: SourceFile[] }
  | { version: number; moved?: Record<string, Record<string, string>> };

const QUIET_MS = 500;

/** What applying would do, asked again half a second after the last change. Null asks nothing. */
export function usePreview(previewed: Previewed | null): {
  query: UseQueryResult<Preview, Problem>;
  /** The answer is about what is shown now. */
  isCurrent: boolean;
} {
  const client = useClient();
  const [settled, setSettled] = useState(previewed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(previewed), QUIET_MS);
    return () => clearTimeout(timer);
  }, [previewed]);
  const query = useQuery<Preview, Problem>({
    queryKey: ['preview of a bundle', settled],
    enabled: settled !== null,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    queryFn: async ({ signal }) => {
      const { data } = await client.POST('/v1/config/preview', { body: settled as Previewed, signal });
      return data as Preview;
    },
  });
  return { query, isCurrent: settled === previewed && !query.isFetching && !query.isPlaceholderData };
}
