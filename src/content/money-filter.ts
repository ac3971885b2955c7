import type { Context } from 'liquidjs';
import { isCurrency, readCurrency } from '../domain/values/currency.ts';
import { formatDecimal } from '../domain/values/money.ts';
import { readNumber } from '../domain/values/read-number.ts';

/** Digits with separators, of which nobody can tell which one is the decimal point. */
const AMOUNT_LIKE = /^\s*[-+]?\d[\d.,'’\s]*$/;

/**
 * `{{ 12.5 | money: 'EUR' }}` → `12.50 EUR`. Without a currency, or with one that is missing, it is the event's, else the
 * workspace's; its decimals are the currency's. A sign that the template gives is printed as it is: `money: '€'` →
 * `12.50 €`. A text that is no amount prints as it is: `free`, `12 EUR`. Doesn't use `Intl`, whose output changes with
 * the version of Node.
 */
export function money(this: { context: Context }, amount: unknown, currency: unknown): string {
  const read = (...path: string[]) => this.context.getSync(path);
  const own = readCurrency(toWord(read('workspace', 'currency')), '');
  const named = [currency, read('event', 'properties', 'currency')].map(toWord);
  const word = named.find((name) => readCurrency(name, own ?? '') !== undefined);
  const code = readCurrency(word, own ?? '') ?? own;
  const value = readNumber(amount);
  if (value === null && typeof amount !== 'string') return '';
  const text = value === null ? String(amount) : formatDecimal(value, code ?? '');
  if (code === undefined || (value === null && !AMOUNT_LIKE.test(text))) return text;
  const isSign = word !== undefined && word === named[0] && !/[\p{L}\p{N}]/u.test(word);
  return `${text} ${isSign || !isCurrency(code) ? (word ?? code) : code}`;
}

function toWord(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value).padStart(3, '0');
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
