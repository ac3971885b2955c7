import type { Instant } from '../../domain/time/time.ts';
import { DAY } from '../../domain/time/time.ts';
import type { PurchaseFacts } from './buying-facts.ts';
import type { Cuts, FittedScores } from './types.ts';

/** Recency, frequency and monetary value as quintiles of the workspace; 5 is best. */
export interface RfmCell {
  r: number;
  f: number;
  m: number;
  /** `555` is the best cell, `111` the worst. */
  cell: string;
}

/**
 * Cuts a population into `parts` of about equal size; part 1 is the lowest. Equal values get the same part, by their
 * average rank: many equal values make parts uneven or empty, but the result doesn't depend on the order of reading.
 * NaN is ignored.
 */
export function computeCutPoints(values: readonly number[], parts = 5): Cuts {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const cuts: Cuts = new Array(parts - 1).fill(null);
  let start = 0;
  while (start < sorted.length) {
    const value = sorted[start] as number;
    let end = start;
    while (end < sorted.length && sorted[end] === value) end++;
    const part = partOfRank((start + end) / 2, sorted.length, parts);
    for (let k = 0; k < part - 1; k++) cuts[k] ??= value;
    start = end;
  }
  return cuts;
}

/** `rank`: mean position among `n`, from 0 to n. */
function partOfRank(rank: number, n: number, parts: number): number {
  return Math.min(parts, Math.floor((rank * parts) / n) + 1);
}

/** The part that a value falls into, 1 to 5 for the usual four cuts. Without cuts (an empty population) it is 1. */
export function findQuintile(value: number, cuts: Cuts): number {
  let part = 1;
  for (const cut of cuts) if (cut !== null && value >= cut) part++;
  return part;
}

/** Minus the days since the last purchase: the later, the larger. Whole days, so that purchases of one day are equal. */
export function computeRecency(last: Instant, now: Instant): number {
  return -Math.max(0, Math.floor((now - last) / DAY));
}

/** Finds the customer's cell by the cuts of the last nightly fit; null without a purchase. */
export function computeRfmCell(
  facts: PurchaseFacts | null,
  quintiles: FittedScores['quintiles'],
  now: Instant,
): RfmCell | null {
  if (facts === null) return null;
  const r = findQuintile(computeRecency(facts.last, now), quintiles.recency);
  const f = findQuintile(facts.orders, quintiles.frequency);
  const m = findQuintile(facts.spend, quintiles.monetary);
  return { r, f, m, cell: `${r}${f}${m}` };
}
