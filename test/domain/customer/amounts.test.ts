import fc from 'fast-check';
import { expect, test } from 'vitest';
import { refundsUnknownOrder } from '../../../src/domain/customer/fold-order.ts';
import { mergeProfiles } from '../../../src/domain/customer/merge-profile.ts';
import { noteCommerce, noteForeignRefund } from '../../../src/domain/customer/note-commerce.ts';
import { emptyProfile, foldProfile, type Profile } from '../../../src/domain/customer/profile.ts';
import { noteNumbers } from '../../../src/domain/event-properties.ts';
import { listConversions } from '../../../src/statistics/attribution/conversions.ts';
import { summarizeKpiEvents } from '../../../src/statistics/experiments/kpi-events.ts';
import { NOW } from '../../engine/support.ts';
import { listSent } from '../../support/events-page.ts';

type Told = [name: string, properties: Record<string, unknown>];

const buildEvent = ([name, properties]: Told) => ({
  ...{ type: 'track' as const, traits: {}, context: {}, source: 'shop' },
  ...{ name, properties },
});

function fold(told: readonly (Told | [...Told, number])[]): Profile {
  const profile = emptyProfile();
  told.forEach(([name, properties, at], n) => {
    foldInto(profile, [name, properties], at ?? NOW + n, n + 1);
  });
  return profile;
}

function foldInto(profile: Profile, [name, properties]: Told, at = NOW + 10_000, seq = 10_000) {
  const event = { type: 'track' as const, name, properties, traits: {}, context: {}, source: 'shop' };
  return foldProfile(profile, { ...event, at, seq }, 'EUR');
}

const order: Told = ['Order Completed', { order_id: 'o', total: 500 }];
const refund = (more: Record<string, unknown>): Told => ['Order Refunded', { order_id: 'o', ...more }];
const update = (more: Record<string, unknown>): Told => ['Order Updated', { order_id: 'o', ...more }];
const listed: Told = [
  'Order Completed',
  {
    order_id: 'o',
    total: 100,
    products: [
      { product_id: 'tea', price: 20, quantity: 2 },
      { sku: 'pot', price: 60, quantity: 1 },
    ],
  },
];
const paid = (kept: number, refunded: number, total = 50_000) => ({
  status: 'paid',
  total,
  refunded,
  kept,
});

/** Rows of docs/events.md about orders: what is told, and what the order then shows. */
const ORDERS: Record<string, { told: Told[]; shows: object }> = {
  'a part given back': { told: [order, refund({ total: 25 })], shows: paid(47_500, 2_500) },
  'a part given back, in `amount`': {
    told: [order, refund({ amount: '25.00' })],
    shows: paid(47_500, 2_500),
  },
  'several parts': {
    told: [order, refund({ total: 25 }), refund({ total: 30.5 })],
    shows: paid(44_450, 5_550),
  },
  'parts above the total': {
    told: [order, refund({ total: 400 }), refund({ total: 300 })],
    shows: { status: 'refunded', refunded: 50_000, kept: 0 },
  },
  'a refund without amount and products': {
    told: [order, refund({})],
    shows: { status: 'refunded', refunded: 50_000, kept: 0 },
  },
  'products given back without an amount': {
    told: [listed, refund({ products: [{ product_id: 'tea', quantity: 1 }] })],
    shows: paid(8_000, 2_000, 10_000),
  },
  'all products given back': {
    told: [listed, refund({ products: [{ product_id: 'tea', quantity: 2 }, { sku: 'pot' }] })],
    shows: { status: 'refunded', refunded: 10_000, kept: 0 },
  },
  'a refund whose amount cannot be read': {
    told: [order, refund({ total: '1,299.00' })],
    shows: paid(50_000, 0),
  },
  'a part in another currency': {
    told: [order, refund({ total: 25, currency: 'USD' })],
    shows: paid(50_000, 0),
  },
  'products given back at prices of another currency': {
    told: [listed, refund({ products: [{ product_id: 'tea', quantity: 1, price: 20, currency: '$' }] })],
    shows: paid(10_000, 0, 10_000),
  },
  'a part without a currency, before its order': {
    told: [['Order Completed', { order_id: 'o', total: 5000, currency: 'jpy' }], refund({ total: 250 })],
    shows: { ...paid(4_750, 250, 5_000), currency: 'JPY' },
  },
  '`Order Updated` with another total, without a currency': {
    told: [['Order Completed', { order_id: 'o', total: 5, currency: 'KWD' }], update({ total: 4.255 })],
    shows: { ...paid(4_255, 0, 4_255), currency: 'KWD' },
  },
  '`Order Updated` with another total': {
    told: [order, update({ total: 450 })],
    shows: paid(45_000, 0, 45_000),
  },
  '`Order Updated` with `status: cancelled`': {
    told: [order, update({ status: 'cancelled' })],
    shows: { status: 'cancelled', kept: 0 },
  },
  '`Order Cancelled`': {
    told: [order, refund({ total: 25 }), ['Order Cancelled', { order_id: 'o' }]],
    shows: { status: 'cancelled', kept: 0 },
  },
};

const inOrder = (told: Told[]) =>
  told.map(([name, properties], n): [...Told, number] => [name, properties, NOW + n]);

test.each(Object.entries(ORDERS))('amounts: %s', (_, { told, shows }) => {
  const timed = inOrder(told);
  const { kept, ...shown } = shows as { kept: number };
  for (const events of [timed, timed.toReversed(), [...timed.slice(1), ...timed.slice(0, 1)]]) {
    const profile = fold(events);
    expect(profile.orders).toMatchObject([{ id: 'o', ...shown }]);
    const { currency = 'EUR' } = shows as { currency?: string };
    expect(profile.spend[currency] ?? 0).toBe(kept);
    expect(Object.entries(profile.spend).filter(([code, sum]) => code !== currency && sum !== 0)).toEqual([]);
    expect(profile.returns).toEqual([]);
    const row = ([name, properties, at]: [...Told, number]) => ({
      ...{ orderId: null, total: null, revenue: null, value: null, currency: null, kind: null, score: null },
      ...properties,
      orderId: properties.order_id,
      name,
      at,
    });
    const purchases = summarizeKpiEvents(events.map(row), currency).purchases;
    expect(purchases.reduce((sum, { amount }) => sum + amount, 0)).toBe(kept);
    const conversions = listConversions(events.map(row), { event: 'Order Completed', currency });
    expect(conversions.map(({ value }) => value)).toEqual([kept]);
  }
});

/** Rows about orders that are not among the newest. */
const LATE: Record<string, () => void> = {
  'a refund of one of the newest 250 orders': () => {
    const bought = Array.from(
      { length: 250 },
      (_, n): Told => ['Order Completed', { order_id: `o-${n}`, total: 10 }],
    );
    const back = (order_id: string, more: object = {}): Told => ['Order Refunded', { order_id, ...more }];
    const profile = fold([
      ...bought,
      back('o-0'),
      back('o-1', { total: 4 }),
      back('o-1', { total: 3, refund_id: 'r' }),
      back('o-1', { total: 9 }),
      back('o-2', { products: [{ product_id: 'tea', price: 2, quantity: 1 }] }),
      back('o-3', { products: [{ product_id: 'tea' }] }),
      ['Order Cancelled', { order_id: 'o-4' }],
      ['Order Updated', { order_id: 'o-5', total: 8 }],
      ['Order Completed', { order_id: 'o-6', total: 99 }],
      back('o-249', { total: 1 }),
    ]);
    expect(profile).toMatchObject({
      orderCount: 250,
      spend: { EUR: 250_000 - 3_000 - 200 - 200 - 100 },
      returns: [],
    });
    expect([profile.orders.length, profile.older?.length]).toEqual([50, 200]);
    expect(profile.older?.slice(0, 3)).toMatchObject([
      { id: 'o-0', status: 'refunded', refunded: 1_000 },
      { id: 'o-1', status: 'refunded', refunded: 1_000 },
      { id: 'o-2', status: 'paid', refunded: 200 },
    ]);
  },
  'a refund of an order that is not known': () => {
    const refunds = Array.from(
      { length: 50 },
      (_, n): Told => ['Order Refunded', { order_id: `o-${n}`, total: 4 }],
    );
    const profile = fold(refunds);
    expect(profile).toMatchObject({ spend: {}, orderCount: 0 });
    const event = { name: 'Order Refunded', properties: { order_id: 'o-7' } };
    expect(refundsUnknownOrder(profile, event)).toBe(true);
    for (let n = 0; n < 50; n++) foldInto(profile, ['Order Completed', { order_id: `o-${n}`, total: 10 }]);
    expect(profile).toMatchObject({ spend: { EUR: 50 * 600 }, returns: [] });
    expect(refundsUnknownOrder(profile, event)).toBe(false);
    expect(refundsUnknownOrder(profile, { name: 'Order Updated', properties: { order_id: 'o-7' } })).toBe(
      false,
    );
  },
};

test.each(Object.entries(LATE))('amounts: %s', (_, check) => check());

test('of more than 50 unknown orders, the one that was named first goes, and is named', () => {
  const profile = fold(
    Array.from({ length: 50 }, (_, n): Told => ['Order Refunded', { order_id: `o-${n}` }]),
  );
  expect(foldInto(profile, ['Order Refunded', { order_id: 'o-50' }]).dropped).toEqual([
    { kind: 'orders', name: 'o-0' },
  ]);
  expect(profile.returns).toHaveLength(50);
});

test('orders that are too large to be kept whole can still be given back', () => {
  const products = Array.from({ length: 50 }, (_, n) => ({
    product_id: `${n}`.padStart(64, 'p'),
    price: 1,
    quantity: 1,
  }));
  const profile = fold(
    Array.from(
      { length: 49 },
      (_, n): Told => ['Order Completed', { order_id: `o-${n}`, total: 50, products }],
    ),
  );
  expect(profile.orders.length).toBeLessThan(49);
  foldInto(profile, ['Order Refunded', { order_id: 'o-0' }]);
  expect(profile.spend.EUR).toBe(48 * 5_000);
});

test('a merge keeps the sums of older orders, and counts an order that both have once', () => {
  const side = (from: number, to: number) =>
    fold(
      Array.from({ length: to - from }, (_, n) => [
        'Order Completed',
        { order_id: `o-${from + n}`, total: 10 },
        NOW + from + n,
      ]),
    );
  const [a, b] = [side(0, 90), side(60, 140)];
  for (const merged of [mergeProfiles(a, b), mergeProfiles(b, a)]) {
    expect(merged).toMatchObject({ orderCount: 140, spend: { EUR: 140_000 } });
    expect(merged.orders.map(({ id }) => id)).toEqual(side(90, 140).orders.map(({ id }) => id));
    expect(merged.older?.map(({ id }) => id)).toEqual(Array.from({ length: 90 }, (_, n) => `o-${n}`));
    foldInto(merged, ['Order Refunded', { order_id: 'o-3' }]);
    foldInto(merged, ['Order Refunded', { order_id: 'o-75' }]);
    expect(merged.spend.EUR).toBe(138_000);
  }
});

test('products and categories are those of the newest list, in any order of arrival', () => {
  const product = (id: string, category: string) => [{ product_id: id, category, price: 100, quantity: 1 }];
  const told = inOrder([
    ['Order Completed', { order_id: 'o', total: 100, products: product('a', 'coffee') }],
    update({ products: product('b', 'tea') }),
    update({ total: 60 }),
  ]);
  for (const events of [told, told.toReversed(), [...told.slice(1), ...told.slice(0, 1)]])
    expect(fold(events).orders).toMatchObject([
      { products: ['b'], categories: [{ name: 'tea', amount: 6_000 }] },
    ]);
});

test('a product of a return is known by its sku where the return has nothing else', () => {
  const products = [
    { product_id: 'p1', sku: 's1', price: 60, quantity: 1 },
    { product_id: 'p2', sku: 's2', price: 40, quantity: 1 },
  ];
  const ordered: Told = ['Order Completed', { order_id: 'o', total: 100, products }];
  const part = fold([ordered, refund({ products: [{ sku: 's1' }] })]);
  expect(part.orders).toMatchObject([{ status: 'paid', refunded: 6_000 }]);
  const all = fold([
    ordered,
    refund({ products: [{ sku: 's1' }] }),
    refund({ products: [{ product_id: 'p2' }] }),
  ]);
  expect(all.orders).toMatchObject([{ status: 'refunded' }]);
});

test('an order of more products than are kept is not given back by those that are', () => {
  const products = Array.from({ length: 60 }, (_, n) => ({ product_id: `p${n}`, price: 10, quantity: 1 }));
  const { orders } = fold([
    ['Order Completed', { order_id: 'o', total: 600, products }],
    refund({ products: products.slice(0, 50) }),
  ]);
  expect(orders).toMatchObject([{ status: 'paid', refunded: 50_000 }]);
});

test('a hundred parts of an order add up', () => {
  const parts = Array.from({ length: 100 }, (_, n) => refund({ total: 0.1, refund_id: `r-${n}` }));
  expect(fold([order, ...parts]).orders).toMatchObject([{ status: 'paid', refunded: 1_000 }]);
});

const viewed = (more: Record<string, unknown>): Told => ['Cart Viewed', more];
const added = (more: Record<string, unknown>): Told => ['Product Added', more];
const removed = (more: Record<string, unknown>): Told => ['Product Removed', more];
const beans = { product_id: 'beans', price: 40, quantity: 2 };

/** Rows about carts; null: no cart. */
const CARTS: Record<string, { told: (Told | [...Told, number])[]; shows: object | null }> = {
  'the last product removed': {
    told: [viewed({ total: 80, products: [{ product_id: 'beans' }] }), removed({ product_id: 'beans' })],
    shows: null,
  },
  'a cart without products, or of total 0': {
    told: [viewed({ total: 80, products: [beans] }), viewed({ total: 0, products: [] })],
    shows: null,
  },
  'a product added again': {
    told: [added(beans), added({ product_id: 'beans', price: 40, quantity: 1 })],
    shows: { total: 12_000, items: [{ product_id: 'beans', quantity: 3 }] },
  },
  'one piece of several removed': {
    told: [viewed({ total: 80, products: [beans] }), removed({ product_id: 'beans', quantity: 1 })],
    shows: { total: 4_000, items: [{ quantity: 1 }] },
  },
  'a product without a price added': {
    told: [viewed({ total: 80, products: [beans] }), added({ product_id: 'tea' })],
    shows: { total: null, items: [{ product_id: 'beans' }, { product_id: 'tea' }] },
  },
  'a product removed from a cart that was never listed': {
    told: [viewed({ total: 80 }), removed({ product_id: 'beans' })],
    shows: { total: null, items: [] },
  },
  'something removed that names no product': {
    told: [viewed({ total: 80, products: [beans] }), removed({ price: 40 })],
    shows: { total: null, items: [{ product_id: 'beans' }] },
  },
  'a quantity that cannot be read': {
    told: [viewed({ total: 80, products: [beans] }), removed({ product_id: 'beans', quantity: 'one' })],
    shows: { total: null, items: [{ product_id: 'beans', quantity: null }] },
  },
  'a product known by `product_id` and `sku`, removed by its `sku`': {
    told: [viewed({ total: 80, products: [{ ...beans, sku: 'b-1' }] }), removed({ sku: 'b-1' })],
    shows: null,
  },
  'an addition or removal that arrives late': {
    told: [
      [...added({ product_id: 'tea', price: 5, quantity: 1 }), NOW + 30],
      [...added(beans), NOW + 10],
      [...removed({ product_id: 'beans', quantity: 1 }), NOW + 20],
    ],
    shows: { total: 4_500, items: [{ product_id: 'beans', quantity: 1 }, { product_id: 'tea' }] },
  },
  'an order that arrives late': {
    told: [
      [...added(beans), NOW + 10],
      [...added({ product_id: 'tea', price: 5 }), NOW + 30],
      [...order, NOW + 20],
    ],
    shows: { total: 500, items: [{ product_id: 'tea' }] },
  },
  'a product added to another `cart_id`': {
    told: [
      viewed({ cart_id: 'c-1', total: 80, products: [beans] }),
      added({ cart_id: 'c-2', product_id: 'tea', price: 5 }),
    ],
    shows: { id: 'c-2', total: 500, items: [{ product_id: 'tea' }] },
  },
  'a product added at a price of another currency': {
    told: [
      viewed({ total: 80, products: [beans] }),
      added({ product_id: 'tea', price: 5, quantity: 1, currency: 'USD' }),
    ],
    shows: { total: null, currency: 'EUR', items: [{ product_id: 'beans' }, { product_id: 'tea' }] },
  },
  'a checkout without a currency': {
    told: [viewed({ total: 80, currency: 'usd', products: [beans] }), ['Checkout Started', {}]],
    shows: { total: 8_000, currency: 'USD' },
  },
  'a checkout without a total, in another currency': {
    told: [viewed({ total: 80, products: [beans] }), ['Checkout Started', { currency: 'USD' }]],
    shows: { total: null, currency: 'USD' },
  },
  'an id as a number, then as text': {
    told: [
      added({ product_id: 7, price: 5 }),
      added({ product_id: 8, price: 5 }),
      removed({ product_id: '7' }),
    ],
    shows: { total: 500, items: [{ product_id: 8 }] },
  },
  'products without `product_id`': {
    told: [
      added({ sku: 'a', price: 5 }),
      added({ name: 'Pot', variant: 'red', price: 9 }),
      removed({ name: 'Pot', variant: 'red' }),
    ],
    shows: { total: 500, items: [{ sku: 'a' }] },
  },
};

test.each(Object.entries(CARTS))('amounts: %s', (_, { told, shows }) => {
  const { cart } = fold(told);
  if (shows === null) expect(cart).toBeNull();
  else expect(cart).toMatchObject(shows);
});

test.each<[string, Told[], string[]]>([
  [
    'an amount that cannot be read',
    [order, refund({ amount: '1,299.00' })],
    ['unreadable_number properties.amount'],
  ],
  ['a sum that is too large', [order, refund({ total: 1e15 })], ['unreadable_number properties.total']],
  [
    'a refund in another currency',
    [order, refund({ total: 25, currency: '$' })],
    ['unknown_currency properties.currency', 'foreign_refund properties.currency'],
  ],
  [
    'an order in another currency than its refund',
    [refund({ total: 25, currency: 'usd' }), order],
    ['foreign_refund properties.currency'],
  ],
  ['a refund of the whole order', [order, refund({ currency: 'USD' })], []],
  ['a refund in the same currency', [order, refund({ total: 25, currency: 'eur' })], []],
  [
    'a later part in the currency of the order',
    [order, refund({ total: 1, currency: 'USD' }), refund({ total: 2 })],
    [],
  ],
  [
    'products in a currency that is not known',
    [viewed({ products: [{ ...beans, currency: 'XYZ' }] })],
    ['unknown_currency properties.products[].currency'],
  ],
])('notes: %s', (_, told, notes) => {
  const last = told.at(-1) as Told;
  const event = { ...buildEvent(last), at: NOW + told.length - 1 };
  const found = [
    ...noteNumbers(event),
    ...noteCommerce(event, 'EUR'),
    ...noteForeignRefund(fold(told), event, 'EUR'),
  ];
  expect(found.map(({ code, field }) => `${code} ${field}`)).toEqual(notes);
});

test('what a cart holds does not depend on the order in which its events arrive', () => {
  const product = fc.record(
    { product_id: fc.constantFrom('a', 'b', 'c'), price: fc.constant(5), quantity: fc.constantFrom(1, 2) },
    { requiredKeys: ['product_id', 'price'] },
  );
  const happening = fc.oneof(
    product.map(added),
    product.map(removed),
    fc.array(product, { maxLength: 2 }).map((products) => viewed({ products })),
    fc.constant(order),
  );
  const life = fc
    .array(happening, { maxLength: 8 })
    .map((list) =>
      list.map(([name, p], n): [...Told, number] => [name, name === order[0] ? { order_id: n } : p, NOW + n]),
    );
  const arrivals = life.chain((told) =>
    fc.tuple(fc.constant(told), fc.shuffledSubarray(told, { minLength: told.length })),
  );
  fc.assert(
    fc.property(arrivals, ([told, arrived]) => {
      expect(fold(arrived).cart).toEqual(fold(told).cart);
    }),
    { numRuns: 1_000 },
  );
});

test('a product that is added again without a price keeps the one that it had', () => {
  for (const price of [null, '', undefined])
    expect(fold([added(beans), added({ product_id: 'beans', price, quantity: 1 })]).cart).toMatchObject({
      total: 12_000,
    });
});

test('of two lines of one product as many pieces are removed as the event says', () => {
  const cart = viewed({
    total: 20,
    products: [
      { product_id: 'a', price: 10 },
      { product_id: 'a', price: 10 },
    ],
  });
  expect(fold([cart, removed({ product_id: 'a', quantity: 1 })]).cart?.items).toHaveLength(1);
  expect(fold([cart, removed({ product_id: 'a' })]).cart).toBeNull();
});

test('a cart of many changes stays within its room, and its sums stay right', () => {
  const profile = fold(
    Array.from({ length: 200 }, (_, n) => added({ product_id: `p${n % 3}`, price: 1, quantity: 1 })),
  );
  expect(profile.cart).toMatchObject({ total: 20_000 });
  expect(profile.cartLog?.changes.length).toBeLessThanOrEqual(30);
  const wide = Array.from({ length: 40 }, (_, n) =>
    added({ product_id: `p${n}`, price: 1, quantity: 1, text: 'x'.repeat(2_000) }),
  );
  expect(JSON.stringify(fold(wide)).length).toBeLessThan(80_000);
});

test('every row of the table of amounts is tested', () => {
  expect(listSent('Amounts and carts').sort()).toEqual(
    [...Object.keys(ORDERS), ...Object.keys(LATE), ...Object.keys(CARTS)].sort(),
  );
});

test('parts of an order never give back more than the order, in any order of arrival', () => {
  const parts = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 8 });
  fc.assert(
    fc.property(parts, fc.nat(8), (amounts, place) => {
      const told = amounts.map((total, n) => refund({ total, refund_id: `r-${n}` }));
      const { orders, spend } = fold([...told.slice(0, place), order, ...told.slice(place)]);
      const sum = amounts.reduce((all, amount) => all + amount, 0);
      expect(spend.EUR).toBe(Math.max(0, 500 - sum) * 100);
      expect(orders[0]?.refunded).toBe(Math.min(500, sum) * 100);
    }),
  );
});
