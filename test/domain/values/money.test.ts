import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyCommerce } from '../../../src/domain/customer/commerce.ts';
import { foldCommerce } from '../../../src/domain/customer/fold-commerce.ts';
import {
  decimalsOf,
  findUnreadableAmount,
  formatAmount,
  ORDER_AMOUNTS,
  readAmount,
  toDecimal,
  toMinorUnits,
} from '../../../src/domain/values/money.ts';
import { readNumber } from '../../../src/domain/values/read-number.ts';

test.each([
  [12, 12],
  ['412.00', 412],
  [' 7 ', 7],
  ['-1.5', -1.5],
  ['+3', 3],
  ['0042', 42],
  ['.5', 0.5],
  ['1.0E7', 1e7],
])('%j is read as the number %d', (value, number) => {
  expect(readNumber(value)).toBe(number);
});

test.each([
  '',
  '  ',
  '1,299.00',
  '1.299,00',
  '12 EUR',
  '€12',
  '0x10',
  'Infinity',
  'NaN',
  '1e999',
  '1_000',
  '٤٢',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  undefined,
  true,
  [],
  [5],
  {},
])('bad input: %j is no number', (value) => {
  expect(readNumber(value)).toBeNull();
});

test.each([
  ['EUR', 12.5, 1_250, '12.50'],
  ['EUR', '1.005', 101, '1.01'],
  ['JPY', 400, 400, '400'],
  ['KRW', '15000', 15_000, '15000'],
  ['KWD', 1.235, 1_235, '1.235'],
  ['TND', -0.5, -500, '-0.500'],
  ['CLF', 0.0001, 1, '0.0001'],
  ['no such code', 3, 300, '3.00'],
])('an amount in %s has the decimals of its currency', (currency, amount, minor, text) => {
  expect(toMinorUnits(amount, currency)).toBe(minor);
  expect(formatAmount(minor, currency)).toBe(text);
});

test('an amount with the decimals of its currency is written as it was read', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('JPY', 'EUR', 'KWD', 'CLF'),
      fc.integer({ min: -1e12, max: 1e12 }),
      (code, n) => {
        expect(toMinorUnits(formatAmount(n, code), code)).toBe(n);
        expect(toMinorUnits(toDecimal(n, code), code)).toBe(n);
      },
    ),
  );
});

test('an inherited name of an object is no currency', () => {
  expect(decimalsOf('constructor')).toBe(2);
});

test('an amount whose minor units are not exact in a double is refused', () => {
  expect(toMinorUnits(1e13, 'EUR')).toBeNull();
});

test('the first amount that can be read counts, and one that can not is named', () => {
  expect(readAmount({ total: '', revenue: 90 }, ORDER_AMOUNTS, 'EUR')).toBe(9_000);
  expect(readAmount({ total: null, value: '5' }, ORDER_AMOUNTS, 'EUR')).toBe(500);
  expect(readAmount({ total: '1,299.00', revenue: 0 }, ORDER_AMOUNTS, 'EUR')).toBe(0);
  expect(readAmount({ total: '1,299.00' }, ORDER_AMOUNTS, 'EUR')).toBeNull();
  expect(findUnreadableAmount({ total: '1,299.00', revenue: 0 }, ORDER_AMOUNTS, 'EUR')).toBe('total');
  expect(findUnreadableAmount({ total: '', revenue: null }, ORDER_AMOUNTS, 'EUR')).toBeUndefined();
});

test('an order whose amount can not be read is an order of unknown total, not of 0', () => {
  const commerce = emptyCommerce();
  const event = { name: 'Order Completed', at: 1, seq: 1, properties: { order_id: 'o', total: '1,299.00' } };
  foldCommerce(commerce, event, 'EUR');
  expect(commerce.orders).toMatchObject([{ id: 'o', total: null }]);
  expect(commerce).toMatchObject({ orderCount: 1, spend: { EUR: 0 } });
});
