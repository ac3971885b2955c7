import { exp, log } from '../../../maths/elementary.ts';
import { betaCdf } from '../../../maths/incomplete-beta.ts';
import type { BuyingParams, BuyingSummary, SpendParams } from '../types.ts';
import { computeAlive, countStayDecisions } from './buying.ts';

/** Probability that is cut off at the upper end of a distribution. */
const TAIL = 1e-5;
const MAX_COUNT = 20_000;
/** Number of groups that counts are merged into for the sum of spends. */
const MAX_ATOMS = 64;

/**
 * Computes the probabilities of 0, 1, 2, … purchases in the next `weeks` weeks, up to all but `tail` of the probability.
 * Exact: the future of a customer who is alive follows BG/NBD again, with the posterior parameters of their history
 * (Fader, Hardie and Lee, 2005, equation 8).
 */
export function computePurchaseChances(
  params: BuyingParams,
  summary: BuyingSummary,
  weeks: number,
  tail = TAIL,
): number[] {
  const alive = computeAlive(params, summary);
  const r = params.r + summary.x;
  const { a } = params;
  const b = params.b + countStayDecisions(params, summary.x);
  const rate = params.alpha + summary.T;
  const later = log(weeks / (rate + weeks));
  const chances: number[] = [];
  let logCount = r * log(rate / (rate + weeks));
  let below = 0;
  let staying = 1;
  let total = 0;
  for (let n = 0; n < MAX_COUNT && total < 1 - tail; n++) {
    if (n > 0) {
      logCount += log((r + n - 1) / n) + later;
      staying *= (b + n - 1) / (a + b + n - 1);
    }
    const gone = n === 0 ? 0 : (a / (b + n - 1)) * staying * Math.max(0, 1 - below);
    const count = exp(logCount);
    const chance = alive * (staying * count + gone) + (n === 0 ? 1 - alive : 0);
    below += count;
    total += chance;
    chances.push(chance);
  }
  return chances;
}

/** Finds the `q` quantile of the number of purchases. */
export function findCountQuantile(chances: readonly number[], q: number): number {
  let sum = 0;
  for (let n = 0; n < chances.length; n++) {
    sum += chances[n] as number;
    if (sum >= q) return n;
  }
  return Math.max(0, chances.length - 1);
}

/**
 * Finds the `q` quantile of the total spend, in minor units. It combines the distribution of the number of purchases with
 * that of the sum of n spends under Gamma-Gamma, given the customer's purchases so far, and solves by bisection.
 */
export function findSpendQuantile(
  { p, q: shape, v }: SpendParams,
  { x, mean }: BuyingSummary,
  chances: readonly number[],
  q: number,
): number {
  const none = chances[0] ?? 1;
  if (none >= q) return 0;
  const atoms = groupCounts(chances);
  const scale = v + x * mean;
  const weight = none + atoms.reduce((sum, atom) => sum + atom.chance, 0);
  // The sum S of n spends: S / (S + scale) is distributed as Beta(p·n, p·x + q).
  const shareBelow = (share: number) =>
    atoms.reduce((sum, { n, chance }) => sum + chance * betaCdf(share, p * n, p * x + shape), none) / weight;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (shareBelow(middle) < q) low = middle;
    else high = middle;
  }
  return (scale * high) / (1 - Math.min(high, 1 - 1e-12));
}

/** Groups the counts above 0; where there are many, neighbours are merged at their mean. */
function groupCounts(chances: readonly number[]): { n: number; chance: number }[] {
  const width = Math.max(1, Math.ceil((chances.length - 1) / MAX_ATOMS));
  const atoms: { n: number; chance: number }[] = [];
  for (let from = 1; from < chances.length; from += width) {
    let chance = 0;
    let sum = 0;
    for (let n = from; n < Math.min(from + width, chances.length); n++) {
      chance += chances[n] as number;
      sum += n * (chances[n] as number);
    }
    if (chance > 0) atoms.push({ n: sum / chance, chance });
  }
  return atoms;
}
