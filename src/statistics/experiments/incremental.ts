import { type CompareOptions, type Comparison, compareMeans } from './compare.ts';
import type { Sample } from './sample.ts';

/** What the treatment caused, summed over all treated customers, or the reason why it can't be computed. */
export type Incremental =
  | Exclude<Comparison, { kind: 'compared' | 'underpowered' }>
  | {
      /** `underpowered`: zero is inside the interval, and the arms are too small to detect a relevant difference. */
      kind: 'incremental' | 'underpowered';
      /** Difference per customer × treated customers, in minor units or conversions. */
      amount: number;
      low: number;
      high: number;
      comparison: Comparison;
    };

/** Computes the incremental value, or number (of orders), from means per customer. */
export function computeIncrementalOfMeans(
  treated: Sample,
  control: Sample | null,
  options?: CompareOptions,
): Incremental {
  return computeIncremental(compareMeans(treated, control, options));
}

/** Multiplies a comparison by the number of treated customers. */
export function computeIncremental(comparison: Comparison): Incremental {
  if (comparison.kind !== 'compared' && comparison.kind !== 'underpowered') return comparison;
  const { customers } = comparison.treated;
  return {
    kind: comparison.kind === 'compared' ? 'incremental' : 'underpowered',
    amount: comparison.difference * customers,
    low: comparison.low * customers,
    high: comparison.high * customers,
    comparison,
  };
}
