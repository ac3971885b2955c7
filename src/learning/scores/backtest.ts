import { DAY, type Instant } from '../../domain/time/time.ts';
import { localDay, UTC, type Zone } from '../../domain/time/zone.ts';
import { mapStepwise, runAtOnce, type Stepwise } from '../../maths/stepwise.ts';
import { expectPurchases } from './clv/buying.ts';
import { summarizeBuying, WEEK } from './clv/buying-summary.ts';
import { fitBuyingStepwise } from './clv/fit-buying.ts';
import { computePurchaseChances, findCountQuantile } from './clv/purchase-distribution.ts';
import type { BuyingParams, BuyingSummary, CustomerHistory, ScoreCalibration } from './types.ts';

const BINS = 10;

type Bought = Pick<CustomerHistory, 'purchases' | 'earlier'>;

interface Tried {
  predicted: number;
  actual: number;
  naive: number;
  /** Predicted chance of buying again at all. */
  again: number;
  covered: boolean;
}

/**
 * Fits the model on what was known at `from`, and holds its predictions against what happened until `to`: how good the
 * predictions are that today's fit makes (D-15). Null when the past is too thin to be fitted.
 */
export function runBacktest(
  histories: readonly Bought[],
  from: Instant,
  to: Instant,
  model: BuyingParams['model'] = 'mbg',
  zone: Zone = UTC,
): ScoreCalibration | null {
  return runAtOnce(runBacktestStepwise(histories, from, to, model, zone));
}

/** The same in pieces. */
export function* runBacktestStepwise(
  histories: readonly Bought[],
  from: Instant,
  to: Instant,
  model: BuyingParams['model'],
  zone: Zone,
): Stepwise<ScoreCalibration | null> {
  const listed = histories.filter(isListedAt(from));
  const summed = yield* mapStepwise(listed, (history) => {
    const summary = summarizeBuying(history, from, zone);
    return summary ? [{ history, summary }] : [];
  });
  const known = summed.flat();
  const fitted = yield* fitBuyingStepwise(
    known.map(({ summary }) => summary),
    model,
  );
  if (!fitted.ok) return null;
  const weeks = (localDay(zone, to) - localDay(zone, from)) / (WEEK / DAY);
  const tried = yield* mapStepwise(known, ({ history, summary }) =>
    tryOne(fitted.params, summary, weeks, daysBought(history, from, to, zone)),
  );
  return {
    from,
    to,
    customers: tried.length,
    predicted: sum(tried, ({ predicted }) => predicted),
    actual: sum(tried, ({ actual }) => actual),
    meanError: sum(tried, ({ predicted, actual }) => Math.abs(predicted - actual)) / tried.length,
    naiveError: sum(tried, ({ naive, actual }) => Math.abs(naive - actual)) / tried.length,
    correlation: correlationOf(tried),
    covered: sum(tried, ({ covered }) => (covered ? 1 : 0)) / tried.length,
    bins: binsOf(tried),
  };
}

/** What somebody had bought by then must still be listed: a sum of it can't be divided any more. */
function isListedAt(at: Instant): (history: Bought) => boolean {
  return ({ purchases, earlier }) => earlier === null || purchases.some((purchase) => purchase.at <= at);
}

function tryOne(params: BuyingParams, summary: BuyingSummary, weeks: number, actual: number): Tried {
  const chances = computePurchaseChances(params, summary, weeks);
  return {
    predicted: expectPurchases(params, summary, weeks),
    actual,
    naive: summary.T > 0 ? (summary.x / summary.T) * weeks : 0,
    again: 1 - (chances[0] as number),
    covered: actual >= findCountQuantile(chances, 0.05) && actual <= findCountQuantile(chances, 0.95),
  };
}

/** Days after `from`'s, up to `to`, on which something was bought. */
function daysBought({ purchases }: Bought, from: Instant, to: Instant, zone: Zone): number {
  const start = localDay(zone, from);
  const days = new Set(purchases.filter(({ at }) => at <= to).map(({ at }) => localDay(zone, at)));
  return [...days].filter((day) => day > start).length;
}

/** Tenths by predicted chance; customers with the same chance stay together. */
function binsOf(tried: readonly Tried[]): ScoreCalibration['bins'] {
  const sorted = [...tried].sort((a, b) => a.again - b.again || a.actual - b.actual);
  const bins: Tried[][] = [];
  let bin: Tried[] = [];
  for (const [i, one] of sorted.entries()) {
    const full = i >= ((bins.length + 1) * sorted.length) / BINS;
    if (full && bin.length > 0 && bin.at(-1)?.again !== one.again) {
      bins.push(bin);
      bin = [];
    }
    bin.push(one);
  }
  if (bin.length > 0) bins.push(bin);
  return bins.map((inside) => ({
    customers: inside.length,
    predicted: sum(inside, ({ again }) => again) / inside.length,
    actual: sum(inside, ({ actual }) => (actual > 0 ? 1 : 0)) / inside.length,
  }));
}

/** Pearson's; null when either doesn't vary. */
function correlationOf(tried: readonly Tried[]): number | null {
  const n = tried.length;
  const meanP = sum(tried, ({ predicted }) => predicted) / n;
  const meanA = sum(tried, ({ actual }) => actual) / n;
  const covariance = sum(tried, (t) => (t.predicted - meanP) * (t.actual - meanA));
  const spread =
    sum(tried, (t) => (t.predicted - meanP) * (t.predicted - meanP)) *
    sum(tried, (t) => (t.actual - meanA) * (t.actual - meanA));
  return spread > 0 ? covariance / Math.sqrt(spread) : null;
}

function sum(tried: readonly Tried[], of: (one: Tried) => number): number {
  return tried.reduce((total, one) => total + of(one), 0);
}
