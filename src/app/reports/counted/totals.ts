import type { CohortReport } from '../../../statistics/experiments/cohort-report.ts';
import { compareMeans, compareRates } from '../../../statistics/experiments/compare.ts';
import { buildHeadline, type Headline } from '../../../statistics/experiments/headline.ts';
import { type EventCount, type Sample, summarizeSums } from '../../../statistics/experiments/sample.ts';
import type { SampleRatio } from '../../../statistics/experiments/sample-ratio.ts';
import { checkSampleRatio } from '../../../statistics/experiments/sample-ratio.ts';
import { COMPARE_OPTIONS } from '../arms.ts';

/** The customers of an arm, and sums over them. `value` is in minor units before the margin. */
export interface ArmTotals {
  customers: number;
  purchases: number;
  purchaseSquares: number;
  loyal: number;
  advocates: number;
  value: number;
  valueSquares: bigint;
  goal: number;
  acquired: number;
  retained: number;
  engaged: number;
  boughtBefore: number;
}

export type Arms = Record<'treated' | 'control', ArmTotals>;

function emptyTotals(): ArmTotals {
  return {
    customers: 0,
    purchases: 0,
    purchaseSquares: 0,
    loyal: 0,
    advocates: 0,
    value: 0,
    valueSquares: 0n,
    goal: 0,
    acquired: 0,
    retained: 0,
    engaged: 0,
    boughtBefore: 0,
  };
}

export const emptyArms = (): Arms => ({ treated: emptyTotals(), control: emptyTotals() });

/** Adds the sums that cells of value begin with, from their `offset` on. */
export function addValueSums(
  totals: ArmTotals,
  { sums, exact }: { sums: number[]; exact: string[] },
  offset: number,
): void {
  const at = (i: number) => sums[offset + i] ?? 0;
  totals.purchases += at(0);
  totals.purchaseSquares += at(1);
  totals.loyal += at(2);
  totals.advocates += at(3);
  totals.value += at(4);
  totals.valueSquares += BigInt(exact[offset + 5] ?? 0);
}

/** @param share of controls, of 10,000 */
export function checkArms({ treated, control }: Arms, share: number): SampleRatio {
  return checkSampleRatio([
    { arm: 'treated', customers: treated.customers, share: 10_000 - share },
    { arm: 'control', customers: control.customers, share },
  ]);
}

/** The report of one cohort from the sums of its arms. */
export function buildCohort(cohort: string, arms: Arms, share: number, margin: number): CohortReport {
  const sampleRatio = checkArms(arms, share);
  const means = (of: (totals: ArmTotals) => Sample): Headline =>
    buildHeadline(sampleRatio, () => compareMeans(of(arms.treated), of(arms.control), COMPARE_OPTIONS));
  return {
    cohort,
    sampleRatio,
    frequency: means((t) => summarizeSums(t.customers, t.purchases, t.purchaseSquares)),
    loyalty: compareShares(arms, share, (t) => ({ customers: t.customers, events: t.loyal })),
    advocacy: compareShares(arms, share, (t) => ({ customers: t.customers, events: t.advocates })),
    value: means((t) => summarizeSums(t.customers, t.value, t.valueSquares, margin)),
  };
}

/** Compares shares of the customers that `of` counts; their numbers are checked against the assignment. */
export function compareShares(
  { treated, control }: Arms,
  share: number,
  of: (totals: ArmTotals) => EventCount,
): Headline {
  const [a, b] = [of(treated), of(control)];
  const ratio = checkSampleRatio([
    { arm: 'treated', customers: a.customers, share: 10_000 - share },
    { arm: 'control', customers: b.customers, share },
  ]);
  return buildHeadline(ratio, () => compareRates(a, b, COMPARE_OPTIONS));
}
