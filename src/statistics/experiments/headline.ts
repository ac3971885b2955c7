import type { Comparison } from './compare.ts';
import { checkSampleRatio, type SampleRatio } from './sample-ratio.ts';

/** The main number of a report (E-4): a comparison, or the reason why there is none. */
export type Headline = Comparison | { kind: 'invalid'; sampleRatio: SampleRatio };

/** One customer of an experiment. */
export interface ExperimentMember {
  customer: string;
  arm: 'treated' | 'control';
  /** Left out of comparisons, because a merge united customers of two arms. */
  excluded: boolean;
}

/** The members of both arms without the excluded ones, and a check of their numbers against the assignment. */
export interface ExperimentArms<Row> {
  treated: Row[];
  control: Row[];
  sampleRatio: SampleRatio;
}

/**
 * Splits members by arm, and checks the sample ratio.
 * @param controlShare of 10,000; see `computeControlShare`
 */
export function splitArms<Row extends ExperimentMember>(
  rows: readonly Row[],
  controlShare: number,
): ExperimentArms<Row> {
  const kept = rows.filter((row) => !row.excluded);
  const treated = kept.filter((row) => row.arm === 'treated');
  const control = kept.filter((row) => row.arm === 'control');
  return {
    treated,
    control,
    sampleRatio: checkSampleRatio([
      { arm: 'treated', customers: treated.length, share: 10_000 - controlShare },
      { arm: 'control', customers: control.length, share: controlShare },
    ]),
  };
}

/** Returns the comparison, unless the sample ratio makes it invalid. */
export function buildHeadline(ratio: SampleRatio, comparison: () => Comparison): Headline {
  return ratio.verdict === 'invalid' ? { kind: 'invalid', sampleRatio: ratio } : comparison();
}
