import { describe, expect, test } from 'vitest';
import { createEngines, parseText } from '../../../src/content/template.ts';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import { noteNumbers, readProperties } from '../../../src/domain/event-properties.ts';
import { formatAmount, toMinorUnits } from '../../../src/domain/values/money.ts';
import { readDocTable } from '../../support/events-page.ts';
import { createScope } from './scope.ts';

const TYPES = { 'Payment Failed': { value: 'number', code: 'string' } } as const;
const evaluate = createEvaluator();

/** Evaluates with `event.properties.value` declared as a number. */
function evaluateWith(expression: string, properties: Record<string, unknown>) {
  const scope = createScope(properties);
  return evaluate(expression, { ...scope, facts: { ...scope.facts, eventTypes: TYPES } });
}

describe.each(readDocTable('Numbers and money'))(
  'the declared number %s',
  (sent = '', understood = '', shown = '') => {
    const value = JSON.parse(sent) as unknown;
    const number = Number.parseFloat(understood);
    const isRead = Number.isFinite(number);

    test(`is ${understood} in a condition`, () => {
      expect(evaluateWith('has(event.properties.value)', { value })).toEqual({ ok: true, value: isRead });
      const compared = evaluateWith('event.properties.value >= 7.0', { value });
      if (isRead) expect(compared).toEqual({ ok: true, value: true });
      else expect(compared).toMatchObject({ ok: false, error: 'no such key: event.properties.value' });
      if (isRead)
        expect(evaluateWith('event.properties.value + 1.0', { value })).toEqual({
          ok: true,
          value: number + 1,
        });
    });

    test(`prints ${shown} in a template, and is noted only if it can not be read`, () => {
      const event = { name: 'Payment Failed', properties: { value } };
      const data = { properties: readProperties(event, TYPES) };
      const engines = createEngines();
      expect(engines.text.renderSync(parseText('{{ properties.value }}', engines), data)).toBe(
        isRead ? String(number) : '',
      );
      expect(noteNumbers(event, TYPES).map(({ code, field }) => `${code} ${field}`)).toEqual(
        shown.includes('note') ? ['unreadable_number properties.value'] : [],
      );
      expect(event.properties).toEqual({ value });
    });
  },
);

test.each(readDocTable('Numbers and money', 'Sent as an amount'))(
  'the amount %s is %s',
  (sent = '', _, shown = '') => {
    const [amount, currency = ''] = sent.split(' ');
    expect(formatAmount(toMinorUnits(amount, currency) ?? Number.NaN, currency)).toBe(shown);
    const engines = createEngines();
    const template = parseText('{{ amount | money: currency }}', engines);
    expect(engines.text.renderSync(template, { amount, currency })).toBe(`${shown} ${currency}`);
  },
);

test('the page has its tables: a control', () => {
  expect(readDocTable('Numbers and money')).toHaveLength(8);
  expect(readDocTable('Numbers and money', 'Sent as an amount')).toHaveLength(4);
});

test('amounts, prices and quantities of orders, carts and payments are numbers without a declaration', () => {
  const products = [{ price: '9.99', quantity: '2', name: '7' }, { price: 'free' }, 'gift'];
  const read = (name: string, properties: Record<string, unknown>) => readProperties({ name, properties });
  expect(read('Payment Failed', { value: '412.00', amount: '1,299.00' })).toEqual({ value: 412 });
  expect(read('Order Completed', { total: ' 5 ', products })).toEqual({
    total: 5,
    products: [{ price: 9.99, quantity: 2, name: '7' }, {}, 'gift'],
  });
  expect(read('Product Added', { price: '5', quantity: '1', sku: '7' })).toEqual({
    price: 5,
    quantity: 1,
    sku: '7',
  });
  expect(read('Page Viewed', { value: '412.00', products })).toEqual({ value: '412.00', products });
  const declared = { 'Payment Failed': { value: 'string' } } as const;
  expect(readProperties({ name: 'Payment Failed', properties: { value: '412.00' } }, declared)).toEqual({
    value: '412.00',
  });
  expect(
    noteNumbers({ name: 'Product Added', properties: { price: 'free', quantity: 'two' } }),
  ).toMatchObject([
    { code: 'unreadable_number', field: 'properties.price' },
    { code: 'unreadable_number', field: 'properties.quantity' },
  ]);
});

test('prices and quantities in a cart are numbers', () => {
  const scope = createScope({});
  const items = [{ price: '9.99', quantity: null }];
  scope.facts.profile.cart = { id: null, total: null, currency: 'EUR', items, at: 0 };
  const costs = evaluate('cart.items.exists(i, i.price > 5.0 && !has(i.quantity))', scope);
  expect(costs).toEqual({ ok: true, value: true });
});

test('a property that is declared otherwise, or not at all, stays as it was sent', () => {
  const properties = { code: '0042', other: '7', nested: { value: '7' } };
  expect(readProperties({ name: 'Payment Failed', properties }, TYPES)).toBe(properties);
  expect(readProperties({ name: 'constructor', properties }, TYPES)).toBe(properties);
});

test('null is absent in everything that conditions read', () => {
  const scope = createScope({
    score: null,
    address: { city: null, zip: '1' },
    items: [{ price: null }, null],
  });
  const at = { at: 0, seq: 2, source: 'test' };
  scope.facts.profile.traits.vip = { value: null, ...at };
  scope.facts.profile.traits.address = { value: { city: null }, ...at };
  scope.facts.account = { id: 'acc-1', traits: { renewal: { value: null, ...at } } };
  const entry = { id: 'e', name: 'Payment Failed', at: 0, seq: 1, properties: {} };
  const enrollment = { id: 'enr_1', key: null, enteredAt: 0, entry, vars: { code: null, step: 'one' } };
  const missing = [
    'event.properties.score',
    'event.properties.address.city',
    'traits.vip',
    'traits.address.city',
    'account.renewal',
    'enrollment.vars.code',
  ];
  for (const path of missing)
    expect([path, evaluate(`has(${path})`, { ...scope, enrollment })]).toEqual([
      path,
      { ok: true, value: false },
    ]);
  for (const path of ['event.properties.address.zip', 'enrollment.vars.step', 'traits.address'])
    expect([path, evaluate(`has(${path})`, { ...scope, enrollment })]).toEqual([
      path,
      { ok: true, value: true },
    ]);
  for (const expression of ['event.properties.score == null', "null == traits['vip']", 'traits.none == null'])
    expect([expression, evaluate(expression, scope)]).toEqual([expression, { ok: true, value: true }]);
  expect(evaluate('has(traits.plan) && (traits.plan != null || traits.vip != null)', scope)).toEqual({
    ok: true,
    value: true,
  });
  expect(evaluate('size(event.properties.items)', scope)).toEqual({ ok: true, value: 2 });
});

test('the amount of an order is noted without a declaration, and so is its unreadable total beside a readable value', () => {
  const properties = { total: '1,299.00', value: 90, revenue: '' };
  expect(noteNumbers({ name: 'Order Completed', properties })).toEqual([
    { code: 'unreadable_number', field: 'properties.total', value: '1,299.00' },
  ]);
  expect(noteNumbers({ name: 'Page Viewed', properties })).toEqual([]);
  const products = [{ price: '4.50', quantity: 2 }, null, { price: 'free' }, { price: 'gift', quantity: '' }];
  expect(noteNumbers({ name: 'Cart Viewed', properties: { products } })).toEqual([
    { code: 'unreadable_number', field: 'properties.products[].price', value: 'free' },
  ]);
});
