import { useEffect, useMemo } from 'react';
import type { Problem } from '../../api/problem.ts';
import { useApi, useApiPages } from '../../api/use-api.ts';
import { type ActionRow, joinActions } from './action-rows.ts';
import { periodOf } from './period.ts';

/** The largest page of the list. */
const LIMIT = 100;
/** A window that the service counts. */
const DAYS = '28';

interface ActionRows {
  rows: ActionRow[];
  /** Whether all pages are there: until then filters see only some of the actions. */
  isComplete: boolean;
  error: Problem | null;
  retry(): void;
}

/** Reads all actions, page after page, with the figures of the last 28 days. */
export function useActionRows(): ActionRows {
  const list = useApiPages('/v1/actions', { params: { query: { limit: LIMIT } } });
  const { hasNextPage, isFetchingNextPage, fetchNextPage, error } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, error]);
  const period = useMemo(() => periodOf(DAYS), []);
  const deliveries = useApi('get', '/v1/reports/deliveries', { params: { query: period } }).data;
  const decisions = useApi('get', '/v1/reports/decisions', { params: { query: period } }).data;
  const journeys = useApi('get', '/v1/journeys').data;
  const rows = useMemo(() => {
    const actions = list.data?.pages.flatMap(({ data }) => data) ?? [];
    const stageOf = new Map(journeys?.data.map(({ id, stage }) => [id, stage]));
    return joinActions(actions, { stageOf, deliveries, decisions });
  }, [list.data, journeys, deliveries, decisions]);
  return {
    rows,
    isComplete: list.data !== undefined && !hasNextPage,
    error,
    retry: () => void list.refetch(),
  };
}
