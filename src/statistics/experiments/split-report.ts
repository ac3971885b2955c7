import { normalQuantile } from '../../maths/normal.ts';
import { type CompareOptions, compareRates } from './compare.ts';
import { buildHeadline, type Headline } from './headline.ts';
import { countEvents, type EventCount } from './sample.ts';
import { checkSampleRatio, type SampleRatio } from './sample-ratio.ts';

/** One customer in a split of several arms. */
export interface SplitRow {
  arm: string;
  succeeded: boolean;
}

interface SplitArm {
  arm: string;
  customers: number;
  /** Against the first arm; of that one null, and of all where the sizes are wrong. */
  comparison: Headline | null;
  /** Share of customers who did it, with its interval; null where there is nothing to hold it against. */
  rate: { mean: number; low: number; high: number } | null;
}

export interface SplitReport {
  sampleRatio: SampleRatio;
  arms: SplitArm[];
  /** Better than each of the others, beyond chance and by no less than these arms could be relied on to show. */
  winner: string | null;
  /** Customers in arms that the split doesn't have (any more): left out. */
  unknown: number;
}

/**
 * Arms that customers were split into, each against the first. The level is divided among all pairs, so that it holds
 * for the winner too. With arms of wrong sizes there are no rates and no winner.
 * @param shares of the arms, in any unit; the first is what the others are held against
 */
export function buildSplitReport(
  rows: readonly SplitRow[],
  shares: readonly { arm: string; share: number }[],
  options: CompareOptions = {},
): SplitReport {
  const pairs = Math.max(1, (shares.length * (shares.length - 1)) / 2);
  const level = 1 - (1 - (options.level ?? 0.95)) / pairs;
  const counts = shares.map(({ arm }) =>
    countEvents(rows.filter((row) => row.arm === arm).map((row) => row.succeeded)),
  );
  const ratio = checkSampleRatio(
    shares.map(({ arm, share }, i) => ({ arm, share, customers: (counts[i] as EventCount).customers })),
  );
  const valid = ratio.verdict !== 'invalid' && counts.filter(({ customers }) => customers > 0).length > 1;
  const against = (one: EventCount, other: EventCount) =>
    buildHeadline(ratio, () => compareRates(one, other, { ...options, level }));
  const beats = (one: EventCount, other: EventCount) => {
    const found = against(one, other);
    return found.kind === 'compared' && found.low > 0 && found.difference >= found.detectable;
  };
  const best = counts.findIndex((one, i) => counts.every((other, j) => i === j || beats(one, other)));
  const [reference] = counts;
  return {
    sampleRatio: ratio,
    arms: shares.map(({ arm }, i) => {
      const count = counts[i] as EventCount;
      return {
        arm,
        customers: count.customers,
        comparison: i === 0 || !valid ? null : against(count, reference as EventCount),
        rate: valid && count.customers > 0 ? rateOf(count, level) : null,
      };
    }),
    winner: valid && counts.length > 1 ? (shares[best]?.arm ?? null) : null,
    unknown: rows.length - counts.reduce((sum, { customers }) => sum + customers, 0),
  };
}

/** Wilson's interval (1927): inside 0…1, and it holds for rare events too. */
function rateOf(
  { customers, events }: EventCount,
  level: number,
): { mean: number; low: number; high: number } {
  const z = normalQuantile(1 - (1 - level) / 2);
  const mean = events / customers;
  const weight = 1 + (z * z) / customers;
  const centre = (mean + (z * z) / (2 * customers)) / weight;
  const width =
    (z * Math.sqrt((mean * (1 - mean)) / customers + (z * z) / (4 * customers * customers))) / weight;
  return { mean, low: Math.max(0, centre - width), high: Math.min(1, centre + width) };
}
