import { pow } from '../../../maths/elementary.ts';
import { hypergeometric2F1 } from '../../../maths/gamma.ts';
import type { BuyingParams, BuyingSummary } from '../types.ts';

/*
 * BG/NBD (Fader, Hardie and Lee, 2005) and MBG/NBD (Batislam, Denizel and Filiztekin, 2007). They differ by one chance
 * to drop out, at the first purchase. So after x repeats the chance of staying is Beta(a, b + stays), with one more stay in
 * MBG/NBD, and what follows is the same in both.
 */

/** At these values of `a` and of `a + b` the closed form is 0/0; next to them it keeps about nine digits. */
const NEXT_TO = 1e-7;

/** How often the customer stayed when they might have dropped out, if they are still alive. */
export function countStayDecisions({ model }: Pick<BuyingParams, 'model'>, x: number): number {
  return model === 'mbg' ? x + 1 : x;
}

/** Odds that the customer had dropped out right after the last purchase, before any silence. */
function goneAtOnce(params: BuyingParams, x: number): number {
  const stays = countStayDecisions(params, x);
  return stays === 0 ? 0 : params.a / (params.b + stays - 1);
}

/** Chance that the customer still buys at all. */
export function computeAlive(
  params: BuyingParams,
  { x, tx, T }: Pick<BuyingSummary, 'x' | 'tx' | 'T'>,
): number {
  const { r, alpha } = params;
  return 1 / (1 + goneAtOnce(params, x) * pow((alpha + T) / (alpha + tx), r + x));
}

/** Weeks of silence after the last purchase until the chance of being alive falls below `level`; Infinity if it never does. */
export function silenceUntilAlive(params: BuyingParams, x: number, tx: number, level: number): number {
  const { r, alpha } = params;
  const odds = (1 - level) / level / goneAtOnce(params, x);
  if (odds <= 1) return 0;
  return (alpha + tx) * (pow(odds, 1 / (r + x)) - 1);
}

/** Purchases to be expected in the next `weeks` weeks. */
export function expectPurchases(params: BuyingParams, summary: BuyingSummary, weeks: number): number {
  return computeAlive(params, summary) * expectedIfAlive(params, summary, weeks);
}

/** The same of a new customer, from the first purchase on. */
export function expectPurchasesOfNew(params: BuyingParams, weeks: number): number {
  return expectPurchases(params, { x: 0, tx: 0, T: 0, mean: 0 }, weeks);
}

/**
 * ((a+b'−1)/(a−1))·[1 − (1−z)^(r+x)·₂F₁(r+x, b'; a+b'−1; z)] with z = t/(α+T+t), as published, or after Euler's
 * transformation with exponent a − 1: whichever exponent is nearer to 0, since the other's power and series leave a double's
 * range (for who bought hundreds of times, or where all customers drop out alike).
 */
function expectedIfAlive(params: BuyingParams, { x, T }: BuyingSummary, weeks: number): number {
  if (!(weeks > 0)) return 0;
  const rate = params.r + x;
  const a = awayFrom(params.a, 1);
  const stays = params.b + countStayDecisions(params, x);
  const c = awayFrom(a + stays - 1, 0);
  const z = weeks / (params.alpha + T + weeks);
  const later =
    Math.abs(a - 1) < rate
      ? pow(1 - z, a - 1) * hypergeometric2F1(c - rate, a - 1, c, z)
      : pow(1 - z, rate) * hypergeometric2F1(rate, stays, c, z);
  return Math.max(0, (c / (a - 1)) * (1 - later));
}

function awayFrom(value: number, hole: number): number {
  return Math.abs(value - hole) < NEXT_TO ? hole + NEXT_TO : value;
}
