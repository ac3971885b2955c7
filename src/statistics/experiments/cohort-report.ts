import { type CompareOptions, compareMeans, compareRates } from './compare.ts';
import {
  buildHeadline,
  type ExperimentArms,
  type ExperimentMember,
  type Headline,
  splitArms,
} from './headline.ts';
import { countEvents, summarizeSample } from './sample.ts';
import type { SampleRatio } from './sample-ratio.ts';

/** What one customer was worth in the time that is reported on. */
export interface CohortRow extends ExperimentMember {
  /** Customers that are looked at together, such as those who came in one month. */
  cohort: string;
  purchases: number;
  /** Bought again, renewed, stayed: whatever the workspace calls loyal. */
  loyal: boolean;
  /** Recommended, reviewed, a promoter. */
  advocate: boolean;
  /** Minor units, net of refunds. */
  value: number;
}

/** One cohort's customer value against its controls. */
export interface CohortReport {
  cohort: string;
  sampleRatio: SampleRatio;
  /** Purchases per customer. */
  frequency: Headline;
  /** Share of customers. */
  loyalty: Headline;
  /** Share of customers. */
  advocacy: Headline;
  /** Minor units per customer. */
  value: Headline;
}

/**
 * B-4, C-9: customer value per cohort, against control, never per campaign. Cohorts by name; `all` stands apart, since
 * a cohort may have any name.
 * @param controlShare of 10,000
 */
export function buildCohortReport(
  rows: readonly CohortRow[],
  controlShare: number,
  options?: CompareOptions,
): { all: CohortReport; cohorts: CohortReport[] } {
  const cohorts = [...new Set(rows.map((row) => row.cohort))].sort();
  return {
    all: reportOf('', rows, controlShare, options),
    cohorts: cohorts.map((cohort) =>
      reportOf(
        cohort,
        rows.filter((row) => row.cohort === cohort),
        controlShare,
        options,
      ),
    ),
  };
}

function reportOf(
  cohort: string,
  rows: readonly CohortRow[],
  controlShare: number,
  options?: CompareOptions,
): CohortReport {
  const arms = splitArms(rows, controlShare);
  return {
    cohort,
    sampleRatio: arms.sampleRatio,
    frequency: ofMeans(arms, (row) => row.purchases, options),
    loyalty: ofRates(arms, (row) => row.loyal, options),
    advocacy: ofRates(arms, (row) => row.advocate, options),
    value: ofMeans(arms, (row) => row.value, options),
  };
}

function ofMeans(
  { treated, control, sampleRatio }: ExperimentArms<CohortRow>,
  number: (row: CohortRow) => number,
  options?: CompareOptions,
): Headline {
  return buildHeadline(sampleRatio, () =>
    compareMeans(summarizeSample(treated.map(number)), summarizeSample(control.map(number)), options),
  );
}

function ofRates(
  { treated, control, sampleRatio }: ExperimentArms<CohortRow>,
  did: (row: CohortRow) => boolean,
  options?: CompareOptions,
): Headline {
  return buildHeadline(sampleRatio, () =>
    compareRates(countEvents(treated.map(did)), countEvents(control.map(did)), options),
  );
}
