import { readNumber } from '../../../domain/values/read-number.ts';

/** Currencies whose amounts Stripe sends without decimals. It sends ISK and UGX with two, although they have none. */
const ZERO_DECIMALS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const THREE_DECIMALS = new Set('BHD JOD KWD OMR TND'.split(' '));

/**
 * An amount of Stripe, which is in the smallest unit, as a decimal: 1099 in `usd` is 10.99, in `jpy` 1099, in `kwd`
 * 1.099. Undefined if it is none.
 */
export function readStripeAmount(amount: unknown, currency: unknown): number | undefined {
  const value = typeof amount === 'number' ? readNumber(amount) : null;
  if (value === null || typeof currency !== 'string') return undefined;
  const code = currency.toUpperCase();
  if (ZERO_DECIMALS.has(code)) return value;
  return value / (THREE_DECIMALS.has(code) ? 1_000 : 100);
}

/** The currency as ISO 4217 writes it. */
export function readStripeCurrency(currency: unknown): string | undefined {
  return typeof currency === 'string' && currency !== '' ? currency.toUpperCase() : undefined;
}
