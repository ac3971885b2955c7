import { getRouteApi } from '@tanstack/react-router';
import type { reportSearch } from './search.ts';

const route = getRouteApi('/shell/reports/$report');

type Search = ReturnType<typeof reportSearch>;
type Change = Partial<Record<keyof Search, string>>;

/** The filters of a report, from the URL, and how to change them. */
export function useReportSearch(): [Search, (change: Change) => void] {
  const search: Search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Change) =>
    void navigate({
      search: (now) =>
        Object.fromEntries(Object.entries({ ...now, ...next }).filter(([, value]) => value)) as Search,
      replace: true,
    });
  return [search, change];
}
