import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lookUpZone } from '../../../src/app/time-zones.ts';
import { AGENT_DESK } from '../../../src/domain/candidate.ts';
import { findUsedCoupons, normaliseCode } from '../../../src/domain/coupon.ts';
import type { JourneyEvent } from '../../../src/domain/event.ts';
import type { CouponFact, Evaluator } from '../../../src/domain/facts.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { minuteOfDay, monthAround, toLocal } from '../../../src/domain/time/zone.ts';
import { budget } from '../../../src/engine/gates/budget.ts';
import { coupon, judgeCouponAtClaim } from '../../../src/engine/gates/coupon.ts';
import { bundlePolicy, placementPolicy } from '../../../src/engine/policy.ts';
import { computeCost } from '../../../src/engine/treatment/cost.ts';
import { findCouponOnce } from '../../../src/engine/treatment/coupon-once.ts';
import { action, bundle, candidate, delivery, facts, NOW, request } from '../support.ts';

const returning =
  (value: unknown): Evaluator =>
  () => ({ ok: true, value });
const failing: Evaluator = () => ({ ok: false, error: 'No such key: x' });
const MONTH_END = NOW + 15 * DAY;

function used(spent: number, given = 0) {
  return facts({ budgets: [{ action: 'tip', spent, unitsGiven: given, resetsAt: MONTH_END }] });
}

test('a cost is kept in minor units; a missing, a negative and a failing cost are 0', () => {
  const of = action({ cost: 'x' });
  const cost = (evaluate: Evaluator, definition = of) =>
    computeCost(candidate(definition), request({ evaluate }));
  expect(cost(returning(8.255))).toBe(826);
  expect(cost(returning('12.5'))).toBe(1250);
  expect(cost(returning(-3))).toBe(0);
  expect(cost(returning('dear'))).toBe(0);
  expect(cost(returning(Number.NaN))).toBe(0);
  expect(cost(failing)).toBe(0);
  expect(cost(returning(9), action())).toBe(0);
});

test('D-9: the budget is never exceeded at any use and cost, and a blocked candidate says when it lifts', () => {
  fc.assert(
    fc.property(fc.nat(2_000), fc.nat(2_000), fc.nat(2_000), (spent, cost, amount) => {
      const of = action({ cost: 'x', budget: { amount: amount / 100, of: 'workspace' } });
      const at = request({ facts: used(spent), evaluate: returning(cost / 100) });
      const [verdict] = budget(candidate(of), at);
      if (verdict?.pass) expect(spent + cost).toBeLessThanOrEqual(amount);
      else {
        expect(spent + Math.max(cost, 1)).toBeGreaterThan(amount);
        expect(verdict).toMatchObject({
          code: 'budget_spent',
          observed: spent,
          needed: amount,
          liftsAt: MONTH_END,
        });
      }
    }),
  );
});

test('an inventory per month is full again next month; one without a period never is', () => {
  const of = (per: 'month' | null) => candidate(action({ inventory: { units: 3, per } }));
  expect(budget(of(null), request({ facts: used(0, 2) }))).toEqual([
    { gate: 'budget', rule: 'inventory', pass: true },
  ]);
  const out = request({ facts: used(0, 3) });
  expect(budget(of('month'), out)).toMatchObject([
    { code: 'sold_out', observed: 3, needed: 3, liftsAt: MONTH_END },
  ]);
  expect(budget(of(null), out)).toMatchObject([{ code: 'sold_out', liftsAt: null }]);
});

test('tentative contacts of other enrollments count as units; those of the same enrollment do not', () => {
  const of = action({
    cost: 'x',
    inventory: { units: 3, per: null },
    budget: { amount: 20, of: 'workspace' },
  });
  const judgeAfter = (...enrollments: string[]) => {
    const tentativeContacts = enrollments.map((enrollmentId) => ({ ...delivery(), enrollmentId }));
    return budget(
      candidate(of),
      request({ facts: used(1_000, 1), tentativeContacts, evaluate: returning(5) }),
    );
  };
  expect(judgeAfter('enr_1', 'enr_1', 'enr_2')).toEqual([
    { gate: 'budget', rule: 'budget', pass: true },
    { gate: 'budget', rule: 'inventory', pass: true },
  ]);
  expect(judgeAfter('enr_2', 'enr_3').map((v) => v.code)).toEqual(['budget_spent', 'sold_out']);
});

test('B-7: a claim counts the reserved cost, not the cost that would be computed now', () => {
  const of = action({ cost: 'x', budget: { amount: 10, of: 'workspace' } });
  const at = request({ facts: used(600), evaluate: failing });
  expect(budget({ ...candidate(of), reservedCost: 400 }, at)[0]?.pass).toBe(true);
  expect(budget({ ...candidate(of), reservedCost: 401 }, at)[0]?.pass).toBe(false);
});

const given: CouponFact = {
  id: 'cpn_1',
  code: '0123456789AB',
  action: 'tip',
  once: 'o-1',
  percent: 20,
  state: 'issued',
  isCommunicated: true,
  expiresAt: NOW + DAY,
};
const GIFT = action({ class: 'service', coupon: { percent: 20, validFor: DAY, once: 'x' } });

test('D-9: one coupon per incident: once communicated it is not given again; cancelled before, it may be', () => {
  const judge = (...coupons: CouponFact[]) =>
    coupon(candidate(GIFT), request({ facts: facts({ coupons }), evaluate: returning('o-1') }))[0];
  expect(judge()).toEqual({ gate: 'coupon', pass: true, rule: 'coupon' });
  expect(judge({ ...given, once: 'o-2' }, { ...given, action: 'other' })?.pass).toBe(true);
  expect(judge({ ...given, isCommunicated: false })?.pass).toBe(true);
  expect(judge({ ...given, isCommunicated: false, state: 'expired' })?.pass).toBe(true);
  for (const earlier of [
    given,
    { ...given, state: 'expired' as const },
    { ...given, isCommunicated: false, state: 'redeemed' as const },
    { ...given, isCommunicated: false, state: 'revoked' as const },
  ])
    expect(judge(earlier)).toEqual({
      gate: 'coupon',
      rule: 'coupon',
      pass: false,
      code: 'coupon_issued',
      observed: 'cpn_1',
    });
});

test('D-9: a coupon that a claim found given to another customer stays blocked', () => {
  const refusal = { code: 'coupon_issued', liftsAt: null };
  const refused = delivery({ enrollmentId: 'enr_1', state: 'cancelled', refusal });
  const at = request({ facts: facts({ deliveries: [refused] }), evaluate: returning('o-1') });
  expect(coupon(candidate(GIFT), at)).toMatchObject([{ code: 'coupon_issued', observed: 'o-1' }]);
});

test('I6: what a coupon is for must be a text or a number; tasks and placements bring none', () => {
  const judge = (evaluate: Evaluator, changes = {}, policy = bundlePolicy(bundle())) =>
    coupon({ ...candidate(GIFT), ...changes }, request({ evaluate, policy }))[0];
  expect(judge(failing)).toMatchObject({ code: 'error', observed: 'No such key: x', needed: 'x' });
  expect(judge(returning(true))).toMatchObject({ code: 'error' });
  expect(judge(returning('y'.repeat(256)))).toMatchObject({ code: 'error' });
  expect(judge(returning(17))).toEqual({ gate: 'coupon', pass: true, rule: 'coupon' });
  expect(findCouponOnce(candidate(GIFT), request({ evaluate: returning(17) }))).toBe('17');
  expect(findCouponOnce(candidate(action()), request({ evaluate: returning(17) }))).toBeNull();
  expect(findCouponOnce(candidate(GIFT), request({ evaluate: failing }))).toBeNull();
  expect(judge(returning('o-1'), { channel: AGENT_DESK })).toMatchObject({ code: 'not_supported' });
  const shown = placementPolicy(bundle(), { channel: 'inbox' });
  expect(judge(returning('o-1'), { channel: 'inbox' }, shown)).toMatchObject({ code: 'not_supported' });
});

test('a message leaves only with a coupon that is issued and not expired', () => {
  const judge = (issued: CouponFact | null, now = NOW) =>
    judgeCouponAtClaim(GIFT, issued, now).map((v) => v.code);
  expect(judge(given)).toEqual([]);
  expect(judge(null)).toEqual(['coupon_issued']);
  expect(judge({ ...given, state: 'revoked' })).toEqual(['coupon_revoked']);
  expect(judge({ ...given, state: 'redeemed' })).toEqual(['coupon_redeemed']);
  expect(judge(given, NOW + DAY)).toEqual(['coupon_expired']);
  expect(judgeCouponAtClaim(action(), null, NOW)).toEqual([]);
});

test('D-10: an order redeems the coupon that it names, in any spelling, once, if it was ordered in time', () => {
  const order = (properties: Record<string, unknown>, more: Partial<JourneyEvent> = {}): JourneyEvent => ({
    id: 'evt_1',
    seq: 1,
    type: 'track',
    name: 'Order Completed',
    at: NOW,
    acceptedAt: NOW,
    historical: false,
    source: 'shop',
    messageId: 'm',
    properties,
    traits: {},
    context: {},
    origin: null,
    ...more,
  });
  const typed = { order_id: 'o-9', coupon: '0l23-4567-89ab', discount: 4.2 };
  const redeemed = { id: 'cpn_1', orderId: 'o-9', discount: 420, at: NOW };
  expect(findUsedCoupons([order(typed), order({ ...typed, order_id: 'o-10' })], [given], 'EUR')).toEqual([
    redeemed,
  ]);
  expect(findUsedCoupons([order(typed)], [{ ...given, state: 'expired' }], 'EUR')).toEqual([redeemed]);
  // A shop that combines discounts names several codes.
  expect(
    findUsedCoupons([order({ coupon: ['FREESHIP', given.code, 7, null] })], [given], 'EUR'),
  ).toHaveLength(1);
  expect(findUsedCoupons([order({ coupon: ['FREESHIP'] })], [given], 'EUR')).toEqual([]);
  expect(findUsedCoupons([order({ coupon: given.code })], [given], 'EUR')).toMatchObject([
    { orderId: 'evt_1', discount: null },
  ]);
  const nothing = [
    order(typed, { at: given.expiresAt }),
    order(typed, { historical: true }),
    order(typed, { source: 'account' }),
    order(typed, { name: 'Order Updated' }),
    order({ order_id: 'o-9', coupon: 'SOMEBODYS' }),
    order({ order_id: 'o-9', coupon: { code: given.code } }),
  ];
  expect(findUsedCoupons(nothing, [given], 'EUR')).toEqual([]);
  for (const state of ['redeemed', 'revoked'] as const)
    expect(findUsedCoupons([order(typed)], [{ ...given, state }], 'EUR')).toEqual([]);
});

test('a typed code is normalised, and normalising it again changes nothing', () => {
  expect(normaliseCode(' 0ol1-i23 ')).toBe('0011123');
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(normaliseCode(normaliseCode(text))).toBe(normaliseCode(text));
    }),
  );
});

test('a calendar month of any zone begins and ends at a local midnight, and contains the instant', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
  const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) });
  fc.assert(
    fc.property(fc.constantFrom(...zones), instant, (name, at) => {
      const zone = lookUpZone(name, 'UTC', at);
      const { from, until } = monthAround(zone, at);
      expect(from).toBeLessThanOrEqual(at);
      expect(until).toBeGreaterThan(at);
      for (const edge of [from, until]) {
        expect(new Date(toLocal(zone, edge)).getUTCDate()).toBe(1);
        expect(minuteOfDay(zone, edge)).toBe(0);
      }
      expect(until - from).toBeGreaterThanOrEqual(28 * DAY - HOUR);
      expect(monthAround(zone, from)).toEqual({ from, until });
      expect(monthAround(zone, until).from).toBe(until);
    }),
  );
});
