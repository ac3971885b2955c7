import type { Instant } from '../../domain/time/time.ts';
import { type CompareOptions, compareRates } from './compare.ts';
import { buildHeadline, type ExperimentMember, type Headline, splitArms } from './headline.ts';
import { countEvents } from './sample.ts';

/** Everything that one customer did; instants in any order. */
export interface LifecycleRow extends ExperimentMember {
  knownSince: Instant;
  purchases: Instant[];
  /** Human activity: clicks, visits, replies. */
  engagements: Instant[];
}

/** Each phase is about different customers, so the three numbers are never added up. */
export interface LifecycleReport {
  /** Among customers without an earlier purchase: the share who bought for the first time. */
  acquisition: Headline;
  /** Among all customers: the share with any activity. */
  engagement: Headline;
  /** Among customers with an earlier purchase: the share who bought again. */
  retention: Headline;
}

/**
 * Builds the report of acquisition, engagement and retention from `from` to before `to`, each against its controls (C-12).
 * @param controlShare of 10,000
 */
export function buildLifecycleReport(
  rows: readonly LifecycleRow[],
  { from, to }: { from: Instant; to: Instant },
  controlShare: number,
  options?: CompareOptions,
): LifecycleReport {
  const customers = rows.filter((row) => row.knownSince < to);
  const boughtBefore = (row: LifecycleRow) => row.purchases.some((at) => at < from);
  const isInPeriod = (at: Instant) => at >= from && at < to;
  return {
    acquisition: compareShares(
      customers.filter((row) => !boughtBefore(row)),
      (row) => row.purchases.some(isInPeriod),
    ),
    engagement: compareShares(customers, (row) => row.engagements.some(isInPeriod)),
    retention: compareShares(customers.filter(boughtBefore), (row) => row.purchases.some(isInPeriod)),
  };

  function compareShares(
    members: readonly LifecycleRow[],
    matches: (row: LifecycleRow) => boolean,
  ): Headline {
    const { treated, control, sampleRatio } = splitArms(members, controlShare);
    return buildHeadline(sampleRatio, () =>
      compareRates(countEvents(treated.map(matches)), countEvents(control.map(matches)), options),
    );
  }
}
