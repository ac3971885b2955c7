import { chiSquareTail } from '../../maths/chi-square.ts';

/** How many customers an arm has, and its share of all, in any unit. */
export interface ArmCount {
  arm: string;
  customers: number;
  share: number;
}

/**
 * - `invalid`: the arms' sizes can't have come about by the assignment. Something drops or adds customers in one arm
 *   (a redirect, a filter, an event that only one arm sends), so no comparison of these arms means anything.
 * - `too_few`: fewer than five customers are expected in some arm.
 * - `one_arm`: there is nothing to compare.
 */
export interface SampleRatio {
  verdict: 'ok' | 'invalid' | 'too_few' | 'one_arm';
  chiSquare: number;
  p: number;
  arms: { arm: string; customers: number; expected: number }[];
}

const INVALID = 0.001;
const FEWEST = 5;

/** Tests the arms' sizes against their shares: χ², invalid below p = 0.001. */
export function checkSampleRatio(counts: readonly ArmCount[]): SampleRatio {
  const customers = counts.reduce((sum, count) => sum + count.customers, 0);
  const shares = counts.reduce((sum, count) => sum + count.share, 0);
  const arms = counts.map(({ arm, customers: its, share }) => ({
    arm,
    customers: its,
    expected: shares > 0 ? (customers * share) / shares : 0,
  }));
  // Somebody in an arm that was given nobody: no test is needed.
  if (arms.some((arm) => arm.expected === 0 && arm.customers > 0)) {
    return { verdict: 'invalid', chiSquare: 0, p: 0, arms };
  }
  const real = arms.filter((_, i) => (counts[i] as ArmCount).share > 0);
  if (real.length < 2) return { verdict: 'one_arm', chiSquare: 0, p: 1, arms };
  if (real.some((arm) => arm.expected < FEWEST)) return { verdict: 'too_few', chiSquare: 0, p: 1, arms };
  const chiSquare = real.reduce((sum, arm) => sum + (arm.customers - arm.expected) ** 2 / arm.expected, 0);
  const p = chiSquareTail(chiSquare, real.length - 1);
  return { verdict: p < INVALID ? 'invalid' : 'ok', chiSquare, p, arms };
}
