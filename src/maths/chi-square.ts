import { exp } from './elementary.ts';
import { normalCdf, normalDensity } from './normal.ts';

/**
 * P(X ≥ x) of the χ² distribution with `degrees` (a whole number ≥ 1) degrees of freedom, by its closed sums for even
 * and odd degrees (Abramowitz and Stegun, 26.4.4 and 26.4.5).
 */
export function chiSquareTail(x: number, degrees: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  return degrees % 2 === 0 ? evenTail(x, degrees) : oddTail(x, degrees);
}

function evenTail(x: number, degrees: number): number {
  let term = exp(-x / 2);
  let sum = term;
  for (let r = 1; r < degrees / 2; r++) {
    term *= x / 2 / r;
    sum += term;
  }
  return Math.min(1, sum);
}

function oddTail(x: number, degrees: number): number {
  const root = Math.sqrt(x);
  let term = 2 * normalDensity(root) * root;
  let sum = 2 * normalCdf(-root);
  for (let r = 1; r <= (degrees - 1) / 2; r++) {
    sum += term;
    term *= x / (2 * r + 1);
  }
  return Math.min(1, sum);
}
