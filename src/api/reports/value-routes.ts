import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readCountedOr } from '../../app/reports/counted/read-counted.ts';
import { readCountedValue } from '../../app/reports/counted/value.ts';
import { type GroupValue, readValueReport } from '../../app/reports/value.ts';
import { iso } from '../../domain/time/time.ts';
import type { CohortReport } from '../../statistics/experiments/cohort-report.ts';
import type { Efficiency } from '../../statistics/experiments/efficiency.ts';
import { toMoney, toMoneyOrNull } from '../frame/format.ts';
import type { Operation } from '../frame/operation.ts';
import { toValueRows, VALUE_COLUMNS } from './csv/value-csv.ts';
import { defineReport } from './define-report.ts';
import { toHeadlineView, toNumber } from './headline-view.ts';
import { requireKeptPeriod } from './kept-period.ts';
import { parsePeriod } from './period.ts';
import { periodQuery } from './schema.ts';
import { value } from './value-schema.ts';

/** Value of the treatment. */
export const valueOperations: Operation[] = [
  defineReport({
    id: 'getValueReport',
    name: 'value',
    summary: 'Customer value against control: per journey, overall and per cohort, with costs',
    description: 'In the order of the bundle',
    query: periodQuery,
    schema: value,
    problems: [404, 422],
    csv: { columns: VALUE_COLUMNS, toRows: toValueRows },
    async read({ api, workspace, query }) {
      const now = Date.now();
      const asked = parsePeriod(query, now);
      const bundle = await requireActiveBundle(api.deps, workspace);
      const { currency, worth } = bundle.workspace;
      const { report, countedAt, period } = await readCountedOr(
        api.deps,
        { workspace, period: asked, now },
        {
          ofCustomers: true,
          counted: (counts) => readCountedValue(api.deps, bundle, counts),
          async recount(rows) {
            await requireKeptPeriod(api.deps.db, rows, ['events']);
            return readValueReport(api.deps, workspace, bundle, rows);
          },
        },
      );
      const { global, journeys, foreign } = report;
      const { acquisition, engagement, retention } = global.lifecycle;
      const view = {
        asOf: iso(countedAt),
        currency,
        margin: worth.margin,
        otherCurrencies: foreign,
        global: {
          ...worthView(global, currency),
          sample: global.sample,
          lifecycle: {
            acquisition: toHeadlineView(acquisition, toNumber),
            engagement: toHeadlineView(engagement, toNumber),
            retention: toHeadlineView(retention, toNumber),
          },
        },
        journeys: journeys.map(({ journey, ...group }) => ({
          journey: journey.id,
          stage: journey.stage,
          kpi: journey.goal?.kpi ?? '',
          ...worthView(group, currency),
        })),
      };
      return { view, countedAt, period };
    },
  }),
];

function worthView({ sizes, all, cohorts, efficiency }: GroupValue, currency: string) {
  const found = efficiency.value;
  const effect = found.kind === 'incremental' || found.kind === 'underpowered' ? found : null;
  return {
    customers: sizes,
    ...reportView(all, currency),
    incremental: effect && {
      amount: toMoney(effect.amount, currency),
      low: toMoney(effect.low, currency),
      high: toMoney(effect.high, currency),
    },
    efficiency: efficiencyView(efficiency, currency),
    cohorts: cohorts.map((cohort) => ({ cohort: cohort.cohort, ...reportView(cohort, currency) })),
  };
}

function reportView(
  { sampleRatio, value: worth, frequency, loyalty, advocacy }: CohortReport,
  currency: string,
) {
  return {
    sampleRatio,
    value: toHeadlineView(worth, (n) => perCustomer(n, currency)),
    frequency: toHeadlineView(frequency, toNumber),
    loyalty: toHeadlineView(loyalty, toNumber),
    advocacy: toHeadlineView(advocacy, toNumber),
  };
}

/** Adds 0, so that no -0 is written. */
function perCustomer(minor: number, currency: string) {
  return toMoney(Math.round(minor) + 0, currency);
}

function efficiencyView(found: Efficiency, currency: string) {
  const { contacts, spend, costPerContact, valuePerSpend, costPerUnit } = found;
  return {
    contacts,
    spend: toMoney(spend, currency),
    costPerContact: toMoneyOrNull(costPerContact, currency),
    valuePerSpend,
    costPerUnit,
  };
}
