import type { AttributionRequest } from '../../app/reports/attribution.ts';
import type { AttributionResult } from '../../app/reports/attribution-counts.ts';
import type { IncrementalEffect } from '../../statistics/attribution/incremental-effect.ts';
import { toMoney } from '../frame/format.ts';
import { toHeadlineView, toNumber } from './headline-view.ts';

const NONE: IncrementalEffect = { kind: 'no_control', treated: 0 };

/** The report without its period. */
export function toAttributionView(
  result: AttributionResult,
  { event, by, journey, lookbackDays, bundle }: Omit<AttributionRequest, 'period' | 'models'>,
) {
  const { report, conversions, refused, touched, converted, foreign } = result;
  const money = (minor: number) => toMoney(minor, bundle.workspace.currency);
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
        conversions: causedView(conversions.total, toNumber),
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
          toNumber,
        ),
        value: causedView(incremental, money),
      },
    })),
    otherCurrency: foreign,
  };
}

/** @param amount writes a number: as it is, or as money */
function causedView<Amount>(caused: IncrementalEffect, amount: (n: number) => Amount) {
  if (!('comparison' in caused)) return caused;
  const { kind, low, high, comparison } = caused;
  return {
    kind,
    amount: amount(caused.amount),
    low: amount(low),
    high: amount(high),
    comparison: toHeadlineView(comparison, amount),
  };
}
