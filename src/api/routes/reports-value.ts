import type { CohortReport } from '../../decisioning/experiments/cohort-report.ts';
import type { Efficiency } from '../../decisioning/experiments/efficiency.ts';
import { iso } from '../../domain/time.ts';
import { neededBundle } from '../active-bundle.ts';
import { type Operation, operation } from '../operation.ts';
import { periodOf, periodView } from '../period.ts';
import { readValue, type Worth } from '../reports/value.ts';
import { periodQuery } from '../schemas/report.ts';
import { value } from '../schemas/report-value.ts';
import { moneyOf, moneyOrNull } from '../views/format.ts';
import { asIs, headlineView } from '../views/report.ts';

/** What it was all worth. */
export const valueOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/reports/value',
    tag: 'Reports',
    summary: 'Customer value against control: per journey, over all, per cohort; and what it cost',
    scope: 'read',
    query: periodQuery,
    replies: { 200: { description: 'In the order of the bundle', schema: value } },
    problems: [404, 422],
    async handle({ api, workspace, query }) {
      const now = Date.now();
      const period = periodOf(query, now);
      const bundle = await neededBundle(api, workspace);
      const { currency, worth } = bundle.workspace;
      const { global, journeys, foreign } = await readValue(api, workspace, bundle, period);
      const { acquisition, engagement, retention } = global.lifecycle;
      const body = {
        asOf: iso(now),
        period: periodView(period),
        currency,
        margin: worth.margin,
        otherCurrencies: foreign,
        global: {
          ...worthView(global, currency),
          sample: global.sample,
          lifecycle: {
            acquisition: headlineView(acquisition, asIs),
            engagement: headlineView(engagement, asIs),
            retention: headlineView(retention, asIs),
          },
        },
        journeys: journeys.map(({ journey, ...its }) => ({
          journey: journey.id,
          stage: journey.stage,
          kpi: journey.goal?.kpi ?? '',
          ...worthView(its, currency),
        })),
      };
      return { body };
    },
  }),
];

function worthView({ sizes, all, cohorts, efficiency }: Worth, currency: string) {
  const found = efficiency.value;
  const known = found.kind === 'incremental' || found.kind === 'underpowered' ? found : null;
  return {
    customers: sizes,
    ...reportView(all, currency),
    incremental: known && {
      amount: moneyOf(known.amount, currency),
      low: moneyOf(known.low, currency),
      high: moneyOf(known.high, currency),
    },
    efficiency: efficiencyView(efficiency, currency),
    cohorts: cohorts.map((one) => ({ cohort: one.cohort, ...reportView(one, currency) })),
  };
}

function reportView(
  { sampleRatio, value: worth, frequency, loyalty, advocacy }: CohortReport,
  currency: string,
) {
  return {
    sampleRatio,
    value: headlineView(worth, (n) => perCustomer(n, currency)),
    frequency: headlineView(frequency, asIs),
    loyalty: headlineView(loyalty, asIs),
    advocacy: headlineView(advocacy, asIs),
  };
}

/** Never a minus before nothing. */
function perCustomer(minor: number, currency: string) {
  return moneyOf(Math.round(minor) + 0, currency);
}

function efficiencyView(found: Efficiency, currency: string) {
  const { contacts, spend, costPerContact, valuePerSpend, costPerUnit } = found;
  return {
    contacts,
    spend: moneyOf(spend, currency),
    costPerContact: moneyOrNull(costPerContact, currency),
    valuePerSpend,
    costPerUnit,
  };
}
