import type { Comparison } from './compare.ts';
import { checkSampleRatio, type SampleRatio } from './sample-ratio.ts';

/** What may stand at the top of a report (E-4): a comparison, or why there is none. */
export type Headline = Comparison | { kind: 'invalid'; sampleRatio: SampleRatio };

/** One customer of an experiment. */
export interface ExperimentMember {
  customer: string;
  arm: 'treated' | 'control';
  /** Left out: two arms met in a merge. */
  excluded: boolean;
}

/** The arms' members, without those who are left out, and whether their sizes are what the assignment gives. */
export interface ExperimentArms<Row> {
  treated: Row[];
  control: Row[];
  sampleRatio: SampleRatio;
}

/** @param controlShare of 10,000; see `controlShare` of the assignment */
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

/** The comparison, unless the arms' sizes say that it means nothing. */
export function buildHeadline(ratio: SampleRatio, comparison: () => Comparison): Headline {
  return ratio.verdict === 'invalid' ? { kind: 'invalid', sampleRatio: ratio } : comparison();
}
