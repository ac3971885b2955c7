const HALF_PI = 1.5707963267948966;

/** Cosine and sine of a share of a full turn, such as an hour on the circle of a day. Exact to 1e-15. */
export function mapToCircle(turn: number): { cos: number; sin: number } {
  const quarters = 4 * (turn - Math.floor(turn));
  const quarter = Math.floor(quarters + 0.5);
  const angle = (quarters - quarter) * HALF_PI;
  const cos = series(angle, 0);
  const sin = series(angle, 1);
  if (quarter % 4 === 0) return { cos, sin };
  if (quarter % 4 === 1) return { cos: -sin, sin: cos };
  return quarter % 4 === 2 ? { cos: -cos, sin: -sin } : { cos: sin, sin: -cos };
}

/** The Taylor series x^k/k! − x^(k+2)/(k+2)! + … with k = `first`, for |x| ≤ π/4. */
function series(x: number, first: 0 | 1): number {
  let factor = 1;
  for (let n = 18 + first; n > first; n -= 2) factor = 1 - (factor * x * x) / (n * (n - 1));
  return first === 0 ? factor : x * factor;
}
