import { getRouteApi } from '@tanstack/react-router';
import { FilePen } from 'lucide-react';
import { useMemo } from 'react';
import { useApi } from '../../api/use-api.ts';
import { useCan } from '../../app/session.tsx';
import { ButtonLink } from '../../components/button-link.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { JourneyFilters } from './journey-filters.tsx';
import { filterJourneys, type JourneyFilter, joinReport } from './journey-rows.ts';
import { JourneyTable } from './journey-table.tsx';
import { messages } from './messages.ts';
import { usePeriod } from './use-period.ts';

const route = getRouteApi('/shell/journeys');

/** All journeys, with where their customers are and what became of the last 28 days. */
export function JourneysPage() {
  const t = useMessages(messages);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const journeys = useApi('get', '/v1/journeys', {}, { refetchInterval: 30_000 });
  const report = useApi('get', '/v1/reports/journeys', { params: { query: usePeriod() } });
  const rows = useMemo(
    () => joinReport(journeys.data?.data ?? [], report.data?.journeys),
    [journeys.data, report.data],
  );
  const shown = useMemo(() => filterJourneys(rows, search), [rows, search]);
  const mayEdit = useCan('configure');
  return (
    <>
      <PageHeader
        title={t.title}
        lead={t.lead}
        actions={
          mayEdit && (
            <ButtonLink to="/journeys/edit" icon={<FilePen aria-hidden="true" size={16} />}>
              {t.edit}
            </ButtonLink>
          )
        }
      />
      <QueryState query={journeys}>
        {() => (
          <>
            <JourneyFilters
              rows={rows}
              shown={shown.length}
              search={search}
              onChange={(change) =>
                void navigate({
                  search: (now) => clean({ ...now, ...change } as JourneyFilter),
                  replace: true,
                })
              }
            />
            <JourneyTable
              rows={shown}
              isEmpty={rows.length === 0}
              onClear={() => void navigate({ search: {} })}
            />
          </>
        )}
      </QueryState>
    </>
  );
}

/** An empty filter is not in the URL. */
function clean(search: JourneyFilter): JourneyFilter {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value));
}
