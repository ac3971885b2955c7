import { useApi } from '../../api/use-api.ts';
import { Alert } from '../../components/alert.tsx';
import { Card } from '../../components/card.tsx';
import { Chart } from '../../components/chart/chart.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Select } from '../../components/select.tsx';
import { Stat, Stats } from '../../components/stat.tsx';
import type { Period } from '../../format/period.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { AttributionTable } from './attribution-table.tsx';
import { messages } from './messages.ts';
import { PeriodFilter } from './period-filter.tsx';
import { ReportFrame } from './report-frame.tsx';
import { TOUCHPOINTS } from './search.ts';
import { useTouchpointName } from './touchpoint-name.ts';
import { useReportSearch } from './use-report-search.ts';

/** The models that the picture compares: the table has all of them. */
const PICTURED = ['last', 'linear', 'shapley'] as const;

/** Who gets credit for conversions by each model, beside what was really caused. */
export function AttributionReport({ period }: { period: Period }) {
  const t = useMessages(messages);
  const nameTouchpoint = useTouchpointName();
  const format = useFormat();
  const [{ by = 'channel', event, journey }, change] = useReportSearch();
  const query = useApi(
    'get',
    '/v1/reports/attribution',
    { params: { query: { ...period, by, ...(event && { event }), ...(journey && { journey }) } } },
    { keepPrevious: true },
  );
  return (
    <>
      <PeriodFilter period={period} onChange={change}>
        <Select
          label={t.creditTo}
          value={by}
          options={TOUCHPOINTS.map((value) => ({ value, label: t[`by_${value}`] }))}
          onChange={(value) => change({ by: value })}
        />
      </PeriodFilter>
      <QueryState query={query}>
        {(report) => {
          const { customers, total, touchpoints, refusedModels, models } = report;
          const name = (touchpoint: string | null) => nameTouchpoint(touchpoint, by);
          return (
            <ReportFrame countedAt={report.countedAt}>
              <Stats>
                <Stat
                  label={t.conversions}
                  value={format.number(total.conversions, 0)}
                  note={t.conversionsOf(report.event)}
                />
                <Stat
                  label={t.conversionValue}
                  value={format.amount(total.value.amount, total.value.currency)}
                />
                <Stat label={t.touched} value={format.number(customers.touched, 0)} note={t.touchedNote} />
              </Stats>
              <Alert title={t.creditTitle}>{t.creditText}</Alert>
              {refusedModels.length > 0 && (
                <Alert tone="warning" title={t.refusedModels}>
                  {refusedModels.map(({ model, reason }) => `${model}: ${reason}`).join('; ')}
                </Alert>
              )}
              <Card title={t.creditByModel}>
                <Chart
                  title={t.creditByModel}
                  axis={t[`by_${by}`]}
                  horizontal
                  height={Math.max(160, touchpoints.length * 48)}
                  data={{
                    categories: touchpoints.map(({ touchpoint }) => name(touchpoint)),
                    series: PICTURED.filter((model) => models.includes(model)).map((model) => ({
                      id: model,
                      name: t[`model_${model}`],
                      values: touchpoints.map(
                        ({ credits }) => (credits[model]?.milliConversions ?? 0) / 1_000,
                      ),
                    })),
                  }}
                />
              </Card>
              <Card title={t.sideBySide} note={t.sideBySideNote} flush>
                <AttributionTable report={report} />
              </Card>
            </ReportFrame>
          );
        }}
      </QueryState>
    </>
  );
}
