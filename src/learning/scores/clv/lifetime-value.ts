import type { WorthDef } from '../../../domain/definition.ts';
import { pow } from '../../../maths/elementary.ts';
import type { BuyingParams, BuyingSummary, FitResult, SpendParams } from '../types.ts';
import { computeAlive, expectPurchases } from './buying.ts';
import { expectSpend } from './fit-spend.ts';
import { computePurchaseChances, findSpendQuantile } from './purchase-distribution.ts';

export interface ValueSettings {
  /** Horizon, in weeks. */
  weeks: number;
  /** Profit of a purchase, as a share of its amount. */
  margin: number;
  /** Annual discount rate; 0.1 is 10 %. */
  discount: number;
}

export const DEFAULT_VALUE_SETTINGS: ValueSettings = { weeks: 52, margin: 1, discount: 0.1 };

/** Builds the settings from the workspace's definition. */
export function buildValueSettings({ horizonWeeks, margin, discount }: WorthDef): ValueSettings {
  return { weeks: horizonWeeks, margin, discount };
}

/** The present value of a customer's future purchases, in minor units. */
export interface LifetimeValue {
  value: number;
  /** 90 % of the futures lie between `low` and `high`. */
  low: number;
  high: number;
  /** P(alive). */
  alive: number;
  /** Expected number of purchases within the horizon. */
  purchases: number;
  /** Expected amount of one purchase, before margin and discount. */
  spend: number;
}

export type LifetimeValueResult =
  | ({ ok: true } & LifetimeValue)
  | { ok: false; reason: string; message: string };

/**
 * Computes the customer lifetime value: margin · E[spend] · Σ (E[Y(t)] − E[Y(t−1)]) / (1+δ)^t, week by week, where Y(t) is
 * the number of purchases until t and δ the weekly discount rate.
 *
 * The interval is for the actual spend, not for its mean: the 5 % and the 95 % quantile of the predictive distribution,
 * in closed form. It contains the uncertainty about this customer (alive, rate, spend) and chance, so it can be compared
 * with actual results. It leaves out the uncertainty of the fitted parameters: on CDNOW, fits of sixty customers still
 * cover 91 % of the others. It uses the discount of the mean, so the mean can be above `high` for a customer who is
 * hardly alive.
 */
export function computeLifetimeValue(
  buying: FitResult<BuyingParams>,
  spend: FitResult<SpendParams>,
  summary: BuyingSummary | null,
  settings: ValueSettings = DEFAULT_VALUE_SETTINGS,
): LifetimeValueResult {
  const mean = computeMeanValue(buying, spend, summary, settings);
  if (!mean.ok || !buying.ok || !spend.ok || summary === null) return mean;
  const chances = computePurchaseChances(buying.params, summary, settings.weeks);
  const full = mean.spend * mean.purchases;
  const factor = full > 0 ? mean.value / full : 0;
  const at = (q: number) => factor * findSpendQuantile(spend.params, summary, chances, q);
  return { ...mean, low: at(0.05), high: at(0.95) };
}

/**
 * Computes the same value without its interval (`low` and `high` equal the value). The nightly fit uses it to rank all
 * customers.
 */
export function computeMeanValue(
  buying: FitResult<BuyingParams>,
  spend: FitResult<SpendParams>,
  summary: BuyingSummary | null,
  { weeks, margin, discount }: ValueSettings = DEFAULT_VALUE_SETTINGS,
): LifetimeValueResult {
  if (summary === null)
    return { ok: false, reason: 'no_purchase', message: 'The customer has not bought anything yet.' };
  if (!buying.ok) return buying;
  if (!spend.ok) return spend;
  const week = pow(1 + discount, -1 / 52);
  const each = expectSpend(spend.params, summary);
  let purchases = 0;
  let discounted = 0;
  let factor = 1;
  for (let t = 1; t <= weeks; t++) {
    const expected = expectPurchases(buying.params, summary, t);
    factor *= week;
    discounted += (expected - purchases) * factor;
    purchases = expected;
  }
  const value = margin * each * discounted;
  const alive = computeAlive(buying.params, summary);
  return { ok: true, value, low: value, high: value, alive, purchases, spend: each };
}
