import type { components } from '../../api/schema.d.ts';
import { useApi } from '../../api/use-api.ts';
import { Alert } from '../../components/alert.tsx';
import { Card } from '../../components/card.tsx';
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
import { SplitCard } from './split-card.tsx';
import { useReportSearch } from './use-report-search.ts';

type Experiment = components['schemas']['ExperimentsReport']['global'];

/** Orchestration against the holdout, and every test of arms and variants. */
export function ExperimentsReport({ period }: { period: Period }) {
  const t = useMessages(messages);
  const names = useNames();
  const format = useFormat();
  const [, change] = useReportSearch();
  const query = useApi(
    'get',
    '/v1/reports/experiments',
    { params: { query: period } },
    { keepPrevious: true },
  );
  const percent = (value: number) => format.percent(value, 2);
  const toRow = (id: string, name: string, { customers, goal }: Pick<Experiment, 'customers' | 'goal'>) => ({
    id,
    name,
    note: t.arms(
      format.number(customers.treated, 0),
      format.number(customers.control, 0),
      format.number(customers.excluded, 0),
    ),
    comparison: readComparison(goal),
    format: percent,
  });
  return (
    <>
      <PeriodFilter period={period} onChange={change} />
      <QueryState query={query}>
        {({ countedAt, global, journeys, splits, variants }) => {
          const invalid = [{ journey: t.allMarketing, ...global }, ...journeys].filter(
            ({ sampleRatio }) => sampleRatio.verdict === 'invalid',
          );
          return (
            <ReportFrame countedAt={countedAt}>
              {invalid.map(({ journey, sampleRatio }) => (
                <Alert key={journey} tone="warning" title={t.mismatchTitle(names.journey(journey))}>
                  {t.mismatch(format.number(sampleRatio.p, 4))}
                </Alert>
              ))}
              <Card title={t.holdout} note={t.holdoutNote} flush>
                <ComparisonTable
                  caption={t.figuresOf(t.holdout)}
                  empty={t.nothing}
                  rows={[
                    toRow('', t.allMarketing, global),
                    ...journeys.map((own) => toRow(own.journey, names.journey(own.journey), own)),
                  ]}
                />
              </Card>
              {splits.map((split) => (
                <SplitCard
                  key={`${split.journey}/${split.step}`}
                  title={t.splitTitle(names.journey(split.journey), split.step)}
                  split={split}
                />
              ))}
              {variants.map((variant) => (
                <SplitCard
                  key={`${variant.action}/${variant.channel}`}
                  title={t.variantTitle(names.action(variant.action), variant.channel)}
                  split={variant}
                />
              ))}
            </ReportFrame>
          );
        }}
      </QueryState>
    </>
  );
}
