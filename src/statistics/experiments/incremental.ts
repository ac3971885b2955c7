import { type CompareOptions, type Comparison, compareMeans } from './compare.ts';
import type { Sample } from './sample.ts';

/** What the treatment has caused over all who were treated, or why that can't be said. */
export type Incremental =
  | Exclude<Comparison, { kind: 'compared' | 'underpowered' }>
  | {
      /** `underpowered`: zero is inside the interval, and these arms couldn't have shown what matters. */
      kind: 'incremental' | 'underpowered';
      /** The difference per customer times the customers treated: minor units, or conversions. */
      amount: number;
      low: number;
      high: number;
      comparison: Comparison;
    };

/** What was caused in value, or in numbers per customer (orders). */
export function computeIncrementalOfMeans(
  treated: Sample,
  control: Sample | null,
  options?: CompareOptions,
): Incremental {
  return computeIncremental(compareMeans(treated, control, options));
}

/** From a comparison to its sum over all who were treated. */
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
