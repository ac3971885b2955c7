import { chiSquareTail } from '../../maths/chi-square.ts';

/** The number of customers in an arm, and its share in the assignment, in any unit. */
export interface ArmCount {
  arm: string;
  customers: number;
  share: number;
}

/**
 * - `invalid`: a sample-ratio mismatch: the assignment can't have produced these numbers. Something drops or adds
 *   customers in one arm (a redirect, a filter, an event that only one arm sends), so the arms can't be compared.
 * - `too_few`: an arm has fewer than five expected customers.
 * - `one_arm`: there are no two arms to compare.
 */
export interface SampleRatio {
  verdict: 'ok' | 'invalid' | 'too_few' | 'one_arm';
  chiSquare: number;
  p: number;
  arms: { arm: string; customers: number; expected: number }[];
}

const INVALID_P = 0.001;
const MIN_EXPECTED = 5;

/**
 * Tests the numbers of customers against their shares with Pearson's χ² test; invalid below p = 0.001 (Fabijan et al.,
 * "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments", 2019).
 */
export function checkSampleRatio(counts: readonly ArmCount[]): SampleRatio {
  const customers = counts.reduce((sum, count) => sum + count.customers, 0);
  const shares = counts.reduce((sum, count) => sum + count.share, 0);
  const arms = counts.map((count) => ({
    arm: count.arm,
    customers: count.customers,
    expected: shares > 0 ? (customers * count.share) / shares : 0,
  }));
  // An arm with the share 0 has customers: this is certainly a mismatch.
  if (arms.some((arm) => arm.expected === 0 && arm.customers > 0)) {
    return { verdict: 'invalid', chiSquare: 0, p: 0, arms };
  }
  const testable = arms.filter((_, i) => (counts[i] as ArmCount).share > 0);
  if (testable.length < 2) return { verdict: 'one_arm', chiSquare: 0, p: 1, arms };
  if (testable.some((arm) => arm.expected < MIN_EXPECTED))
    return { verdict: 'too_few', chiSquare: 0, p: 1, arms };
  const chiSquare = testable.reduce(
    (sum, arm) => sum + (arm.customers - arm.expected) ** 2 / arm.expected,
    0,
  );
  const p = chiSquareTail(chiSquare, testable.length - 1);
  return { verdict: p < INVALID_P ? 'invalid' : 'ok', chiSquare, p, arms };
}
