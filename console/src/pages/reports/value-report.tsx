import { useApi } from '../../api/use-api.ts';
import { Card } from '../../components/card.tsx';
import { Chart } from '../../components/chart/chart.tsx';
import { QueryState } from '../../components/query-state.tsx';
import type { Period } from '../../format/period.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { readComparison } from './comparison.ts';
import { ComparisonTable } from './comparison-table.tsx';
import { messages } from './messages.ts';
import { PeriodFilter } from './period-filter.tsx';
import { ReportFrame } from './report-frame.tsx';
import { useReportSearch } from './use-report-search.ts';
import { ValueStats } from './value-stats.tsx';

/** What customers are worth because of what was done, against the control group, and what it costs. */
export function ValueReport({ period }: { period: Period }) {
  const t = useMessages(messages);
  const names = useNames();
  const format = useFormat();
  const [, change] = useReportSearch();
  const query = useApi('get', '/v1/reports/value', { params: { query: period } }, { keepPrevious: true });
  const percent = (value: number) => format.percent(value);
  const number = (value: number) => format.number(value, 2);
  return (
    <>
      <PeriodFilter period={period} onChange={change} />
      <QueryState query={query}>
        {({ countedAt, currency, global, journeys }) => {
          const money = (value: number) => format.amount(value, currency);
          const cohorts = global.cohorts.map(({ cohort, value }) => ({
            cohort,
            value: readComparison(value),
          }));
          const of = (pick: 'difference' | 'low' | 'high') =>
            cohorts.map(({ value }) => (value.kind === 'measured' ? value[pick] : null));
          return (
            <ReportFrame countedAt={countedAt}>
              <ValueStats worth={global} currency={currency} />
              <Card title={t.allMarketing} note={t.perCustomer} flush>
                <ComparisonTable
                  caption={t.figuresOf(t.allMarketing)}
                  empty={t.nothing}
                  rows={[
                    { id: 'value', comparison: readComparison(global.value), format: money },
                    { id: 'frequency', comparison: readComparison(global.frequency), format: number },
                    { id: 'loyalty', comparison: readComparison(global.loyalty), format: percent },
                    { id: 'advocacy', comparison: readComparison(global.advocacy), format: percent },
                  ].map((row) => ({
                    ...row,
                    name: t[`figure_${row.id as 'value'}`],
                    note: t[`note_${row.id as 'value'}`],
                  }))}
                />
              </Card>
              <Card title={t.lifecycle} note={t.lifecycleNote} flush>
                <ComparisonTable
                  caption={t.figuresOf(t.lifecycle)}
                  empty={t.nothing}
                  rows={(['acquisition', 'engagement', 'retention'] as const).map((id) => ({
                    id,
                    name: t[`figure_${id}`],
                    note: t[`note_${id}`],
                    comparison: readComparison(global.lifecycle[id]),
                    format: percent,
                  }))}
                />
              </Card>
              <Card title={t.byCohort} note={t.byCohortNote}>
                <Chart
                  title={t.byCohort}
                  axis={t.cohort}
                  format={money}
                  data={{
                    categories: cohorts.map(({ cohort }) => format.month(cohort)),
                    series: [
                      {
                        id: 'value',
                        name: t.difference,
                        kind: 'line',
                        values: of('difference'),
                        low: of('low'),
                        high: of('high'),
                      },
                    ],
                  }}
                />
              </Card>
              <Card title={t.byJourney} note={t.byJourneyNote} flush>
                <ComparisonTable
                  caption={t.figuresOf(t.byJourney)}
                  empty={t.noJourneys}
                  rows={journeys.map((journey) => ({
                    id: journey.journey,
                    name: names.journey(journey.journey),
                    note: t.journeyCost(
                      format.number(journey.efficiency.contacts, 0),
                      format.amount(journey.efficiency.spend.amount, journey.efficiency.spend.currency),
                    ),
                    comparison: readComparison(journey.value),
                    format: money,
                  }))}
                />
              </Card>
            </ReportFrame>
          );
        }}
      </QueryState>
    </>
  );
}
