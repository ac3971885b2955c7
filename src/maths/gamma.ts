import { log, log1p, pow } from './elementary.ts';

const HALF_LOG_2PI = 0.9189385332046728;
const ONE_LESS_EULER = 0.42278433509846713;
/** (ζ(k) − 1) / k for k = 2, 3, …. */
const ZETA_TERMS = [
  0.3224670334241132, 0.0673523010531981, 0.020580808427784546, 0.007385551028673986, 0.0028905103307415234,
  0.001192753911703261, 0.0005096695247430425, 0.00022315475845357939, 9.945751278180853e-5,
  4.492623673813314e-5, 2.050721277567069e-5, 9.439488275268397e-6, 4.374866789907488e-6,
  2.039215753801366e-6, 9.55141213040742e-7, 4.492469198764566e-7, 2.1207184805554665e-7,
  1.0043224823968099e-7, 4.7698101693639804e-8, 2.2711094608943164e-8, 1.0838659214896955e-8,
  5.183475041970047e-9, 2.4836745438024785e-9, 1.1921401405860912e-9, 5.731367241678862e-10,
  2.7595228851242334e-10, 1.330476437424449e-10, 6.4229645638381e-11, 3.1044247747322276e-11,
  1.5021384080754142e-11,
];

/** ln Γ(x) for x > 0; Infinity at 0, NaN below. By Stirling's series (DLMF 5.11) and a series around 2 (DLMF 5.7.3). */
export function logGamma(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 || x === Infinity ? Infinity : NaN;
  if (x >= 10) return (x - 0.5) * log(x) - x + HALF_LOG_2PI + correction(x);
  if (x < 0.5) return aroundTwo(x) - log1p(x) - log(x);
  if (x < 1.5) return aroundTwo(x - 1) - log1p(x - 1);
  let product = 1;
  let rest = x;
  while (rest > 2.5) {
    rest -= 1;
    product *= rest;
  }
  return aroundTwo(rest - 2) + log(product);
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b) for a, b > 0, without cancellation when a or b is large. */
export function logBeta(a: number, b: number): number {
  if (a < b) return logBeta(b, a);
  if (!(b > 0) || a < 10) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const common = correction(a) - correction(a + b) - (a - 0.5) * log1p(b / a);
  if (b < 10) return logGamma(b) + common - b * log(a + b) + b;
  return common + correction(b) + HALF_LOG_2PI + (b - 0.5) * log(b / (a + b)) - 0.5 * log(a + b);
}

/**
 * The hypergeometric function ₂F₁(a, b; c; z) for |z| < 1, by its series (DLMF 15.2.1). NaN outside, and where c is 0 or a
 * negative integer. Most accurate with a, b, c > 0, where no terms cancel. It takes about 35 / −ln|z| terms.
 */
export function hypergeometric2F1(a: number, b: number, c: number, z: number): number {
  if (!(z > -1 && z < 1) || (c <= 0 && Math.floor(c) === c)) return NaN;
  // For z < 0 the terms alternate; Pfaff's transformation (DLMF 15.8.1) makes z positive.
  if (z < 0) return pow(1 - z, -a) * hypergeometric2F1(a, c - b, c, z / (z - 1));
  let term = 1;
  let sum = 1;
  for (let n = 0; n < 1_000_000; n++) {
    const ratio = ((a + n) / (c + n)) * ((b + n) / (1 + n)) * z;
    term *= ratio;
    sum += term;
    // Once the ratios decrease towards |z|, the rest is less than a geometric series of this ratio.
    const settled = n > -a && n > -b && n > -c && ratio < 1;
    if (
      term === 0 ||
      (settled && Math.abs(term) * Math.max(ratio, z) < 1e-17 * Math.abs(sum) * (1 - Math.max(ratio, z)))
    )
      return sum;
  }
  return sum;
}

/** ln Γ(2 + z) for |z| ≤ ½: z(1 − γ) + Σ (ζ(k) − 1)·(−z)^k / k. */
function aroundTwo(z: number): number {
  let sum = 0;
  for (let k = ZETA_TERMS.length - 1; k >= 0; k--) sum = (ZETA_TERMS[k] as number) - z * sum;
  return z * (ONE_LESS_EULER + z * sum);
}

/** Stirling's correction 1/(12x) − 1/(360x³) + … for x ≥ 10. */
function correction(x: number): number {
  const y = 1 / (x * x);
  const far = 1 / 1188 + y * (-691 / 360360 + y * (1 / 156 + y * (-3617 / 122400)));
  return (1 / 12 + y * (-1 / 360 + y * (1 / 1260 + y * (-1 / 1680 + y * far)))) / x;
}
