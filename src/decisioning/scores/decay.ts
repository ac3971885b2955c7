import type { Instant, Millis } from '../../domain/time.ts';
import { exp2 } from '../maths/elementary.ts';
import type { Decayed } from './types.ts';

/** What is left of 1 after `age`, halved every `half`. What lies ahead is as of now. */
export function fading(age: Millis, half: Millis): number {
  return exp2(-Math.max(0, age) / half);
}

/**
 * Adds what happened at `at`. In any order, late or not, the sum is the same but for the last digits of a double; two
 * sums of one half-life merge by adding one's value at its instant.
 */
export function plus(sum: Decayed | null, at: Instant, weight: number, half: Millis): Decayed {
  if (sum === null) return { value: weight, at };
  const to = Math.max(sum.at, at);
  return { value: valueAt(sum, to, half) + weight * fading(to - at, half), at: to };
}

export function valueAt(sum: Decayed | null, now: Instant, half: Millis): number {
  return sum === null ? 0 : sum.value * fading(now - sum.at, half);
}
