import { useMemo } from 'react';
import type { Names } from '../../../src/sentences/create-sentences.ts';
import { useApi } from '../api/use-api.ts';

/** Names the journeys and actions of the active bundle. What has no name, and what is gone, keeps its id. */
export function useNames(): Names {
  const { data } = useApi('get', '/v1/names');
  return useMemo(
    () => ({
      journey: (id) => nameOf(data?.journeys, id),
      action: (id) => nameOf(data?.actions, id),
    }),
    [data],
  );
}

function nameOf(names: Record<string, string> | undefined, id: string): string {
  return names && Object.hasOwn(names, id) ? (names[id] as string) : id;
}
