import { DAY, type Instant } from '../../domain/time/time.ts';
import { localDay, UTC, type Zone } from '../../domain/time/zone.ts';
import { mapStepwise, runAtOnce, type Stepwise } from '../../maths/stepwise.ts';
import { expectPurchases } from './clv/buying.ts';
import { summarizeBuying, WEEK } from './clv/buying-summary.ts';
import { fitBuyingStepwise } from './clv/fit-buying.ts';
import { computePurchaseChances, findCountQuantile } from './clv/purchase-distribution.ts';
import type { BuyingParams, BuyingSummary, CustomerHistory, ScoreCalibration } from './types.ts';

const BINS = 10;

type PurchaseHistory = Pick<CustomerHistory, 'purchases' | 'earlier'>;

interface BacktestResult {
  predicted: number;
  actual: number;
  naive: number;
  /** Predicted probability of at least one more purchase. */
  again: number;
  covered: boolean;
}

/**
 * Fits the model to the data until `from`, and compares its predictions with the purchases until `to`. This measures how
 * good the predictions of today's fit are (D-15). Null if there is too little data for a fit.
 */
export function runBacktest(
  histories: readonly PurchaseHistory[],
  from: Instant,
  to: Instant,
  model: BuyingParams['model'] = 'mbg',
  zone: Zone = UTC,
): ScoreCalibration | null {
  return runAtOnce(runBacktestStepwise(histories, from, to, model, zone));
}

/** Does the same as {@link runBacktest} in steps. */
export function* runBacktestStepwise(
  histories: readonly PurchaseHistory[],
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
  const buyers = summed.flat();
  const fitted = yield* fitBuyingStepwise(
    buyers.map(({ summary }) => summary),
    model,
  );
  if (!fitted.ok) return null;
  const weeks = (localDay(zone, to) - localDay(zone, from)) / (WEEK / DAY);
  const results = yield* mapStepwise(buyers, ({ history, summary }) =>
    testCustomer(fitted.params, summary, weeks, countDaysBought(history, from, to, zone)),
  );
  return {
    from,
    to,
    customers: results.length,
    predicted: sum(results, ({ predicted }) => predicted),
    actual: sum(results, ({ actual }) => actual),
    meanError: sum(results, ({ predicted, actual }) => Math.abs(predicted - actual)) / results.length,
    naiveError: sum(results, ({ naive, actual }) => Math.abs(naive - actual)) / results.length,
    correlation: computeCorrelation(results),
    covered: sum(results, ({ covered }) => (covered ? 1 : 0)) / results.length,
    bins: buildBins(results),
  };
}

/** Purchases until `at` must be listed one by one: a sum can't be split by date. */
function isListedAt(at: Instant): (history: PurchaseHistory) => boolean {
  return ({ purchases, earlier }) => earlier === null || purchases.some((purchase) => purchase.at <= at);
}

function testCustomer(
  params: BuyingParams,
  summary: BuyingSummary,
  weeks: number,
  actual: number,
): BacktestResult {
  const chances = computePurchaseChances(params, summary, weeks);
  return {
    predicted: expectPurchases(params, summary, weeks),
    actual,
    naive: summary.T > 0 ? (summary.x / summary.T) * weeks : 0,
    again: 1 - (chances[0] as number),
    covered: actual >= findCountQuantile(chances, 0.05) && actual <= findCountQuantile(chances, 0.95),
  };
}

/** Counts the days with a purchase after the day of `from`, up to `to`. */
function countDaysBought({ purchases }: PurchaseHistory, from: Instant, to: Instant, zone: Zone): number {
  const start = localDay(zone, from);
  const days = new Set(purchases.filter(({ at }) => at <= to).map(({ at }) => localDay(zone, at)));
  return [...days].filter((day) => day > start).length;
}

/** Splits customers into tenths by predicted probability; equal probabilities stay in one bin. */
function buildBins(results: readonly BacktestResult[]): ScoreCalibration['bins'] {
  const sorted = [...results].sort((a, b) => a.again - b.again || a.actual - b.actual);
  const bins: BacktestResult[][] = [];
  let bin: BacktestResult[] = [];
  for (const [i, result] of sorted.entries()) {
    const full = i >= ((bins.length + 1) * sorted.length) / BINS;
    if (full && bin.length > 0 && bin.at(-1)?.again !== result.again) {
      bins.push(bin);
      bin = [];
    }
    bin.push(result);
  }
  if (bin.length > 0) bins.push(bin);
  return bins.map((inside) => ({
    customers: inside.length,
    predicted: sum(inside, ({ again }) => again) / inside.length,
    actual: sum(inside, ({ actual }) => (actual > 0 ? 1 : 0)) / inside.length,
  }));
}

/** Pearson's correlation of predicted and actual purchases; null if one of them doesn't vary. */
function computeCorrelation(results: readonly BacktestResult[]): number | null {
  const n = results.length;
  const meanP = sum(results, ({ predicted }) => predicted) / n;
  const meanA = sum(results, ({ actual }) => actual) / n;
  const covariance = sum(results, (t) => (t.predicted - meanP) * (t.actual - meanA));
  const spread =
    sum(results, (t) => (t.predicted - meanP) * (t.predicted - meanP)) *
    sum(results, (t) => (t.actual - meanA) * (t.actual - meanA));
  return spread > 0 ? covariance / Math.sqrt(spread) : null;
}

function sum(results: readonly BacktestResult[], read: (result: BacktestResult) => number): number {
  return results.reduce((total, result) => total + read(result), 0);
}
