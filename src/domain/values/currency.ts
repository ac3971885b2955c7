import { toText } from '../event.ts';
import { CURRENCIES, CURRENCY_SIGNS, OTHER_CURRENCIES, SHARED_SIGNS } from './currency-table.ts';
import { isAbsent } from './read-number.ts';

/** ISO 4217 for a value that is no text and no number, so that it names no currency at all. */
const NO_CURRENCY = 'XXX';
/** Longer texts name no currency, and are kept shortened. */
const LONGEST = 40;
const KEPT = 12;

/** Codes of the currencies that are known. */
const CODES = new Set<string>();
/** The codes that a spelling may mean. More than one: only the workspace can tell. */
const SPELLINGS = new Map<string, readonly string[]>();

for (const line of [...CURRENCIES.trim().split('\n'), ...OTHER_CURRENCIES.split(',')]) {
  const [code = '', number = '', ...names] = line.trim().split(' ');
  CODES.add(code);
  for (const name of [code, number, ...names.join(' ').split(', ')])
    if (name !== '' && name !== '-') SPELLINGS.set(toKey(name), [code]);
}
for (const [sign, code] of Object.entries(CURRENCY_SIGNS)) SPELLINGS.set(toKey(sign), [code]);
for (const [signs, codes] of SHARED_SIGNS)
  for (const sign of signs.split(' ')) SPELLINGS.set(toKey(sign), codes.split(' '));

/** The last texts, since one sender writes the same ones again and again. */
const recent = new Map<string, readonly string[]>();
const MOST_RECENT = 200;

/**
 * The code (ISO 4217) of the currency that a property names in any usual way: `eur`, ` EUR `, `978`, `€`, `Euro`. A sign
 * that several currencies use, such as `$`, means the workspace's currency if that uses it. Undefined if no currency is
 * named.
 *
 * What cannot be read is returned as it was sent, in capitals: a currency of its own, whose amounts are never added to
 * those of another ({@link isCurrency} is false).
 *
 * @param own the workspace's currency, or that of the order or cart
 */
export function readCurrency(value: unknown, own: string): string | undefined {
  if (typeof value === 'string' && CODES.has(value)) return value;
  if (isAbsent(value)) return undefined;
  const text = toText(value)?.trim();
  if (text === undefined) return NO_CURRENCY;
  if (toKey(text) === '') return undefined;
  const codes = findCodes(typeof value === 'number' ? text.padStart(3, '0') : text);
  if (codes.length === 1) return codes[0];
  return codes.includes(own) ? own : text.toUpperCase().slice(0, KEPT).toWellFormed();
}

/** Whether this is the code of a currency. */
export function isCurrency(code: string): boolean {
  return CODES.has(code);
}

function findCodes(text: string): readonly string[] {
  const known = recent.get(text);
  if (known) return known;
  const codes = text.length > LONGEST ? [] : (matchWhole(text) ?? matchParts(text));
  if (recent.size >= MOST_RECENT) recent.clear();
  recent.set(text, codes);
  return codes;
}

function matchWhole(text: string): readonly string[] | undefined {
  const key = toKey(text);
  return SPELLINGS.get(key) ?? SPELLINGS.get(key.replace(/s$/, ''));
}

/** `EUR (€)`, `Euro/EUR`, `US Dollar - USD`, `USD $`: all parts must mean the same currency. */
function matchParts(text: string): readonly string[] {
  for (const between of [/[()[\]/|,;:–-]+/, /[\s()[\]/|,;:–-]+/]) {
    const parts = text.split(between).filter((part) => part.trim() !== '');
    if (parts.length < 2) continue;
    const [first = [], ...others] = parts.map((part) => matchWhole(part) ?? []);
    const common = first.filter((code) => others.every((codes) => codes.includes(code)));
    if (common.length > 0) return common;
  }
  return [];
}

/** A spelling as it is compared: without case, spaces, dots, hyphens and characters that nobody sees. */
function toKey(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cf}\s.'’_-]/gu, '');
}
