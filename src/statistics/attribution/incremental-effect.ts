import { computeIncrementalOfMeans, type Incremental } from '../experiments/incremental.ts';
import { summarizeSums } from '../experiments/sample.ts';
import { checkSampleRatio, type SampleRatio } from '../experiments/sample-ratio.ts';

/** The incremental effect of an experiment, or the reason why there is none. */
export type IncrementalEffect = Incremental | { kind: 'invalid'; sampleRatio: SampleRatio };

/** The customers of one arm, and sums over them: of conversions, of their value in minor units, and of the squares. */
export interface ArmConversions {
  customers: number;
  conversions: number;
  conversionSquares: bigint;
  value: number;
  valueSquares: bigint;
}

/**
 * Computes the incremental conversions and value (minor units) over all treated customers, compared with the controls.
 * @param controlShare of 10,000
 */
export function computeIncrementalEffect(
  { treated, control }: Record<'treated' | 'control', ArmConversions>,
  controlShare: number,
): { conversions: IncrementalEffect; value: IncrementalEffect } {
  const sampleRatio = checkSampleRatio([
    { arm: 'treated', customers: treated.customers, share: 10_000 - controlShare },
    { arm: 'control', customers: control.customers, share: controlShare },
  ]);
  const compare = (read: (arm: ArmConversions) => [sum: number, squares: bigint]): IncrementalEffect => {
    if (control.customers > 0 && sampleRatio.verdict === 'invalid') return { kind: 'invalid', sampleRatio };
    const sample = (arm: ArmConversions) => summarizeSums(arm.customers, ...read(arm));
    return computeIncrementalOfMeans(sample(treated), sample(control));
  };
  return {
    conversions: compare((arm) => [arm.conversions, arm.conversionSquares]),
    value: compare((arm) => [arm.value, arm.valueSquares]),
  };
}
