import { logistic } from '../maths/elementary.ts';
import type { ServedArm } from './serve.ts';

const PI_EIGHTH = 0.39269908169872414;

/** What is expected of an arm for one vector of features, and how sure that is: on the scale of its weights. */
export interface Belief {
  /** xᵀ·mean: log odds, or money. */
  mean: number;
  /** Standard deviation of xᵀθ. */
  spread: number;
}

/** O(size²). */
export function beliefOf({ mean, root }: ServedArm, x: ArrayLike<number>): Belief {
  let expected = 0;
  let variance = 0;
  let at = 0;
  for (let j = 0; j < mean.length; j++) {
    expected += (mean[j] as number) * (x[j] as number);
    let sum = 0;
    for (let i = 0; i <= j; i++) sum += (root[at++] as number) * (x[i] as number);
    variance += sum * sum;
  }
  return { mean: expected, spread: Math.sqrt(variance) };
}

/** The probability of a reward, or the expected amount, with what isn't known averaged out. */
export function expectationOf({ likelihood }: ServedArm, { mean, spread }: Belief): number {
  if (likelihood.kind === 'money') return mean;
  return logistic(mean / Math.sqrt(1 + PI_EIGHTH * spread * spread));
}
