/**
 * Elementary functions that use only + − × ÷ and comparisons. ECMAScript lets each engine choose its own approximation of
 * these functions of `Math`, so an upgrade of Node could change their last bits, and with them a decision (I7). Errors are
 * below 2 ulp. The argument reductions of exp and log are those of fdlibm (Sun Microsystems, 1993).
 */

/** ln 2 in two parts. The low 20 bits of the first are 0, so that its product with an exponent is exact. */
const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;
const LOG2_E = Math.LOG2E;
const SQRT_2 = Math.SQRT2;

/** 2^k for k from −1022 to 1023. */
const POWERS = powersOfTwo();
const bits = new DataView(new ArrayBuffer(8));

/** e^x. Infinity above 709.78…, 0 below −745.13…. */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** 2^x; exact for whole x. */
export function exp2(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x >= 1024) return Infinity;
  if (x < -1075) return 0;
  const k = Math.floor(x + 0.5);
  return timesPowerOfTwo(exp((x - k) * (LN2_HI + LN2_LO)), k);
}

/** Natural logarithm. −Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x === Infinity ? x : NaN;
  const e = exponentNear(x);
  const f = timesPowerOfTwo(x, -e) - 1;
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  // 2·artanh(s) = f − f²/2 + s·(f²/2 + rest): the leading term is exact, so its rounding can't add up.
  return e * LN2_HI - (half - (s * (half + s * s * tailOfArtanh(s * s, 1)) + e * LN2_LO) - f);
}

/** ln(1 + x), accurate for small x. */
export function log1p(x: number): number {
  if (x === 0 || x === Infinity) return x;
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  const u = 1 + x;
  const lost = x > 1 ? 1 - (u - x) : x - (u - 1);
  return log(u) + lost / u;
}

/** x^y, with the special cases of ECMAScript. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (x < 0 || Object.is(x, -0)) return powOfNegative(-x, y);
  if (x === 0) return y > 0 ? 0 : Infinity;
  if (x === 1) return y === Infinity || y === -Infinity ? NaN : 1;
  if (x === Infinity || y > 1e100 || y < -1e100) return x > 1 === y > 0 ? Infinity : 0;
  const l = logInTwo(x);
  const p = product(y, l.hi);
  return expOfSum(p.hi, p.lo + y * l.lo);
}

/** 1 / (1 + e^−x): converts log odds to a probability; accurate in both tails. */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const odds = exp(x);
  return odds / (1 + odds);
}

/** ln(1 + e^x), without overflow. */
export function softplus(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/** e^(hi + lo), where lo is a rounding error of hi. */
function expOfSum(hi: number, lo: number): number {
  if (Number.isNaN(hi)) return hi;
  if (hi > 709.782712893384) return Infinity;
  if (hi < -745.1332191019412) return 0;
  const k = Math.floor(hi * LOG2_E + 0.5);
  const high = hi - k * LN2_HI;
  const low = k * LN2_LO - lo;
  const r = high - low;
  return timesPowerOfTwo(1 + (r + (tailOfExp(r) + (high - r - low))), k);
}

/** e^r − 1 − r by its series, to 1e-18 for |r| ≤ ln 2 / 2. */
function tailOfExp(r: number): number {
  const far = 1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * farTailOfExp(r))));
  return r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * far)))));
}

function farTailOfExp(r: number): number {
  return 1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800 + r * (1 / 87178291200)));
}

/** 2/(2n+1) + z·2/(2n+3) + …: the series of 2·artanh(s)/s from its n-th term on, z = s² ≤ 0.0295. */
function tailOfArtanh(z: number, n: 1 | 2): number {
  const far = 2 / 15 + z * (2 / 17 + z * (2 / 19 + z * (2 / 21 + z * (2 / 23))));
  const from2 = 2 / 5 + z * (2 / 7 + z * (2 / 9 + z * (2 / 11 + z * (2 / 13 + z * far))));
  return n === 2 ? from2 : 2 / 3 + z * from2;
}

function powOfNegative(magnitude: number, y: number): number {
  const whole = Math.floor(y) === y;
  if (!whole && magnitude !== 0 && magnitude !== Infinity) return NaN;
  const odd = whole && y > -9007199254740992 && y < 9007199254740992 && y % 2 !== 0;
  return odd ? -pow(magnitude, y) : pow(magnitude, y);
}

interface Two {
  hi: number;
  lo: number;
}

/** ln x to twice the precision, for powers: there its error is multiplied by the exponent. */
function logInTwo(x: number): Two {
  const e = exponentNear(x);
  const f = timesPowerOfTwo(x, -e) - 1;
  const t = 2 + f;
  const s = f / t;
  const st = product(s, t);
  const sLo = (f - st.hi - st.lo - s * (f - (t - 2))) / t;
  const z = product(s, s);
  const zLo = z.lo + 2 * s * sLo;
  const cube = product(z.hi, s);
  const cubeLo = cube.lo + z.hi * sLo + zLo * s;
  const factor = sum(2 / 3, z.hi * tailOfArtanh(z.hi, 2));
  const factorLo = factor.lo + 3.700743415417189e-17;
  const rest = product(cube.hi, factor.hi);
  const restLo = rest.lo + cube.hi * factorLo + cubeLo * factor.hi;
  const near = sum(2 * s, rest.hi);
  const all = sum(e * LN2_HI, near.hi);
  return sum(all.hi, all.lo + (near.lo + 2 * sLo + restLo + e * LN2_LO));
}

/** a + b and its rounding error. */
function sum(a: number, b: number): Two {
  const hi = a + b;
  const part = hi - a;
  return { hi, lo: a - (hi - part) + (b - part) };
}

/** a × b and its rounding error, by halves of 26 bits whose products are exact. */
function product(a: number, b: number): Two {
  const hi = a * b;
  const aHi = upperHalf(a);
  const bHi = upperHalf(b);
  const aLo = a - aHi;
  const bLo = b - bHi;
  return { hi, lo: aLo * bLo - (hi - aHi * bHi - aLo * bHi - aHi * bLo) };
}

function upperHalf(a: number): number {
  const wide = 134217729 * a;
  return wide - (wide - a);
}

/** The e for which x / 2^e lies in [√½, √2). For x > 0. */
function exponentNear(x: number): number {
  const tiny = x < 2.2250738585072014e-308;
  bits.setFloat64(0, tiny ? x * 18014398509481984 : x);
  const e = (bits.getUint32(0) >>> 20) - (tiny ? 1077 : 1023);
  return timesPowerOfTwo(x, -e) < SQRT_2 ? e : e + 1;
}

/** y · 2^k, rounded once. */
function timesPowerOfTwo(y: number, k: number): number {
  if (k > 1023) return y * power(1023) * power(k - 1023);
  if (k < -1022) return y * power(k + 1000) * power(-1000);
  return y * power(k);
}

function power(k: number): number {
  return POWERS[k + 1022] as number;
}

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2046);
  powers[0] = 2.2250738585072014e-308;
  for (let i = 1; i < powers.length; i++) powers[i] = 2 * (powers[i - 1] as number);
  return powers;
}
