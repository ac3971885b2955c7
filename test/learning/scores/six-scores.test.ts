import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyProfile, foldProfile } from '../../../src/domain/customer/profile.ts';
import {
  compareTouches,
  foldTouch,
  KEPT_TOUCHES,
  mergeTouches,
  readTouch,
  type Touch,
} from '../../../src/domain/customer/touch.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { UTC } from '../../../src/domain/time/zone.ts';
import { buildCustomerHistory } from '../../../src/learning/scores/customer-history.ts';
import { DEFAULT_ENGAGEMENT, explainEngagement } from '../../../src/learning/scores/engagement.ts';
import { fitScores } from '../../../src/learning/scores/fit-scores.ts';
import { DEFAULT_INTENT, explainIntent } from '../../../src/learning/scores/intent.ts';
import { computeNamedScores } from '../../../src/learning/scores/named-scores.ts';
import { explainSixScores, type SixScoresInput } from '../../../src/learning/scores/six-scores.ts';
import { type EvaluateRule, explainTypeFit } from '../../../src/learning/scores/type-fit.ts';
import type { CustomerHistory, Purchase } from '../../../src/learning/scores/types.ts';
import { NOW } from '../../engine/support.ts';
import { CALIBRATED, cdnow } from './cdnow.ts';

const NO_RULES: SixScoresInput['ideal'] = { rules: [], holds: () => ({ ok: true, value: true }) };

function touch(kind: string, hoursAgo: number, changes: Partial<Touch> = {}): Touch {
  return { at: NOW - hoursAgo * HOUR, kind, ...changes };
}
function purchase(hoursAgo: number, ...categories: string[]): Purchase {
  return { at: NOW - hoursAgo * HOUR, amount: 1_000, categories };
}
const anyTouch: fc.Arbitrary<Touch> = fc.record(
  {
    at: fc.integer({ min: NOW - 30 * DAY, max: NOW }),
    kind: fc.constantFrom(
      'view',
      'search',
      'cart',
      'checkout',
      'email_click',
      'email_open',
      'session',
      'odd',
    ),
    category: fc.constantFrom('shoes', 'books', '__proto__'),
    item: fc.constantFrom('p1', 'p2', 'constructor'),
    machine: fc.constant(true as const),
  },
  { requiredKeys: ['at', 'kind'] },
);
const shuffled = fc
  .array(anyTouch, { maxLength: 40 })
  .chain((touches) =>
    fc.tuple(fc.constant(touches), fc.shuffledSubarray(touches, { minLength: touches.length })),
  );

test('D-12: every customer of CDNOW has six scores in [0, 1] with reasons', () => {
  const customers = cdnow().map((history) => ({ history, advocacy: 0, engagement: 0 }));
  const fitted = fitScores({ version: 'night-1', at: CALIBRATED, currency: 'USD', customers, hours: null });
  const asked = cdnow().slice(0, 300);
  for (const history of asked) {
    const scores = explainSixScores({ history, fitted, ideal: NO_RULES, now: CALIBRATED });
    expect(Object.keys(scores).sort()).toEqual(
      ['engagement', 'frequency', 'intent', 'monetary', 'recency', 'type'].sort(),
    );
    for (const { value } of Object.values(scores)) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
    for (const name of ['recency', 'frequency', 'monetary'] as const) {
      expect(scores[name].because.map((because) => because.name)).toContain('quintile');
      const adds = scores[name].because.reduce((sum, because) => sum + because.adds, 0);
      expect(adds).toBeCloseTo(scores[name].value, 12);
    }
  }
  // Who spent more never scores less.
  const spent = (h: CustomerHistory) =>
    h.purchases.reduce((sum, { at, amount }) => sum + (at <= CALIBRATED ? amount : 0), 0);
  const byMoney = [...asked].sort((a, b) => spent(a) - spent(b));
  const monetary = byMoney.map(
    (history) => explainSixScores({ history, fitted, ideal: NO_RULES, now: CALIBRATED }).monetary.value,
  );
  expect(monetary).toEqual([...monetary].sort((a, b) => a - b));
  expect(JSON.parse(JSON.stringify(fitted))).toEqual(fitted);
});

test('D-12: before the first fit, and without a purchase, the scores exist and say so', () => {
  const now = NOW;
  const stranger: CustomerHistory = { purchases: [], earlier: null, touches: [] };
  const none = explainSixScores({ history: stranger, fitted: null, ideal: NO_RULES, now });
  expect(Object.values(none).map(({ value }) => value)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(none.recency.because).toEqual([{ name: 'purchases', observed: 0, adds: 0 }]);
  const buyer = { ...stranger, purchases: [purchase(50)] };
  const first = explainSixScores({ history: buyer, fitted: null, ideal: NO_RULES, now });
  expect(first.recency).toEqual({
    value: 0.5,
    because: [
      { name: 'days since the last purchase', observed: 2, adds: 0 },
      { name: 'not fitted yet', observed: null, adds: 0.5 },
    ],
  });
});

test('D-11: conditions can read quintiles, P(alive), value and dates; a score without data is missing', () => {
  const customers = cdnow().map((history) => ({ history, advocacy: 0, engagement: 0 }));
  const fitted = fitScores({ version: 'v', at: CALIBRATED, currency: 'USD', customers, hours: null });
  const asked = { fitted, ideal: NO_RULES, now: CALIBRATED, zone: UTC };
  const named = computeNamedScores({ ...asked, history: cdnow()[0] as CustomerHistory });
  expect(Object.keys(named).sort()).toEqual(
    [
      ...['recency', 'frequency', 'intent', 'type', 'engagement', 'monetary'],
      ...['r', 'f', 'm', 'alive', 'clv', 'overdueAt', 'lapsedAt', 'sunsetAt'],
    ].sort(),
  );
  expect([named.r, named.f, named.m].every((part) => [1, 2, 3, 4, 5].includes(part as number))).toBe(true);
  const last = Date.UTC(1997, 7, 2, 12);
  expect(named.overdueAt).toBeGreaterThan(last);
  expect(named.lapsedAt).toBeGreaterThan(named.overdueAt as number);
  expect(Object.values(named).every(Number.isFinite)).toBe(true);
  const few = fitScores({
    version: 'v',
    at: CALIBRATED,
    currency: 'USD',
    customers: customers.slice(0, 9),
    hours: null,
  });
  const roughly = computeNamedScores({ ...asked, fitted: few, history: cdnow()[0] as CustomerHistory });
  expect(roughly.r).toBeDefined();
  expect([roughly.overdueAt, roughly.clv, roughly.alive]).toEqual([undefined, undefined, undefined]);
});

test('a fit does not depend on the order of the customers', () => {
  const customers = cdnow()
    .slice(0, 400)
    .map((history) => ({ history, advocacy: 0, engagement: 0 }));
  const input = { version: 'v', at: CALIBRATED, currency: 'USD', hours: null };
  expect(fitScores({ ...input, customers: [...customers].reverse() }).ranks).toEqual(
    fitScores({ ...input, customers }).ranks,
  );
  const empty = fitScores({ ...input, customers: [] });
  expect(empty.buying).toMatchObject({ ok: false, reason: 'too_few_customers' });
  expect(empty.calibration).toBe(null);
  expect(JSON.stringify(empty)).not.toContain('NaN');
});

test('engagement sums the touches, each with its half-life; future and automated touches do not count', () => {
  fc.assert(
    fc.property(fc.array(anyTouch, { maxLength: 40 }), (touches) => {
      const direct = touches.reduce((sum, { at, kind, machine }) => {
        const age = NOW - at;
        const contact = (DEFAULT_ENGAGEMENT.contact[kind] ?? 0) * 2 ** (-age / (14 * DAY));
        const shop = (DEFAULT_ENGAGEMENT.shop[kind] ?? 0) * 2 ** (-age / (30 * DAY));
        return machine ? sum : sum + contact + shop;
      }, 0);
      const { value } = explainEngagement([...touches].sort(compareTouches), NOW);
      expect(value).toBeCloseTo(1 - 2 ** (-direct / DEFAULT_ENGAGEMENT.middle), 10);
      const later = touches.map((one) => ({ ...one, at: one.at + 31 * DAY }));
      expect(explainEngagement(later, NOW).value).toBe(0);
    }),
  );
});

test('an open counts a tenth of a click, an automated click nothing; three clicks give one half', () => {
  const after = (...touches: Touch[]) => explainEngagement(touches, NOW);
  expect(after(touch('email_click', 0), touch('email_click', 0), touch('email_click', 0)).value).toBe(0.5);
  expect(after(touch('email_click', 0, { machine: true })).value).toBe(0);
  expect(after(...Array.from({ length: 10 }, () => touch('email_open', 0))).value).toBeCloseTo(
    after(touch('email_click', 0)).value,
    12,
  );
  expect(after(touch('constructor', 0)).value).toBe(0);
  expect(after(touch('sms_reply', 0)).because[0]).toMatchObject({ name: 'contact', observed: 1.5 });
});

test('intent is a noisy-or with a half-life of two days, in any order, and within [0, 1]', () => {
  expect(
    explainIntent({ touches: [touch('cart', 0), touch('search', 0)], purchases: [] }, NOW).value,
  ).toBeCloseTo(1 - (1 - 0.35) * (1 - 0.08), 12);
  expect(explainIntent({ touches: [touch('cart', 48)], purchases: [] }, NOW).value).toBeCloseTo(0.175, 12);
  fc.assert(
    fc.property(shuffled, fc.array(fc.nat(700), { maxLength: 3 }), ([touches, other], hours) => {
      const purchases = hours.map((ago) => purchase(ago, 'shoes'));
      const one = explainIntent({ touches, purchases }, NOW);
      expect(explainIntent({ touches: other, purchases: [...purchases].reverse() }, NOW)).toEqual(one);
      expect(one.value).toBeGreaterThanOrEqual(0);
      expect(one.value).toBeLessThanOrEqual(1);
      for (const { value } of one.categories) expect(value).toBeLessThanOrEqual(one.value + 1e-12);
    }),
  );
});

test('a purchase ends the intent in its category only', () => {
  const touches = [touch('cart', 5, { category: 'shoes' }), touch('cart', 4, { category: 'books' })];
  const before = explainIntent({ touches, purchases: [] }, NOW);
  expect(before.categories.map(({ category }) => category)).toEqual(['books', 'shoes']);
  const after = explainIntent({ touches, purchases: [purchase(1, 'shoes')] }, NOW);
  expect(after.categories.map(({ category }) => category)).toEqual(['books']);
  expect(after.value).toBe(before.categories[0]?.value);
  const again = [...touches, touch('view', 0.5, { category: 'shoes' })];
  expect(explainIntent({ touches: again, purchases: [purchase(1, 'shoes')] }, NOW).categories).toHaveLength(
    2,
  );
  expect(explainIntent({ touches: [touch('checkout', 3)], purchases: [purchase(1)] }, NOW).value).toBe(0);
  expect(
    explainIntent({ touches: [touch('checkout', 3)], purchases: [purchase(1, 'shoes')] }, NOW).value,
  ).toBeGreaterThan(0);
});

test('D-12: intent lists its reasons, the strongest first; a repeated view of a product weighs more', () => {
  const view = (hours: number, item: string) => touch('view', hours, { category: 'shoes', item });
  const touches = [view(3, 'p1'), view(2, 'p1'), touch('cart', 1, { category: 'shoes' }), view(1, 'p2')];
  const { value, because } = explainIntent({ touches, purchases: [] }, NOW);
  expect(because.map(({ name }) => name)).toEqual([
    'cart shoes',
    'repeat_view shoes',
    'view shoes',
    'view shoes',
  ]);
  expect(because[0]?.observed).toBe('1 h ago');
  expect(because.reduce((sum, { adds }) => sum + adds, 0)).toBeCloseTo(value, 12);
  expect(explainIntent({ touches: [touch('cart', -1)], purchases: [] }, NOW).value).toBe(0);
  expect(explainIntent({ touches: [touch('cart', 0, { machine: true })], purchases: [] }, NOW).value).toBe(0);
  expect(
    explainIntent({ touches, purchases: [] }, NOW, { ...DEFAULT_INTENT, weights: { cart: 7 } }).value,
  ).toBeLessThan(1);
});

test('D-12: type is the share of the ideal profile that fits, rule by rule; a failing rule reports its error', () => {
  const rules = [
    { id: 'company', when: 'a', weight: 3 },
    { id: 'europe', when: 'b', weight: 1 },
    { id: 'size', when: 'c', weight: 1 },
    { id: 'broken', when: 'a', weight: Number.NaN },
    { id: 'against', when: 'a', weight: -2 },
  ];
  const holds: EvaluateRule = (when) =>
    when === 'c' ? { ok: false, error: 'no such attribute' } : { ok: true, value: when === 'a' };
  expect(explainTypeFit(rules, holds)).toEqual({
    value: 0.6,
    because: [
      { name: 'company', observed: true, adds: 0.6 },
      { name: 'europe', observed: false, adds: 0 },
      { name: 'size', observed: 'unknown: no such attribute', adds: 0 },
    ],
  });
  expect(explainTypeFit([], holds)).toEqual({ value: 0, because: [] });
});

test('B-6: the newest touches are kept, in any order of arrival; merged logs equal one log', () => {
  const visited = anyTouch.map((one) =>
    one.kind === 'session' ? { at: NOW - (one.at % 9), kind: 'session' } : one,
  );
  const life = fc.array(fc.tuple(visited, fc.boolean()), { maxLength: 150 });
  fc.assert(
    fc.property(
      life.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, other]) => {
        const keep = (some: [Touch, boolean][]) => {
          const kept: Touch[] = [];
          for (const [one] of some) foldTouch(kept, one);
          return kept;
        };
        const kept = keep(all);
        expect(keep(other)).toEqual(kept);
        expect(kept.length).toBeLessThanOrEqual(KEPT_TOUCHES);
        expect([...kept].sort(compareTouches)).toEqual(kept);
        const [mine, theirs] = [true, false].map((which) => keep(all.filter(([, side]) => side === which)));
        expect(mergeTouches(mine ?? [], theirs ?? [])).toEqual(kept);
        expect(mergeTouches(theirs ?? [], mine ?? [])).toEqual(kept);
      },
    ),
  );
});

test('events become touches by name; unknown and invalid events are ignored', () => {
  const read = (name: string, properties: Record<string, unknown> = {}) =>
    readTouch({ name, at: NOW, properties });
  expect(read('Product Viewed', { product_id: 7, category: 'shoes' })).toEqual(
    touch('view', 0, { item: '7', category: 'shoes' }),
  );
  expect(read('Delivery Clicked', { channel: 'email', machine: true })).toEqual(
    touch('email_click', 0, { machine: true }),
  );
  // Pages of one visit are one touch.
  expect(read('Page Viewed')).toEqual({ at: NOW, kind: 'session' });
  expect(readTouch({ name: 'Page Viewed', at: NOW + 29 * 60_000, properties: {} })).toEqual(
    read('Page Viewed'),
  );
  for (const name of ['Delivery Opened', 'Ticket Opened', 'constructor', '__proto__'])
    expect(read(name)).toBe(null);
});

test('a history leaves out cancelled orders, keeps refunded ones with amount 0, and sums up old ones', () => {
  const profile = emptyProfile();
  const event = (name: string, day: number, properties: Record<string, unknown>) => ({
    type: 'track' as const,
    name,
    at: NOW - day * DAY,
    seq: 100 - day,
    properties,
    traits: {},
    context: {},
    source: 'shop',
  });
  for (let n = 60; n > 0; n--)
    foldProfile(
      profile,
      event('Order Completed', n, {
        order_id: `o${n}`,
        total: 10,
        products: [{ product_id: 'p1', category: 'shoes' }],
      }),
      'EUR',
    );
  foldProfile(profile, event('Order Cancelled', 0, { order_id: 'o3' }), 'EUR');
  foldProfile(profile, event('Order Refunded', 0, { order_id: 'o4' }), 'EUR');
  const history = buildCustomerHistory(profile, 'EUR');
  expect(history.purchases).toHaveLength(49);
  expect(history.purchases.find(({ at }) => at === NOW - 4 * DAY)).toEqual({
    at: NOW - 4 * DAY,
    amount: 0,
    categories: ['shoes'],
  });
  expect(history.earlier).toEqual({ count: 10, first: NOW - 60 * DAY, amount: 10_000 });
  expect(buildCustomerHistory(emptyProfile(), 'EUR').earlier).toBe(null);
  expect(buildCustomerHistory(profile, 'USD').purchases.every(({ amount }) => amount === 0)).toBe(true);
});
