import { describe, expect, test } from 'vitest';
import { identifyProduct } from '../../src/domain/customer/product-lines.ts';
import { emptyProfile, foldProfile } from '../../src/domain/customer/profile.ts';
import { readProperties } from '../../src/domain/event-properties.ts';
import { FACT_ID_NAMES, noteFactIds, readFactId, readKeyProperty } from '../../src/domain/fact-id.ts';
import { readFactIdentity } from '../../src/domain/fact-identity.ts';
import { summarizeKpiEvents } from '../../src/statistics/experiments/kpi-events.ts';
import { NOW } from '../engine/support.ts';
import { readEventRules } from '../support/events-page.ts';

const SENT: Record<string, unknown[]> = {
  '`undefined`, `null`, `None`, `NaN`, `(null)`, `not set`': [
    'undefined',
    'Undefined',
    '"null"',
    ' NULL ',
    'None',
    'NaN',
    '(null)',
    '<nil>',
    'not set',
    'unknown',
    'N/A',
    'tbd',
  ],
  '`[object Object]`, `{{order.id}}`, `${orderId}`, `%ORDER_ID%`': [
    '[object Object]',
    '{{order.id}}',
    '{{ checkout.order_id }}',
    '\u0024{orderId}',
    '%ORDER_ID%',
    '<order id>',
    'Order@6d06d69c',
    '%!s(<nil>)',
  ],
  '`0`, `000`, `-1`, `-`, `{}`': [0, '0', '000', -1, '-1', '-', '{}', '00000000-0000-0000-0000-000000000000'],
  '`order_id`, `YOUR-ORDER-ID`, `orderNumber`': [
    'order_id',
    'YOUR-ORDER-ID',
    'orderNumber',
    'your_ticket_id',
    'productId',
    'insert order id here',
  ],
  '`ORD-undefined`, `#null`': ['ORD-undefined', '#null', 'shop/order/null', 'order undefined', '#NaN'],
  'an object, a list, `true`': [{ id: 7 }, ['7'], true],
};
const REAL = [
  'O-77',
  '0042',
  '12345678',
  '123456789',
  'default',
  'nullmann',
  'Annan',
  '1',
  7,
  'a',
  '🦊',
  'guest',
  'INV-0',
];

describe('docs/events.md, Ids of facts', () => {
  const rules = readEventRules('Ids of facts');

  test('each row has a case', () => {
    const rows = rules.map(({ sent }) => sent);
    expect(rows.slice(0, -2)).toEqual(Object.keys(SENT));
    expect(rows.slice(-2)).toEqual([
      '`O-77`, `0042`, `12345678`, `default`, `nullmann`',
      'the number `7`, and ` 7 `',
    ]);
  });

  const placeholders = Object.entries(SENT).flatMap(([row, values]) =>
    values.map((value) => [value, row] as const),
  );

  test.each(placeholders)('%j is absent, with a note', (value) => {
    expect(readFactId(value)).toBeUndefined();
    for (const name of FACT_ID_NAMES)
      expect(noteFactIds({ properties: { [name]: value } })).toEqual([
        expect.objectContaining({ code: 'placeholder_id', field: `properties.${name}` }),
      ]);
    expect(readProperties({ name: 'Order Completed', properties: { order_id: value, total: 5 } })).toEqual({
      total: 5,
    });
    expect(readKeyProperty({ machine_id: value }, 'machine_id')).toBeUndefined();
  });

  test.each(placeholders)('orders with the id %j are orders of their own', (value) => {
    const profile = emptyProfile();
    const said = [1, 2].map((seq) => order(seq, { order_id: value, total: 20 }));
    expect(said.map((event) => readFactIdentity(event))).toEqual([undefined, undefined]);
    for (const event of said) foldProfile(profile, event, 'EUR');
    expect(profile).toMatchObject({ orderCount: 2, spend: { EUR: 4_000 } });
    const events = said.map(({ name, at }) => kpi(name, at, value));
    expect(summarizeKpiEvents(events, 'EUR').purchases).toHaveLength(2);
  });

  test.each(REAL)('%j is an id', (value) => {
    expect(readFactId(value)).toBe(String(value));
    expect(noteFactIds({ properties: { order_id: value, products: [{ product_id: value }] } })).toEqual([]);
  });

  test('the number 7 and the text " 7 " are one id: of an order, its refund, a payment and a key', () => {
    const profile = emptyProfile();
    foldProfile(profile, order(1, { order_id: 7, total: 20 }), 'EUR');
    foldProfile(profile, { ...order(2, { order_id: ' 7 ', total: 5 }), name: 'Order Refunded' }, 'EUR');
    expect(profile).toMatchObject({ orderCount: 1, spend: { EUR: 1_500 }, returns: [] });
    foldProfile(profile, { ...order(3, { order_id: ' 7 ' }), name: 'Payment Failed' }, 'EUR');
    expect(profile.payments[0]?.orderId).toBe('7');
    expect(readKeyProperty({ order_id: ' 7 ' }, 'order_id')).toBe(
      readKeyProperty({ order_id: 7 }, 'order_id'),
    );
  });
});

test('a refund of a placeholder takes nothing back', () => {
  const profile = emptyProfile();
  foldProfile(profile, order(1, { order_id: 'undefined', total: 20 }), 'EUR');
  foldProfile(profile, { ...order(2, { order_id: 'undefined' }), name: 'Order Refunded' }, 'EUR');
  expect(profile).toMatchObject({ spend: { EUR: 2_000 }, returns: [] });
});

test('products with a placeholder id are known by their sku or name, and noted once', () => {
  const products = [
    { product_id: 'undefined', sku: 'S1' },
    { product_id: 'null', name: 'Cup' },
  ];
  expect(products.map(identifyProduct)).toEqual(['S1', 'Cup']);
  expect(noteFactIds({ properties: { products } })).toEqual([
    { code: 'placeholder_id', field: 'properties.products[].product_id', value: 'undefined' },
  ]);
});

test('conditions and templates read ids as text, of the event and of its products', () => {
  const properties = {
    order_id: 77,
    total: 20,
    products: [{ product_id: 5, price: 2 }, { product_id: 'p' }, 'x'],
  };
  expect(readProperties({ name: 'Order Completed', properties })).toEqual({
    order_id: '77',
    total: 20,
    products: [{ product_id: '5', price: 2 }, { product_id: 'p' }, 'x'],
  });
  const plain = { order_id: 'o', products: [{ product_id: 'p' }] };
  expect(readProperties({ name: 'Order Completed', properties: plain })).toBe(plain);
});

test('a key that is no id may be any word or number', () => {
  expect(readKeyProperty({ shelf: 0 }, 'shelf')).toBe('0');
  expect(readKeyProperty({ plan: 'none' }, 'plan')).toBe('none');
  expect(readKeyProperty(JSON.parse('{}'), '__proto__')).toBeUndefined();
});

test('a long text of signs is read in no time', () => {
  const begun = performance.now();
  readFactId('-a'.repeat(95));
  readFactId('- '.repeat(99));
  expect(performance.now() - begun).toBeLessThan(50);
});

function order(seq: number, properties: Record<string, unknown>) {
  return {
    type: 'track' as const,
    name: 'Order Completed',
    at: NOW + seq,
    seq,
    source: 'shop',
    properties,
    traits: {},
    context: {},
  };
}

function kpi(name: string, at: number, orderId: unknown) {
  return {
    name,
    at,
    orderId,
    total: 20,
    revenue: null,
    value: null,
    currency: null,
    kind: null,
    score: null,
  };
}
