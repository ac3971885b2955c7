import { pow } from '../../../maths/elementary.ts';
import { hypergeometric2F1 } from '../../../maths/gamma.ts';
import type { BuyingParams, BuyingSummary } from '../types.ts';

/*
 * BG/NBD (Fader, Hardie and Lee, "Counting Your Customers the Easy Way", 2005) and MBG/NBD (Batislam, Denizel and
 * Filiztekin, 2007). MBG/NBD lets a customer also drop out at the first purchase. So after x repeat purchases the
 * probability of dropping out is Beta(a, b + stays), with one more stay in MBG/NBD, and the rest is the same for both.
 */

/** Where the closed form is 0/0, parameters are moved by this much; the result is then exact to about nine digits. */
const SINGULARITY_OFFSET = 1e-7;

/** Counts how often a customer who is still alive could have dropped out and stayed. */
export function countStayDecisions({ model }: Pick<BuyingParams, 'model'>, x: number): number {
  return model === 'mbg' ? x + 1 : x;
}

/** Odds that the customer dropped out right after the last purchase, before any silence. */
function computeDropOutOdds(params: BuyingParams, x: number): number {
  const stays = countStayDecisions(params, x);
  return stays === 0 ? 0 : params.a / (params.b + stays - 1);
}

/** Computes P(alive): the probability that the customer has not dropped out. */
export function computeAlive(
  params: BuyingParams,
  { x, tx, T }: Pick<BuyingSummary, 'x' | 'tx' | 'T'>,
): number {
  const { r, alpha } = params;
  return 1 / (1 + computeDropOutOdds(params, x) * pow((alpha + T) / (alpha + tx), r + x));
}

/** Computes after how many weeks without a purchase P(alive) falls below `level`; Infinity if it never does. */
export function silenceUntilAlive(params: BuyingParams, x: number, tx: number, level: number): number {
  const { r, alpha } = params;
  const odds = (1 - level) / level / computeDropOutOdds(params, x);
  if (odds <= 1) return 0;
  return (alpha + tx) * (pow(odds, 1 / (r + x)) - 1);
}

/** Computes the expected number of purchases in the next `weeks` weeks. */
export function expectPurchases(params: BuyingParams, summary: BuyingSummary, weeks: number): number {
  return computeAlive(params, summary) * expectIfAlive(params, summary, weeks);
}

/** Computes the expected number of repeat purchases of a new customer in the `weeks` weeks after the first purchase. */
export function expectPurchasesOfNew(params: BuyingParams, weeks: number): number {
  return expectPurchases(params, { x: 0, tx: 0, T: 0, mean: 0 }, weeks);
}

/**
 * The expected purchases of a customer who is alive: ((a+b'−1)/(a−1))·[1 − (1−z)^(r+x)·₂F₁(r+x, b'; a+b'−1; z)] with
 * z = t/(α+T+t), as published, or after Euler's transformation with the exponent a − 1. The exponent nearer to 0 is used:
 * the power and the series of the other one leave the range of a double, for example after hundreds of purchases.
 */
function expectIfAlive(params: BuyingParams, { x, T }: BuyingSummary, weeks: number): number {
  if (!(weeks > 0)) return 0;
  const rate = params.r + x;
  const a = avoidSingularity(params.a, 1);
  const stays = params.b + countStayDecisions(params, x);
  const c = avoidSingularity(a + stays - 1, 0);
  const z = weeks / (params.alpha + T + weeks);
  const later =
    Math.abs(a - 1) < rate
      ? pow(1 - z, a - 1) * hypergeometric2F1(c - rate, a - 1, c, z)
      : pow(1 - z, rate) * hypergeometric2F1(rate, stays, c, z);
  return Math.max(0, (c / (a - 1)) * (1 - later));
}

function avoidSingularity(value: number, singularity: number): number {
  return Math.abs(value - singularity) < SINGULARITY_OFFSET ? singularity + SINGULARITY_OFFSET : value;
}
