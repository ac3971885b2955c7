import { type ExperimentMember, splitArms } from '../experiments/headline.ts';
import { computeIncrementalOfMeans, type Incremental } from '../experiments/incremental.ts';
import { summarizeSample } from '../experiments/sample.ts';
import type { SampleRatio } from '../experiments/sample-ratio.ts';

/** What an experiment says was caused, or why it says nothing. */
export type IncrementalEffect = Incremental | { kind: 'invalid'; sampleRatio: SampleRatio };

/** One customer of an experiment, with what they did since they came into it. */
export interface MemberOutcome extends ExperimentMember {
  conversions: number;
  /** Minor units. */
  value: number;
}

/**
 * Treated against control, over all who were treated: conversions and value (minor units).
 * @param controlShare of 10,000
 */
export function computeIncrementalEffect(
  outcomes: readonly MemberOutcome[],
  controlShare: number,
): { conversions: IncrementalEffect; value: IncrementalEffect } {
  const { treated, control, sampleRatio } = splitArms(outcomes, controlShare);
  const of = (number: (one: MemberOutcome) => number): IncrementalEffect => {
    if (control.length > 0 && sampleRatio.verdict === 'invalid') return { kind: 'invalid', sampleRatio };
    return computeIncrementalOfMeans(
      summarizeSample(treated.map(number)),
      summarizeSample(control.map(number)),
    );
  };
  return { conversions: of((one) => one.conversions), value: of((one) => one.value) };
}
