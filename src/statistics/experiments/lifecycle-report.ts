import type { Instant } from '../../domain/time/time.ts';
import { type CompareOptions, compareRates } from './compare.ts';
import { buildHeadline, type ExperimentMember, type Headline, splitArms } from './headline.ts';
import { countEvents } from './sample.ts';

/** What one customer did over their whole life; instants in any order. */
export interface LifecycleRow extends ExperimentMember {
  knownSince: Instant;
  purchases: Instant[];
  /** What a person did: clicks, visits, replies. */
  engagements: Instant[];
}

/** Each part of the life has customers of its own; the three are never added up. */
export interface LifecycleReport {
  /** Of those who had never bought: who bought for the first time. */
  acquisition: Headline;
  /** Of all who were known: who did anything. */
  engagement: Headline;
  /** Of those who had bought: who bought again. */
  retention: Headline;
}

/**
 * C-12: acquisition, engagement and retention from `from` to before `to`, apart, each against its controls.
 * @param controlShare of 10,000
 */
export function buildLifecycleReport(
  rows: readonly LifecycleRow[],
  { from, to }: { from: Instant; to: Instant },
  controlShare: number,
  options?: CompareOptions,
): LifecycleReport {
  const known = rows.filter((row) => row.knownSince < to);
  const bought = (row: LifecycleRow) => row.purchases.some((at) => at < from);
  const within = (at: Instant) => at >= from && at < to;
  return {
    acquisition: share(
      known.filter((row) => !bought(row)),
      (row) => row.purchases.some(within),
    ),
    engagement: share(known, (row) => row.engagements.some(within)),
    retention: share(known.filter(bought), (row) => row.purchases.some(within)),
  };

  function share(of: readonly LifecycleRow[], did: (row: LifecycleRow) => boolean): Headline {
    const { treated, control, sampleRatio } = splitArms(of, controlShare);
    return buildHeadline(sampleRatio, () =>
      compareRates(countEvents(treated.map(did)), countEvents(control.map(did)), options),
    );
  }
}
