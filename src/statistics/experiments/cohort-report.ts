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

/** What one customer did and earned in the period of the report. */
export interface CohortRow extends ExperimentMember {
  /** Group of customers that are reported together, such as those who joined in one month. */
  cohort: string;
  purchases: number;
  /** Bought again. */
  loyal: boolean;
  /** Recommended, reviewed, or answered a survey as a promoter. */
  advocate: boolean;
  /** Minor units, net of refunds. */
  value: number;
}

/** The customer value of one cohort, compared with its controls. */
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
 * Builds the report of customer value per cohort, compared with the controls (B-4, C-9), never per campaign. Cohorts are
 * sorted by name; `all` is a separate field, because a cohort can have any name.
 * @param controlShare of 10,000
 */
export function buildCohortReport(
  rows: readonly CohortRow[],
  controlShare: number,
  options?: CompareOptions,
): { all: CohortReport; cohorts: CohortReport[] } {
  const cohorts = [...new Set(rows.map((row) => row.cohort))].sort();
  return {
    all: buildReport('', rows, controlShare, options),
    cohorts: cohorts.map((cohort) =>
      buildReport(
        cohort,
        rows.filter((row) => row.cohort === cohort),
        controlShare,
        options,
      ),
    ),
  };
}

function buildReport(
  cohort: string,
  rows: readonly CohortRow[],
  controlShare: number,
  options?: CompareOptions,
): CohortReport {
  const arms = splitArms(rows, controlShare);
  return {
    cohort,
    sampleRatio: arms.sampleRatio,
    frequency: compareByMean(arms, (row) => row.purchases, options),
    loyalty: compareByRate(arms, (row) => row.loyal, options),
    advocacy: compareByRate(arms, (row) => row.advocate, options),
    value: compareByMean(arms, (row) => row.value, options),
  };
}

function compareByMean(
  { treated, control, sampleRatio }: ExperimentArms<CohortRow>,
  readNumber: (row: CohortRow) => number,
  options?: CompareOptions,
): Headline {
  return buildHeadline(sampleRatio, () =>
    compareMeans(summarizeSample(treated.map(readNumber)), summarizeSample(control.map(readNumber)), options),
  );
}

function compareByRate(
  { treated, control, sampleRatio }: ExperimentArms<CohortRow>,
  readFlag: (row: CohortRow) => boolean,
  options?: CompareOptions,
): Headline {
  return buildHeadline(sampleRatio, () =>
    compareRates(countEvents(treated.map(readFlag)), countEvents(control.map(readFlag)), options),
  );
}
