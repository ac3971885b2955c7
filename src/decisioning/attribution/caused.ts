import { armsOf, type Member } from '../experiments/headline.ts';
import { type Incremental, incrementalOfMeans } from '../experiments/incremental.ts';
import { sampleOf } from '../experiments/sample.ts';
import type { SampleRatio } from '../experiments/srm.ts';

/** What an experiment says was caused, or why it says nothing. */
export type Caused = Incremental | { kind: 'invalid'; sampleRatio: SampleRatio };

/** One customer of an experiment, with what they did since they came into it. */
export interface Outcome extends Member {
  conversions: number;
  /** Minor units. */
  value: number;
}

/**
 * Treated against control, over all who were treated: conversions and value (minor units).
 * @param controlShare of 10,000
 */
export function causedBy(
  outcomes: readonly Outcome[],
  controlShare: number,
): { conversions: Caused; value: Caused } {
  const { treated, control, sampleRatio } = armsOf(outcomes, controlShare);
  const of = (number: (one: Outcome) => number): Caused => {
    if (control.length > 0 && sampleRatio.verdict === 'invalid') return { kind: 'invalid', sampleRatio };
    return incrementalOfMeans(sampleOf(treated.map(number)), sampleOf(control.map(number)));
  };
  return { conversions: of((one) => one.conversions), value: of((one) => one.value) };
}
