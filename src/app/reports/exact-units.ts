/** Shares are summed in whole units of 10⁻¹², so that sums are exact. */
const UNITS = 1e12;
/** Amounts that a model predicts have parts of minor units. */
const PARTS = 1e6;

/** A share in units. */
export function toUnits(share: number): bigint {
  return BigInt(Math.round(share * UNITS));
}

/** A sum of units as a number. */
export function fromUnits(units: number): number {
  return units / UNITS;
}

/** A sum of squares of units as a number. */
export function fromSquares(squares: number): number {
  return squares / UNITS / UNITS;
}

/** An amount in whole parts of a minor unit; 0 for what is no number. */
export function toAmount(minorUnits: number): bigint {
  return Number.isFinite(minorUnits) ? BigInt(Math.round(minorUnits * PARTS)) : 0n;
}

/** A sum of parts in minor units. */
export function fromAmount(parts: number): number {
  return parts / PARTS;
}
