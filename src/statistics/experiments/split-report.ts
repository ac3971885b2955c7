import { proportionInterval } from '../../maths/proportion-interval.ts';
import { type CompareOptions, compareRates } from './compare.ts';
import { buildHeadline, type Headline } from './headline.ts';
import type { EventCount } from './sample.ts';
import { checkSampleRatio, type SampleRatio } from './sample-ratio.ts';

interface SplitArm {
  arm: string;
  customers: number;
  /** Comparison with the first arm; null for the first arm, and for all arms if the sample ratio is invalid. */
  comparison: Headline | null;
  /** Share of customers who succeeded, with its interval; null if there is no other arm to compare with. */
  rate: { mean: number; low: number; high: number } | null;
}

export interface SplitReport {
  sampleRatio: SampleRatio;
  arms: SplitArm[];
  /** The arm that is significantly better than every other, by at least the detectable difference; null if there is none. */
  winner: string | null;
  /** Number of customers in arms that the split no longer has; they are left out. */
  unknown: number;
}

/**
 * Builds the report of a split test: each arm compared with the first. The error level is divided among all pairs of arms
 * (Bonferroni), so that it also holds for the winner. With an invalid sample ratio there are no rates and no winner.
 * @param found customers of each arm, and those of them who succeeded
 * @param shares of the arms, in any unit; the first arm is the reference
 */
export function buildSplitReport(
  found: readonly ({ arm: string } & EventCount)[],
  shares: readonly { arm: string; share: number }[],
  options: CompareOptions = {},
): SplitReport {
  const pairs = Math.max(1, (shares.length * (shares.length - 1)) / 2);
  const level = 1 - (1 - (options.level ?? 0.95)) / pairs;
  const counts = shares.map(({ arm }): EventCount => {
    const { customers = 0, events = 0 } = found.find((count) => count.arm === arm) ?? {};
    return { customers, events };
  });
  const ratio = checkSampleRatio(
    shares.map(({ arm, share }, i) => ({ arm, share, customers: (counts[i] as EventCount).customers })),
  );
  const valid = ratio.verdict !== 'invalid' && counts.filter(({ customers }) => customers > 0).length > 1;
  const compare = (a: EventCount, b: EventCount) =>
    buildHeadline(ratio, () => compareRates(a, b, { ...options, level }));
  const isBetter = (a: EventCount, b: EventCount) => {
    const comparison = compare(a, b);
    return (
      comparison.kind === 'compared' && comparison.low > 0 && comparison.difference >= comparison.detectable
    );
  };
  const best = counts.findIndex((a, i) => counts.every((b, j) => i === j || isBetter(a, b)));
  const [reference] = counts;
  return {
    sampleRatio: ratio,
    arms: shares.map(({ arm }, i) => {
      const count = counts[i] as EventCount;
      return {
        arm,
        customers: count.customers,
        comparison: i === 0 || !valid ? null : compare(count, reference as EventCount),
        rate: valid && count.customers > 0 ? rateOf(count, level) : null,
      };
    }),
    winner: valid && counts.length > 1 ? (shares[best]?.arm ?? null) : null,
    unknown: sumCustomers(found) - sumCustomers(counts),
  };
}

function rateOf({ customers, events }: EventCount, level: number) {
  return { mean: events / customers, ...proportionInterval(events, customers, level) };
}

function sumCustomers(counts: readonly EventCount[]): number {
  return counts.reduce((sum, { customers }) => sum + customers, 0);
}
