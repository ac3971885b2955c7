import { useApi } from '../../api/use-api.ts';
import { Alert } from '../../components/alert.tsx';
import { Card } from '../../components/card.tsx';
import { Chart } from '../../components/chart/chart.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Select } from '../../components/select.tsx';
import type { Period } from '../../format/period.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import { PeriodFilter } from './period-filter.tsx';
import { ReportFrame } from './report-frame.tsx';
import { RetentionTable } from './retention-table.tsx';
import { useReportSearch } from './use-report-search.ts';

/** Who orders again, by the month of the first order. */
export function RetentionReport({ period }: { period: Period }) {
  const t = useMessages(messages);
  const format = useFormat();
  const [{ journey }, change] = useReportSearch();
  const journeys = useApi('get', '/v1/journeys');
  const query = useApi(
    'get',
    '/v1/reports/retention',
    { params: { query: { ...period, ...(journey && { journey }) } } },
    { keepPrevious: true },
  );
  return (
    <>
      <PeriodFilter period={period} onChange={change}>
        <Select
          label={t.comparedWith}
          value={journey ?? ''}
          options={[
            { value: '', label: t.controlOfAll },
            ...(journeys.data?.data ?? []).map(({ id, name }) => ({
              value: id,
              label: t.controlOf(name ?? id),
            })),
          ]}
          onChange={(value) => change({ journey: value })}
        />
      </PeriodFilter>
      <QueryState query={query}>
        {({ countedAt, cohorts, incomplete }) => (
          <ReportFrame countedAt={countedAt}>
            {incomplete > 0 && <Alert tone="warning">{t.incomplete(format.number(incomplete, 0))}</Alert>}
            <Card title={t.afterFirst} note={t.afterFirstNote}>
              <Chart
                title={t.afterFirst}
                axis={t.monthsAfter}
                max={1}
                format={(value) => format.percent(value, 0)}
                data={{
                  categories: range(longest(cohorts)).map(String),
                  series: cohorts.slice(-6).map((cohort) => ({
                    id: cohort.month,
                    name: format.month(cohort.month),
                    kind: 'line' as const,
                    values: range(longest(cohorts)).map(
                      (after) => cohort.months.find((month) => month.after === after)?.treated ?? null,
                    ),
                  })),
                }}
              />
            </Card>
            <Card title={t.cohorts} note={t.cohortsNote} flush>
              <RetentionTable cohorts={cohorts} months={range(longest(cohorts))} />
            </Card>
          </ReportFrame>
        )}
      </QueryState>
    </>
  );
}

const longest = (cohorts: readonly { months: readonly { after: number }[] }[]): number =>
  Math.max(0, ...cohorts.flatMap(({ months }) => months.map(({ after }) => after)));

const range = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);
