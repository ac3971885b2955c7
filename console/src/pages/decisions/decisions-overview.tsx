import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useApi } from '../../api/use-api.ts';
import { QueryState } from '../../components/query-state.tsx';
import { DaysCard } from './days-card.tsx';
import { DecisionFilters } from './decision-filters.tsx';
import styles from './decisions.module.css';
import { FunnelCard } from './funnel-card.tsx';
import { LatestDecisions } from './latest-decisions.tsx';
import { periodOf } from './period.ts';
import { ReasonsCard } from './reasons-card.tsx';
import { ReasonsOverTime } from './reasons-over-time.tsx';

const route = getRouteApi('/shell/decisions');

/** How far candidates got in a period, and the newest decisions of it. */
export function DecisionsOverview() {
  const { days, action, journey } = route.useSearch();
  const query = useMemo(
    () => ({ ...periodOf(days), ...(action ? { action } : {}), ...(journey ? { journey } : {}) }),
    [days, action, journey],
  );
  const report = useApi('get', '/v1/reports/funnel', { params: { query } }, { keepPrevious: true });
  return (
    <div className={styles.parts}>
      <DecisionFilters />
      <QueryState query={report}>
        {(data) => (
          <>
            <div className={styles.halves}>
              <FunnelCard report={data} csv={csvOf(query)} />
              <ReasonsCard report={data} />
            </div>
            <div className={styles.halves}>
              <DaysCard report={data} />
              <ReasonsOverTime report={data} />
            </div>
          </>
        )}
      </QueryState>
      <LatestDecisions period={query} />
    </div>
  );
}

/** The same numbers as a file. */
function csvOf(query: Record<string, string>): string {
  return `/v1/reports/funnel?${new URLSearchParams({ ...query, format: 'csv' })}`;
}
