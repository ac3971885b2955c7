import { exp, log } from './elementary.ts';

const SQRT_2PI = 2.5066282746310002;

/** Coefficients of numerator and denominator, lowest power first. */
const CENTRE = {
  above: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  below: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
};
const TAIL = {
  above: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  below: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
};
const FAR = {
  above: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  below: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};

/** The standard normal's density at z. */
export function normalDensity(z: number): number {
  // e^(−z²/2) in two factors, because the exponential would magnify the rounding error of a large z².
  const coarse = Math.floor(z * 16) / 16;
  return (exp(-0.5 * coarse * coarse) * exp(-0.5 * (z - coarse) * (z + coarse))) / SQRT_2PI;
}

/** P(Z ≤ z) of a standard normal, to a relative 1e-14 in both tails. */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return z;
  if (z < -1) return upperTail(-z);
  if (z > 1) return 1 - upperTail(z);
  return 0.5 + centre(z);
}

/** P(0 ≤ Z ≤ z) for |z| ≤ 1: density × (z + z³/3 + z⁵/15 + …), a series whose terms have one sign. */
function centre(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 3; n < 50; n += 2) {
    term *= (z * z) / n;
    sum += term;
  }
  return normalDensity(z) * sum;
}

/** P(Z > z) for z ≥ 1, by Laplace's continued fraction: density / (z + 1/(z + 2/(z + 3/…))). */
function upperTail(z: number): number {
  if (z > 39) return 0;
  let fraction = z;
  for (let n = Math.ceil(20 + 400 / (z * z)); n > 0; n--) fraction = z + n / fraction;
  return normalDensity(z) / fraction;
}

/**
 * The z below which a share p of a standard normal lies: M. J. Wichura's rational approximations (Applied Statistics
 * 37, 1988, algorithm AS 241), to a relative 1e-15. ∓Infinity at 0 and 1, NaN outside.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const z = r <= 5 ? ratio(TAIL, r - 1.6) : ratio(FAR, r - 5);
  return q < 0 ? -z : z;
}

function ratio({ above, below }: typeof CENTRE, r: number): number {
  return polynomial(above, r) / polynomial(below, r);
}

function polynomial(coefficients: number[], r: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * r + (coefficients[k] as number);
  return sum;
}
