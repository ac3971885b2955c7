import { exp, log } from '../../../maths/elementary.ts';
import { logGamma } from '../../../maths/gamma.ts';
import { minimizeStepwise } from '../../../maths/nelder-mead.ts';
import { runAtOnce, type Stepwise } from '../../../maths/stepwise.ts';
import type { BuyingSummary, FitResult, SpendParams } from '../types.ts';
import { computeLogPrior, refuseFit, SEARCH_LIMIT } from './fit-refusal.ts';

const MIN_SPENDERS = 20;

type Spend = Pick<BuyingSummary, 'x' | 'mean'>;

/**
 * Fits Gamma-Gamma (Fader and Hardie, 2013) to the mean spends of repeat buyers. Who has x = 0, or spent nothing at all,
 * tells it nothing and is left out.
 */
export function fitSpend(summaries: readonly Spend[]): FitResult<SpendParams> {
  return runAtOnce(fitSpendStepwise(summaries));
}

/** The same in pieces. */
export function* fitSpendStepwise(summaries: readonly Spend[]): Stepwise<FitResult<SpendParams>> {
  if (summaries.some(({ x, mean }) => !Number.isInteger(x) || x < 0 || !Number.isFinite(mean)))
    return refuseFit('bad_input', 'A summary needs a whole x ≥ 0 and a finite mean spend.');
  const spends = summaries
    .filter(({ x, mean }) => x > 0 && mean > 0)
    .sort((one, other) => one.x - other.x || one.mean - other.mean);
  if (spends.length < MIN_SPENDERS)
    return refuseFit(
      'too_few_repeaters',
      `${spends.length} customers spent something again; it takes ${MIN_SPENDERS}.`,
    );
  if (spends.every(({ mean }) => Math.abs(mean - meanOf(spends)) <= 1e-6 * mean))
    return refuseFit('no_variation', 'Everybody spends the same; there is nothing to fit.');
  // In units of the mean spend, so that the currency doesn't matter.
  const unit = meanOf(spends);
  const scaled = spends.map(({ x, mean }) => ({ x, mean: mean / unit }));
  const objective = (at: readonly number[]) => {
    if (at.some((coordinate) => Math.abs(coordinate) > SEARCH_LIMIT)) return Infinity;
    return -computeSpendLogLikelihood(paramsAt(at), scaled) - computeLogPrior(at);
  };
  const found = yield* minimizeStepwise(objective, [0, log(3), 0]);
  const { p, q, v } = paramsAt(found.at);
  const params = { p, q, v: v * unit };
  const logLikelihood = computeSpendLogLikelihood(params, spends);
  if (!found.converged || !Number.isFinite(logLikelihood))
    return refuseFit('not_converged', 'The search for the parameters did not settle.');
  if (found.at.some((coordinate) => Math.abs(coordinate) > SEARCH_LIMIT - 1))
    return refuseFit('no_variation', 'A parameter runs away: the spends are too alike for this model.');
  if (q <= 1.01)
    return refuseFit(
      'no_finite_mean',
      'A few spends are so large that a mean of the customers is not finite.',
    );
  return { ok: true, params, logLikelihood, customers: spends.length };
}

/**
 * Mean spend to be expected of a purchase, in minor units: between the customers' mean and the customer's own, the more
 * of the own the more purchases it is known from.
 */
export function expectSpend({ p, q, v }: SpendParams, { x, mean }: Spend): number {
  return (p * (v + x * mean)) / (p * x + q - 1);
}

/** Log-likelihood of the parameters; each customer with x > 0 and a mean spend above 0. */
function computeSpendLogLikelihood({ p, q, v }: SpendParams, spends: readonly Spend[]): number {
  const start = q * log(v) - logGamma(q);
  let sum = 0;
  for (const { x, mean } of spends) {
    const shape = p * x;
    sum +=
      start +
      logGamma(shape + q) -
      logGamma(shape) +
      (shape - 1) * log(mean) +
      shape * log(x) -
      (shape + q) * log(x * mean + v);
  }
  return sum;
}

function paramsAt(at: readonly number[]): SpendParams {
  const [p, q, v] = at.map(exp) as [number, number, number];
  return { p, q, v };
}

function meanOf(spends: readonly Spend[]): number {
  let sum = 0;
  for (const { mean } of spends) sum += mean;
  return sum / spends.length;
}
