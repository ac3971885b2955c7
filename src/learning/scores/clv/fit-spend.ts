import { exp, log } from '../../../maths/elementary.ts';
import { logGamma } from '../../../maths/gamma.ts';
import { minimizeStepwise } from '../../../maths/nelder-mead.ts';
import { runAtOnce, type Stepwise } from '../../../maths/stepwise.ts';
import type { BuyingSummary, FitResult, SpendParams } from '../types.ts';
import { computeLogPrior, refuseFit, SEARCH_LIMIT } from './fit-refusal.ts';

const MIN_SPENDERS = 20;

type Spend = Pick<BuyingSummary, 'x' | 'mean'>;

/**
 * Fits the Gamma-Gamma model (Fader and Hardie, "The Gamma-Gamma Model of Monetary Value", 2013) to the mean spends of
 * repeat buyers. Customers with x = 0 or without any spend carry no information and are left out.
 */
export function fitSpend(summaries: readonly Spend[]): FitResult<SpendParams> {
  return runAtOnce(fitSpendStepwise(summaries));
}

/** Does the same as {@link fitSpend} in steps. */
export function* fitSpendStepwise(summaries: readonly Spend[]): Stepwise<FitResult<SpendParams>> {
  if (summaries.some(({ x, mean }) => !Number.isInteger(x) || x < 0 || !Number.isFinite(mean)))
    return refuseFit('bad_input', 'A summary needs a whole x ≥ 0 and a finite mean spend.');
  const spends = summaries
    .filter(({ x, mean }) => x > 0 && mean > 0)
    .sort((a, b) => a.x - b.x || a.mean - b.mean);
  if (spends.length < MIN_SPENDERS)
    return refuseFit(
      'too_few_repeaters',
      `${spends.length} customers have a repeat purchase with a spend; a fit needs ${MIN_SPENDERS}.`,
    );
  if (spends.every(({ mean }) => Math.abs(mean - computeMean(spends)) <= 1e-6 * mean))
    return refuseFit(
      'no_variation',
      'All customers have the same mean spend, so there is no variation to fit.',
    );
  // In units of the mean spend, so that the result doesn't depend on the currency.
  const unit = computeMean(spends);
  const scaled = spends.map(({ x, mean }) => ({ x, mean: mean / unit }));
  const objective = (at: readonly number[]) => {
    if (at.some((coordinate) => Math.abs(coordinate) > SEARCH_LIMIT)) return Infinity;
    return -computeSpendLogLikelihood(readParams(at), scaled) - computeLogPrior(at);
  };
  const minimum = yield* minimizeStepwise(objective, [0, log(3), 0]);
  const { p, q, v } = readParams(minimum.at);
  const params = { p, q, v: v * unit };
  const logLikelihood = computeSpendLogLikelihood(params, spends);
  if (!minimum.converged || !Number.isFinite(logLikelihood))
    return refuseFit('not_converged', 'The search for the parameters did not converge.');
  if (minimum.at.some((coordinate) => Math.abs(coordinate) > SEARCH_LIMIT - 1))
    return refuseFit('no_variation', 'A parameter diverges: the spends vary too little for this model.');
  if (q <= 1.01)
    return refuseFit(
      'no_finite_mean',
      'A few spends are so large that the mean over customers is not finite.',
    );
  return { ok: true, params, logLikelihood, customers: spends.length };
}

/**
 * Computes the expected spend of a purchase, in minor units: a mean of all customers' spend and the customer's own, with
 * more weight on their own the more purchases they made.
 */
export function expectSpend({ p, q, v }: SpendParams, { x, mean }: Spend): number {
  return (p * (v + x * mean)) / (p * x + q - 1);
}

/** Computes the log-likelihood of the parameters, for customers with x > 0 and a mean spend above 0. */
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

function readParams(at: readonly number[]): SpendParams {
  const [p, q, v] = at.map(exp) as [number, number, number];
  return { p, q, v };
}

function computeMean(spends: readonly Spend[]): number {
  let sum = 0;
  for (const { mean } of spends) sum += mean;
  return sum / spends.length;
}
