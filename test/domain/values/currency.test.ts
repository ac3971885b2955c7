import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCurrency, readCurrency } from '../../../src/domain/values/currency.ts';
import {
  CURRENCIES,
  CURRENCY_SIGNS,
  OTHER_CURRENCIES,
  SHARED_SIGNS,
} from '../../../src/domain/values/currency-table.ts';

const ROWS = [...CURRENCIES.trim().split('\n'), ...OTHER_CURRENCIES.split(',')].map((line) => {
  const [code = '', number = '', ...names] = line.trim().split(' ');
  return { code, number, names: names.join(' ').split(', ').filter(Boolean) };
});

test('each code, number and name of the table means one currency', () => {
  for (const { code, number, names } of ROWS)
    for (const spelling of [code, code.toLowerCase(), ` ${code} `, number, ...names])
      if (spelling !== '-') expect([spelling, readCurrency(spelling, 'EUR')]).toEqual([spelling, code]);
  const numbers = ROWS.map(({ number }) => number).filter((number) => number !== '-');
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(ROWS.every(({ code, number }) => /^[A-Z]{3}$/.test(code) && /^(\d{3}|-)$/.test(number))).toBe(true);
});

test('each sign means its currency, or that of the workspace', () => {
  for (const [sign, code] of Object.entries(CURRENCY_SIGNS)) expect(readCurrency(sign, 'XPF')).toBe(code);
  for (const [signs, codes] of SHARED_SIGNS)
    for (const sign of signs.split(' ')) {
      for (const code of codes.split(' ')) {
        expect(isCurrency(code)).toBe(true);
        expect([sign, readCurrency(sign, code)]).toEqual([sign, code]);
      }
      expect(isCurrency(readCurrency(sign, 'EUR') ?? '')).toBe(false);
    }
});

test.each([
  ['￥', 'JPY', 'JPY'],
  ['ＥＵＲ', 'USD', 'EUR'],
  ['eur\u200b', 'USD', 'EUR'],
  ['Euros', 'USD', 'EUR'],
  ['US-Dollar', 'EUR', 'USD'],
  ['US Dollar (USD)', 'EUR', 'USD'],
  ['$ USD', 'EUR', 'USD'],
  ['£ / EUR', 'GBP', '£ / EUR'],
  ['undefined', 'EUR', 'UNDEFINED'],
  ['loyalty points of the shop', 'EUR', 'LOYALTY POIN'],
  ['XXX', 'EUR', 'XXX'],
  [true, 'EUR', 'XXX'],
  [['EUR'], 'EUR', 'XXX'],
  [Number.NaN, 'EUR', 'XXX'],
  [1, 'EUR', '1'],
  ['36', 'EUR', '36'],
  ['constructor', 'EUR', 'CONSTRUCTOR'],
  [undefined, 'EUR', undefined],
  [null, 'EUR', undefined],
  [' \u200b', 'EUR', undefined],
])('%j in a workspace of %s is %s', (sent, own, code) => {
  expect(readCurrency(sent, own)).toBe(code);
});

test('reading what was read changes nothing, and nothing unknown becomes a currency', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
      const read = readCurrency(text, 'EUR');
      if (read === undefined) return;
      expect(read.isWellFormed()).toBe(true);
      if (!isCurrency(read)) expect(isCurrency(readCurrency(read, 'EUR') ?? '')).toBe(false);
    }),
  );
});
