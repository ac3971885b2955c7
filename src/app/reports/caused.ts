import type { Bundle } from '../../domain/definition.ts';
import {
  type ArmConversions,
  computeIncrementalEffect,
  type IncrementalEffect,
} from '../../statistics/attribution/incremental-effect.ts';
import { computeControlShare, WHOLE_SHARE } from '../../statistics/experiments/assignment.ts';
import { armOfSegment } from './counted/segments.ts';

/** Incremental conversions, and their value in minor units. */
export interface CausedOutcomes {
  conversions: IncrementalEffect;
  value: IncrementalEffect;
}

export const NO_CONTROL: CausedOutcomes = {
  conversions: { kind: 'no_control', treated: 0 },
  value: { kind: 'no_control', treated: 0 },
};

/** Sums of conversions of the customers of an arm or of a segment (`addAttributionCells`). */
export interface CausedCell {
  group: string | number;
  sums: bigint[];
}

/** Customers of the global control, by segment. */
export interface SegmentCounts {
  /** All holdouts that divide the segments, ascending. */
  holdouts: readonly number[];
  /** The global holdouts of the period. */
  lowest: number;
  highest: number;
  /** Customers who were known before the end of the period. */
  customers: ReadonlyMap<number, number>;
}

/** The effect of a journey against its holdout, over the customers who entered within the period. */
export function computeJourneyEffect(
  bundle: Bundle,
  id: string,
  cells: readonly CausedCell[],
): CausedOutcomes {
  const holdout = bundle.journeys.find((journey) => journey.id === id)?.holdout ?? 0;
  const arms = emptyArms();
  for (const { group, sums } of cells) {
    const [customers = 0n, ...conversions] = sums;
    const arm = arms[group as keyof typeof arms];
    arm.customers += Number(customers);
    addConversions(arm, conversions);
  }
  return computeIncrementalEffect(arms, computeControlShare(bundle.workspace.holdout, holdout));
}

/**
 * The effect of all marketing against the global control. If the holdout was edited within the period, customers whose
 * arm has changed are left out.
 */
export function computeGlobalEffect(
  { holdouts, lowest, highest, customers }: SegmentCounts,
  cells: readonly CausedCell[],
): CausedOutcomes {
  if (lowest === 0) return NO_CONTROL;
  const arms = emptyArms();
  const armOf = (segment: number) => armOfSegment(holdouts, segment, { lowest, highest });
  for (const [segment, n] of customers) {
    const arm = armOf(segment);
    if (arm) arms[arm].customers += n;
  }
  for (const { group, sums } of cells) {
    const arm = armOf(group as number);
    if (arm) addConversions(arms[arm], sums);
  }
  return computeIncrementalEffect(arms, (lowest * WHOLE_SHARE) / (WHOLE_SHARE - (highest - lowest)));
}

function addConversions(
  arm: ArmConversions,
  [n = 0n, squares = 0n, value = 0n, valueSquares = 0n]: bigint[],
) {
  arm.conversions += Number(n);
  arm.conversionSquares += squares;
  arm.value += Number(value);
  arm.valueSquares += valueSquares;
}

function emptyArms(): Record<'treated' | 'control', ArmConversions> {
  const empty = () => ({ customers: 0, conversions: 0, conversionSquares: 0n, value: 0, valueSquares: 0n });
  return { treated: empty(), control: empty() };
}
