import type { Instant } from '../../domain/time/time.ts';
import { DAY } from '../../domain/time/time.ts';
import type { PurchaseFacts } from './buying-facts.ts';
import type { Cuts, FittedScores } from './types.ts';

/** Recency, frequency and monetary value in fifths of the workspace, 5 is best. */
export interface RfmCell {
  r: number;
  f: number;
  m: number;
  /** `555` is the best cell, `111` the worst. */
  cell: string;
}

/**
 * Cuts a population into `parts` of about equal size, 1 the lowest. Who has the same value gets the same part, by
 * their average rank: with many equal values parts grow uneven and some stay empty, but nobody is cut by the order in
 * which they were read. NaN is nobody's value.
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

/** The part that a value falls into, 1 to 5 for the usual four cuts. Without cuts (nobody was there) it is 1. */
export function findQuintile(value: number, cuts: Cuts): number {
  let part = 1;
  for (const cut of cuts) if (cut !== null && value >= cut) part++;
  return part;
}

/** Days since the last purchase, turned round: the later, the larger. Whole days, so that a day's customers are equal. */
export function computeRecency(last: Instant, now: Instant): number {
  return -Math.max(0, Math.floor((now - last) / DAY));
}

/** The customer's cell against last night's cuts; null for who never bought. */
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
