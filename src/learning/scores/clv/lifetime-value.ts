import type { WorthDef } from '../../../domain/definition.ts';
import { pow } from '../../../maths/elementary.ts';
import type { BuyingParams, BuyingSummary, FitResult, SpendParams } from '../types.ts';
import { computeAlive, expectPurchases } from './buying.ts';
import { expectSpend } from './fit-spend.ts';
import { computePurchaseChances, findSpendQuantile } from './purchase-distribution.ts';

export interface ValueSettings {
  /** How far ahead, in weeks. */
  weeks: number;
  /** What a purchase leaves, as a share of its amount. */
  margin: number;
  /** A year's discount, 0.1 for 10 %. */
  discount: number;
}

export const DEFAULT_VALUE_SETTINGS: ValueSettings = { weeks: 52, margin: 1, discount: 0.1 };

/** As the workspace reckons. */
export function buildValueSettings({ horizonWeeks, margin, discount }: WorthDef): ValueSettings {
  return { weeks: horizonWeeks, margin, discount };
}

/** What a customer's future is worth today, in minor units. */
export interface LifetimeValue {
  value: number;
  /** Nine of ten futures lie between. */
  low: number;
  high: number;
  /** Chance of being alive. */
  alive: number;
  /** Purchases to be expected within the horizon. */
  purchases: number;
  /** What one of them is expected to bring, before margin and discount. */
  spend: number;
}

export type LifetimeValueResult =
  | ({ ok: true } & LifetimeValue)
  | { ok: false; reason: string; message: string };

/**
 * CLV = margin · E[spend] · Σ (E[Y(t)] − E[Y(t−1)]) / (1+δ)^t, week by week.
 *
 * The interval is of what will really be spent, not of its mean: quantiles 5 % and 95 % of the predictive distribution, in
 * closed form. It holds what isn't known of this customer (alive, rate, spend) and chance itself, so it can be held
 * against what came. It leaves out that the workspace's parameters are fitted: on CDNOW, fits of sixty customers still
 * cover 91 % of the others. Its discount is that of the mean, which may lie above `high` for who is hardly alive.
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

/** The same without its interval (`low` and `high` are the value itself): for the night, when everybody is ranked. */
export function computeMeanValue(
  buying: FitResult<BuyingParams>,
  spend: FitResult<SpendParams>,
  summary: BuyingSummary | null,
  { weeks, margin, discount }: ValueSettings = DEFAULT_VALUE_SETTINGS,
): LifetimeValueResult {
  if (summary === null)
    return { ok: false, reason: 'no_purchase', message: 'The customer has never bought.' };
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
