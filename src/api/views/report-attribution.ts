import type { Caused } from '../../decisioning/attribution/caused.ts';
import type { Attributed, AttributionWanted } from '../reports/attribution.ts';
import { moneyOf } from './format.ts';
import { asIs, headlineView } from './report.ts';

const NONE: Caused = { kind: 'no_control', treated: 0 };

/** The report without its period. */
export function attributionView(
  found: Attributed,
  { event, by, journey, lookbackDays, bundle }: AttributionWanted,
) {
  const { report, conversions, refused, touched, converted, foreign } = found;
  const money = (minor: number) => moneyOf(minor, bundle.workspace.currency);
  return {
    event,
    by,
    journey: journey?.id ?? null,
    lookbackDays,
    models: report.models,
    refusedModels: refused,
    customers: { touched, converted },
    total: {
      conversions: report.total.conversions,
      value: money(report.total.value),
      incremental: {
        conversions: causedView(conversions.total, asIs),
        value: causedView(report.total.incremental, money),
      },
    },
    touchpoints: report.rows.map(({ touchpoint, credits, incremental }) => ({
      touchpoint,
      credits: Object.fromEntries(
        Object.entries(credits).map(([model, { milliConversions, value }]) => [
          model,
          { milliConversions, value: money(value) },
        ]),
      ),
      incremental: {
        conversions: causedView(
          (touchpoint === null ? undefined : conversions.byTouchpoint.get(touchpoint)) ?? NONE,
          asIs,
        ),
        value: causedView(incremental, money),
      },
    })),
    otherCurrency: foreign,
  };
}

/** @param amount writes a number: as it is, or as money */
function causedView<Amount>(caused: Caused, amount: (n: number) => Amount) {
  if (caused.kind !== 'incremental' && caused.kind !== 'underpowered') return caused;
  const { kind, low, high, comparison } = caused;
  return {
    kind,
    amount: amount(caused.amount),
    low: amount(low),
    high: amount(high),
    comparison: headlineView(comparison, amount),
  };
}
