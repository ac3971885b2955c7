import { type ExperimentMember, splitArms } from '../experiments/headline.ts';
import { computeIncrementalOfMeans, type Incremental } from '../experiments/incremental.ts';
import { summarizeSample } from '../experiments/sample.ts';
import type { SampleRatio } from '../experiments/sample-ratio.ts';

/** The incremental effect of an experiment, or the reason why there is none. */
export type IncrementalEffect = Incremental | { kind: 'invalid'; sampleRatio: SampleRatio };

/** One customer of an experiment, with their conversions since they entered it. */
export interface MemberOutcome extends ExperimentMember {
  conversions: number;
  /** Minor units. */
  value: number;
}

/**
 * Computes the incremental conversions and value (minor units) over all treated customers, compared with the controls.
 * @param controlShare of 10,000
 */
export function computeIncrementalEffect(
  outcomes: readonly MemberOutcome[],
  controlShare: number,
): { conversions: IncrementalEffect; value: IncrementalEffect } {
  const { treated, control, sampleRatio } = splitArms(outcomes, controlShare);
  const compare = (readNumber: (outcome: MemberOutcome) => number): IncrementalEffect => {
    if (control.length > 0 && sampleRatio.verdict === 'invalid') return { kind: 'invalid', sampleRatio };
    return computeIncrementalOfMeans(
      summarizeSample(treated.map(readNumber)),
      summarizeSample(control.map(readNumber)),
    );
  };
  return {
    conversions: compare((outcome) => outcome.conversions),
    value: compare((outcome) => outcome.value),
  };
}
