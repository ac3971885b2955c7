import { isAbsent, readNumber } from './read-number.ts';

/**
 * Decimals of the currencies that don't have two (ISO 4217). Stored amounts are in these units, so an entry must never
 * change: a library's table could, with an update.
 */
const DECIMALS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};
const USUAL_DECIMALS = 2;
const UNITS = [1, 10, 100, 1_000, 10_000] as const;

/** In minor units. Larger amounts are refused: their sums would no longer be exact in a double. */
const LARGEST = 1e14;

/** Properties that name the amount of an order; the first one that can be read counts. */
export const ORDER_AMOUNTS = ['total', 'revenue', 'value'] as const;
/** Properties that name the amount of a cart. */
export const CART_AMOUNTS = ['total', 'value', 'revenue'] as const;
/** Properties that name the amount of a refund. */
export const REFUND_AMOUNTS = [...ORDER_AMOUNTS, 'amount'] as const;
/** Properties that name the amount of a payment. */
export const PAYMENT_AMOUNTS = ['value', 'total', 'revenue', 'amount'] as const;

/** How many decimals amounts of a currency have: 0 for JPY, 2 for EUR, 3 for KWD. */
export function decimalsOf(currency: string): number {
  return Object.hasOwn(DECIMALS, currency) ? (DECIMALS[currency] as number) : USUAL_DECIMALS;
}

/** How many minor units one unit of the currency has: 1 for JPY, 100 for EUR, 1,000 for KWD. */
export function minorUnitsOf(currency: string): number {
  return UNITS[decimalsOf(currency)] as number;
}

/** A decimal amount, as a number or as text, in minor units, so that sums are exact. Null if it can't be read. */
export function toMinorUnits(amount: unknown, currency: string): number | null {
  const value = readNumber(amount);
  if (value === null) return null;
  const minor = round(value * minorUnitsOf(currency));
  return Math.abs(minor) <= LARGEST ? minor : null;
}

/** The decimal amount that conditions, templates and events use. */
export function toDecimal(minor: number, currency: string): number {
  return minor / minorUnitsOf(currency);
}

/** Writes minor units as a decimal with the currency's decimals: `400`, `12.50`, `1.235`. */
export function formatAmount(minor: number, currency: string): string {
  return toDecimal(minor, currency).toFixed(decimalsOf(currency));
}

/** The amount in minor units, from the first of these properties that can be read. Null if none can. */
export function readAmount(
  properties: Readonly<Record<string, unknown>>,
  names: readonly string[],
  currency: string,
): number | null {
  return toMinorUnits(readDecimal(properties, names, currency), currency);
}

/** The same as a decimal, for an amount whose currency may become known later. */
export function readDecimal(
  properties: Readonly<Record<string, unknown>>,
  names: readonly string[],
  currency: string,
): number | null {
  const name = names.find((name) => toMinorUnits(properties[name], currency) !== null);
  return name === undefined ? null : readNumber(properties[name]);
}

/** The name of the first property that should be an amount but can't be read; undefined if every one set can be. */
export function findUnreadableAmount(
  properties: Readonly<Record<string, unknown>>,
  names: readonly string[],
  currency: string,
): string | undefined {
  return names.find(
    (name) => !isAbsent(properties[name]) && toMinorUnits(properties[name], currency) === null,
  );
}

/** Writes a decimal amount with the currency's decimals, rounded as sums are: `1.005 EUR` is `1.01`. */
export function formatDecimal(amount: number, currency: string): string {
  return formatAmount(round(amount * minorUnitsOf(currency)), currency);
}

/** `1.005 * 100` is 100.49999…: half a minor unit goes up as the decimal text says. */
function round(minor: number): number {
  return Math.round(Number(minor.toPrecision(15))) + 0;
}
