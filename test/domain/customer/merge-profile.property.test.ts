import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Consent, resolveConsent } from '../../../src/domain/customer/consent.ts';
import { mergeProfiles, stricterConsents } from '../../../src/domain/customer/merge-profile.ts';
import { emptyProfile, foldProfile, type Profile } from '../../../src/domain/customer/profile.ts';
import { EVENT } from '../../../src/domain/event.ts';
import { DAY, iso } from '../../../src/domain/time/time.ts';
import { NOW } from '../../engine/support.ts';

const anyConsent: fc.Arbitrary<Consent> = fc.record({
  purpose: fc.constantFrom('marketing', 'personalisation'),
  channel: fc.constantFrom('*', 'email', 'sms'),
  topic: fc.constantFrom('*', 'tips', 'offers'),
  status: fc.constantFrom('granted' as const, 'withdrawn' as const),
  source: fc.constant('web'),
  at: fc.integer({ min: 0, max: 30 }).map((n) => NOW + n),
  seq: fc.integer({ min: 1, max: 9 }),
});
const QUESTIONS = ['marketing', 'personalisation'].flatMap((purpose) =>
  ['email', 'sms', '*'].flatMap((channel) =>
    ['tips', 'offers', '*'].map((topic) => ({ purpose, channel, topic })),
  ),
);

test('B-6: a merge grants nothing that either customer had withdrawn, and keeps a grant of which the other has no consent', () => {
  fc.assert(
    fc.property(fc.array(anyConsent), fc.array(anyConsent), (winner, loser) => {
      const rows = stricterConsents(winner, loser, NOW + 20, 100);
      const after = [...winner, ...rows];
      for (const { purpose, channel, topic } of QUESTIONS) {
        const holds = (list: Consent[]) => resolveConsent(list, purpose, channel, topic)?.status;
        const both = [holds(winner), holds(loser)];
        const expected = both.includes('withdrawn')
          ? 'withdrawn'
          : both.includes('granted')
            ? 'granted'
            : undefined;
        expect(holds(after)).toBe(expected);
      }
      const keys = rows.map((r) => `${r.seq} ${r.purpose} ${r.channel} ${r.topic} ${r.at}`);
      expect(new Set(keys).size).toBe(rows.length);
    }),
    { numRuns: 2_000 },
  );
});

test('B-6: a merge keeps what a customer granted on the preference page apart from a withdrawal, unless the other withdrew it', () => {
  const anyChoices = fc
    .array(fc.tuple(anyConsent, fc.constantFrom('web', 'preference_page')))
    .map((list) => list.map(([consent, source], seq): Consent => ({ ...consent, source, seq })));
  fc.assert(
    fc.property(anyChoices, anyChoices, (winner, loser) => {
      const merge = (other: Consent[]) => [...winner, ...stricterConsents(winner, other, NOW + 20, 100)];
      const [both, alone] = [merge(loser), merge([])];
      for (const { purpose, channel, topic } of QUESTIONS) {
        const holds = (list: Consent[]) => resolveConsent(list, purpose, channel, topic)?.status;
        expect(holds(alone)).toBe(holds(winner));
        if (holds(winner) === 'withdrawn' || holds(loser) === 'withdrawn')
          expect(holds(both)).toBe('withdrawn');
      }
    }),
    { numRuns: 2_000 },
  );
});

test('B-6: merging a visitor without consents withdraws nothing, and a later grant lifts a withdrawal that a merge wrote', () => {
  const granted: Consent = {
    purpose: 'marketing',
    channel: '*',
    topic: '*',
    status: 'granted',
    source: 'web',
    at: NOW,
    seq: 1,
  };
  expect(stricterConsents([granted], [], NOW + 1, 9)).toEqual([]);
  const rows = stricterConsents([granted], [{ ...granted, status: 'withdrawn' }], NOW + 1, 9);
  expect(rows).toEqual([{ ...granted, status: 'withdrawn', source: 'merge', at: NOW + 1, seq: 9 }]);
  const later = { ...granted, at: NOW + 2, seq: 10 };
  expect(resolveConsent([granted, ...rows, later], 'marketing', 'email', '*')?.status).toBe('granted');
});

/** Things that may have happened to either, no two of them at the same instant. */
const happening = fc.oneof(
  fc.record({ name: fc.constantFrom('Page Viewed', 'Product Viewed') }),
  fc.record({
    name: fc.constant('Order Completed'),
    properties: fc.record({
      order_id: fc.constantFrom('o-1', 'o-2', 'o-3', 'o-4'),
      total: fc.constant(25),
      products: fc.constant([{ product_id: 'beans' }]),
    }),
  }),
  // Of an order that either may know, or neither.
  fc.record({
    name: fc.constant('Order Refunded'),
    properties: fc.record({ order_id: fc.constantFrom('o-1-true', 'o-1-false', 'o-2-true', 'o-3-false') }),
  }),
  fc.record({ name: fc.constant('Payment Failed'), properties: fc.record({ value: fc.nat(90) }) }),
  fc.record({
    name: fc.constant('Cart Updated'),
    properties: fc.record({ cart_id: fc.constantFrom('c-1', 'c-2'), total: fc.nat(90) }),
  }),
  fc.record({
    name: fc.constantFrom('Product Added', 'Product Removed'),
    properties: fc.record(
      {
        product_id: fc.constantFrom('beans', 'milk', 'pot'),
        price: fc.constant(5),
        quantity: fc.constantFrom(1, 2),
        cart_id: fc.constantFrom('c-1', 'c-2'),
      },
      { requiredKeys: ['product_id', 'price'] },
    ),
  }),
  fc.record({
    name: fc.constant('Cart Viewed'),
    properties: fc.record({
      products: fc.array(fc.record({ product_id: fc.constantFrom('beans', 'milk'), price: fc.constant(5) }), {
        maxLength: 2,
      }),
    }),
  }),
  fc.record({
    name: fc.constant('Customer Identified'),
    type: fc.constant('identify' as const),
    traits: fc.dictionary(fc.constantFrom('city', 'plan', 'phone'), fc.nat(3)),
  }),
);
type Happening = {
  name: string;
  type?: 'identify';
  properties?: Record<string, unknown>;
  traits?: Record<string, unknown>;
};

function fold(happenings: { at: number; happening: Happening }[]): Profile {
  const profile = emptyProfile();
  for (const [n, { at, happening }] of happenings.entries()) foldOne(profile, happening, at, n + 1);
  return profile;
}

function foldOne(profile: Profile, happening: Happening, at: number, seq: number): void {
  const event = {
    type: 'track' as const,
    properties: {},
    traits: {},
    context: {},
    ...happening,
    at,
    seq,
    source: 'web',
  };
  foldProfile(profile, event, 'EUR');
}

/** Where each stands: the sequence numbers of two logs have nothing in common. */
function comparable(profile: Profile): unknown {
  const traits = Object.entries(profile.traits).map(([key, { value, at, source }]) => [
    key,
    value,
    at,
    source,
  ]);
  const returns = profile.returns.map((item) => JSON.stringify(item)).sort();
  return { ...profile, returns, traits: traits.sort(), counts: Object.entries(profile.counts).sort() };
}

test('B-6: merging two profiles equals folding one log of both, and is symmetric', () => {
  const life = fc.array(fc.tuple(happening, fc.boolean()), { maxLength: 30 });
  fc.assert(
    fc.property(life, (happenings) => {
      const all = happenings.map(([happening, isWinner], n) => ({
        at: NOW + n * 1000,
        happening: ofOneSide(happening as Happening, isWinner),
        isWinner,
      }));
      const a = fold(all.filter((h) => h.isWinner));
      const b = fold(all.filter((h) => !h.isWinner));
      const before = structuredClone([a, b]);
      const merged = comparable(mergeProfiles(a, b));
      expect(merged).toEqual(comparable(mergeProfiles(b, a)));
      // Nor does what happens to the winner from now on reach back into what was merged.
      const winner = mergeProfiles(a, b);
      for (const { at, happening } of all) foldOne(winner, happening, at + DAY, 99);
      expect([a, b]).toEqual(before);
      expect(merged).toEqual(comparable(fold(all)));
    }),
    { numRuns: 500 },
  );
});

/** Told to one of them alone; an order that both are told of empties the cart of both, and has a test of its own. */
function ofOneSide(happening: Happening, isWinner: boolean): Happening {
  const { properties } = happening;
  if (happening.name !== 'Order Completed') return happening;
  return { ...happening, properties: { ...properties, order_id: `${properties?.order_id}-${isWinner}` } };
}

test('B-6: an order in both profiles counts once, in number and in money', () => {
  const orders = fc.array(fc.tuple(fc.constantFrom('o-1', 'o-2', 'o-3', 'o-4', 'o-5'), fc.boolean()));
  fc.assert(
    fc.property(orders, (told) => {
      const side = (which: boolean) =>
        fold(
          told.flatMap(([order_id, isWinner], n) =>
            isWinner === which
              ? [{ at: NOW + n, happening: { name: 'Order Completed', properties: { order_id, total: 25 } } }]
              : [],
          ),
        );
      const distinct = new Set(told.map(([id]) => id)).size;
      for (const merged of [mergeProfiles(side(true), side(false)), mergeProfiles(side(false), side(true))]) {
        expect(merged.orderCount).toBe(distinct);
        expect(merged.orders).toHaveLength(distinct);
        expect(merged.spend.EUR ?? 0).toBe(2500 * distinct);
      }
    }),
  );
});

test('B-6: an order returned in one of the profiles is returned after the merge, and its money counts once', () => {
  const order = { name: 'Order Completed', properties: { order_id: 'o-1', total: 30 } };
  const refund = { name: 'Order Refunded', properties: { order_id: 'o-1' } };
  const a = fold([{ at: NOW, happening: order }]);
  const b = fold([
    { at: NOW, happening: order },
    { at: NOW + 1, happening: refund },
  ]);
  for (const merged of [mergeProfiles(a, b), mergeProfiles(b, a)])
    expect(merged).toMatchObject({
      orders: [{ id: 'o-1', status: 'refunded' }],
      spend: { EUR: 0 },
      orderCount: 1,
    });
  expect(mergeProfiles(a, a)).toMatchObject({ spend: { EUR: 3000 }, orderCount: 1 });
});

test('orders without an id stay separate orders, even at the same position of both logs', () => {
  const order = { name: 'Order Completed', properties: { total: 30 } };
  const [a, b] = [fold([{ at: NOW, happening: order }]), fold([{ at: NOW, happening: order }])];
  expect(mergeProfiles(a, b)).toMatchObject({ spend: { EUR: 6000 }, orderCount: 2 });
  const thrice = mergeProfiles(mergeProfiles(a, b), a);
  expect(new Set(thrice.orders.map((o) => o.id)).size).toBe(3);
});

test('B-6, E-5: the merged snooze lasts until the later end for the topics of both, with the lower personalisation level', () => {
  const wish = (name: string, at: number, properties: Record<string, unknown>) => ({
    at,
    happening: { name, properties },
  });
  const tips = fold([wish(EVENT.snoozed, NOW, { until: iso(NOW + 30 * DAY), topics: ['tips'] })]);
  const all = fold([wish(EVENT.snoozed, NOW + 1, { until: iso(NOW + 7 * DAY) })]);
  const over = fold([wish(EVENT.snoozed, NOW - 9 * DAY, { until: iso(NOW - 2 * DAY) })]);
  for (const [x, y, topics, days] of [
    [tips, all, null, 30],
    [tips, emptyProfile(), ['tips'], 30],
    [tips, over, ['tips'], 30],
  ] as const)
    for (const merged of [mergeProfiles(x, y), mergeProfiles(y, x)])
      expect(merged.snoozed).toMatchObject({ topics, until: NOW + days * DAY });
  const level = (n: number) => fold([wish(EVENT.preferencesChanged, NOW + n, { personalisation: n })]);
  expect(mergeProfiles(level(3), level(1)).personalisation?.level).toBe(1);
  expect(mergeProfiles(level(1), level(3)).personalisation?.level).toBe(1);
  expect(mergeProfiles(level(3), emptyProfile()).personalisation?.level).toBe(3);
});

test('B-6: a consent object that repeats its earlier grants after the merge changes nothing and undoes no withdrawal', () => {
  const banner = (granted: boolean, at: number) => ({
    at,
    happening: { name: 'Page Viewed', context: { consent: { categoryPreferences: { marketing: granted } } } },
  });
  type Banner = ReturnType<typeof banner>['happening'];
  const say = (one: Profile, happening: Banner, at: number) =>
    foldProfile(
      one,
      { type: 'track', properties: {}, traits: {}, seq: 1, source: 'web', at, ...happening },
      'EUR',
    );
  const profile = (granted: boolean, at: number) => {
    const one = emptyProfile();
    const { happening } = banner(granted, at);
    say(one, happening, at);
    return one;
  };
  for (const [a, b] of [
    [profile(true, NOW), profile(false, NOW + 5)],
    [profile(false, NOW + 5), profile(true, NOW)],
  ] as const)
    expect(say(mergeProfiles(a, b), banner(true, NOW + 9).happening, NOW + 9).consents).toEqual([]);
});

test('merging keeps a profile within its limits', () => {
  const full = (prefix: string) =>
    fold(
      Array.from({ length: 300 }, (_, n) => ({
        at: NOW + n,
        happening: { name: `${prefix} ${n}`, type: 'identify' as const, traits: { [`${prefix}${n}`]: n } },
      })),
    );
  const merged = mergeProfiles(full('a'), full('b'));
  expect(Object.keys(merged.traits)).toHaveLength(200);
  expect(Object.keys(merged.counts)).toHaveLength(200);
});
