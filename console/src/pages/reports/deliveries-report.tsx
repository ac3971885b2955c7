import type { components } from '../../api/schema.d.ts';
import { useApi } from '../../api/use-api.ts';
import { Card } from '../../components/card.tsx';
import { Chart } from '../../components/chart/chart.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Stat, Stats } from '../../components/stat.tsx';
import type { Period } from '../../format/period.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { DeliveriesTable } from './deliveries-table.tsx';
import { messages } from './messages.ts';
import { PeriodFilter } from './period-filter.tsx';
import { ReportFrame } from './report-frame.tsx';
import { useReportSearch } from './use-report-search.ts';

type Report = components['schemas']['DeliveriesReport'];

/** What was sent, what became of it, and what it cost. */
export function DeliveriesReport({ period }: { period: Period }) {
  const t = useMessages(messages);
  const format = useFormat();
  const [, change] = useReportSearch();
  const query = useApi(
    'get',
    '/v1/reports/deliveries',
    { params: { query: period } },
    { keepPrevious: true },
  );
  return (
    <>
      <PeriodFilter period={period} onChange={change} />
      <QueryState query={query}>
        {({ countedAt, deliveries, days }) => {
          const sum = (pick: (row: Report['deliveries'][number]) => number) =>
            deliveries.reduce((total, row) => total + pick(row), 0);
          const sent = sum(({ states }) => states.sent);
          const share = (count: number) => (sent === 0 ? '–' : format.percent(count / sent, 2));
          const complained = sum(({ receipts }) => receipts.complained.deliveries);
          const bounced = sum(({ receipts }) => receipts.bounced.deliveries);
          const dates = [...new Set(days.map(({ day }) => day))];
          const channels = [...new Set(days.map(({ channel }) => channel))];
          return (
            <ReportFrame countedAt={countedAt}>
              <Stats>
                <Stat label={t.sent} value={format.number(sent, 0)} />
                <Stat
                  label={t.failed}
                  value={format.number(
                    sum(({ states }) => states.failed),
                    0,
                  )}
                />
                <Stat label={t.bounced} value={format.number(bounced, 0)} note={share(bounced)} />
                <Stat label={t.complained} value={format.number(complained, 0)} note={share(complained)} />
              </Stats>
              <Card title={t.sentByDay}>
                <Chart
                  title={t.sentByDay}
                  axis={t.day}
                  format={(value) => format.number(value, 0)}
                  data={{
                    categories: dates.map(format.day),
                    series: channels.map((channel) => ({
                      id: channel,
                      name: channel,
                      kind: 'bar' as const,
                      stack: 'sent',
                      values: dates.map(
                        (day) => days.find((row) => row.day === day && row.channel === channel)?.sent ?? 0,
                      ),
                    })),
                  }}
                />
              </Card>
              <Card title={t.byAction} flush>
                <DeliveriesTable rows={deliveries} />
              </Card>
            </ReportFrame>
          );
        }}
      </QueryState>
    </>
  );
}
