import { exp, log } from '../../../maths/elementary.ts';
import { betaCdf } from '../../../maths/incomplete-beta.ts';
import type { BuyingParams, BuyingSummary, SpendParams } from '../types.ts';
import { computeAlive, countStayDecisions } from './buying.ts';

/** What is left out of a distribution at its upper end. */
const TAIL = 1e-5;
const MOST = 20_000;
/** Counts this near to each other are one when money is summed. */
const ATOMS = 64;

/**
 * Chances of 0, 1, 2, … purchases in the next `weeks` weeks, until all but `tail` is there. Exact: to who is
 * alive now, what comes is BG/NBD again, with the parameters that their history has taught.
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
  for (let n = 0; n < MOST && total < 1 - tail; n++) {
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

/** The smallest count that no more than a share `q` of the futures stays below. */
export function findCountQuantile(chances: readonly number[], q: number): number {
  let sum = 0;
  for (let n = 0; n < chances.length; n++) {
    sum += chances[n] as number;
    if (sum >= q) return n;
  }
  return Math.max(0, chances.length - 1);
}

/**
 * The money that no more than a share `q` of the futures stays below, in minor units: over the counts, sums of spends
 * whose level is known only as well as the customer's purchases have taught it.
 */
export function findSpendQuantile(
  { p, q: shape, v }: SpendParams,
  { x, mean }: BuyingSummary,
  chances: readonly number[],
  q: number,
): number {
  const none = chances[0] ?? 1;
  if (none >= q) return 0;
  const atoms = atomsOf(chances);
  const scale = v + x * mean;
  const weight = none + atoms.reduce((sum, atom) => sum + atom.chance, 0);
  // The sum of n spends, as a share of itself and the scale, is Beta(pn, px + q).
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

/** The counts above 0, neighbours lumped together at their mean where there are many. */
function atomsOf(chances: readonly number[]): { n: number; chance: number }[] {
  const width = Math.max(1, Math.ceil((chances.length - 1) / ATOMS));
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
