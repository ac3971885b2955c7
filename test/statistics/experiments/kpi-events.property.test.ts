import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time/time.ts';
import { buildHarmBlocks, type HarmCount } from '../../../src/statistics/experiments/harm-blocks.ts';
import {
  buildCohortRow,
  type KpiEvent,
  summarizeKpiEvents,
} from '../../../src/statistics/experiments/kpi-events.ts';

const EMPTY = {
  orderId: null,
  total: null,
  revenue: null,
  value: null,
  currency: null,
  kind: null,
  score: null,
};
const event = (changes: Partial<KpiEvent>): KpiEvent => ({
  name: 'Order Completed',
  at: 0,
  ...EMPTY,
  ...changes,
});

const anyEvent = fc.record({
  name: fc.constantFrom(
    'Order Completed',
    'Order Refunded',
    'Order Cancelled',
    'Product Reviewed',
    'Survey Answered',
  ),
  at: fc.integer({ min: 0, max: 1_000 }),
  orderId: fc.constantFrom('a', 'b', 'c', 7, null, undefined, { no: 'id' }),
  total: fc.constantFrom(10, '2.50', 'much', null, -3, Number.MAX_VALUE),
  revenue: fc.constant(null),
  value: fc.constant(null),
  currency: fc.constantFrom('EUR', null, 'USD'),
  kind: fc.constantFrom('nps', 'csat'),
  score: fc.constantFrom(10, 8, '10', null),
});

test('B-4: for any events an order counts at most once, a reversed one never, and every amount is a number', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
      const { purchases, advocacy, foreignPurchases } = summarizeKpiEvents(events, 'EUR');
      expect(purchases.every(({ amount }) => Number.isSafeInteger(amount))).toBe(true);
      const countNamed = (name: string) => events.filter((one) => one.name === name).length;
      expect(purchases.length + foreignPurchases).toBeLessThanOrEqual(countNamed('Order Completed'));
      expect(advocacy.length).toBeLessThanOrEqual(
        countNamed('Product Reviewed') + countNamed('Survey Answered'),
      );
      const refundedIds = events.filter((one) => one.name === 'Order Refunded').map((one) => one.orderId);
      const kept = summarizeKpiEvents(
        [...events, event({ orderId: 'mine', at: 5, total: 1 })],
        'EUR',
      ).purchases;
      expect(kept.length).toBe(purchases.length + 1);
      for (const orderId of refundedIds)
        expect(
          summarizeKpiEvents([...events, event({ orderId, at: 5 })], 'EUR').purchases.length,
        ).toBeLessThanOrEqual(
          purchases.length + (typeof orderId === 'string' || typeof orderId === 'number' ? 0 : 1),
        );
    }),
  );
});

test('B-4: loyal customers bought twice in the period or also before it; the value is the kept amount × margin', () => {
  const member = { customer: 'c', arm: 'treated', excluded: false, cohort: '2026-06' } as const;
  const buildRow = (...instants: number[]) =>
    buildCohortRow(
      member,
      summarizeKpiEvents(
        instants.map((at) => event({ at, orderId: `o${at}`, total: 10 })),
        'EUR',
      ),
      { from: 100, to: 200 },
      0.3,
    );
  expect(buildRow()).toMatchObject({ purchases: 0, loyal: false, value: 0 });
  expect(buildRow(150)).toMatchObject({ purchases: 1, loyal: false, value: 300 });
  expect(buildRow(50)).toMatchObject({ purchases: 0, loyal: false });
  expect(buildRow(50, 100)).toMatchObject({ purchases: 1, loyal: true });
  expect(buildRow(100, 199, 200)).toMatchObject({ purchases: 2, loyal: true, value: 600 });
});

test('C-13: a block is one journey and week, counted once its time is over, and only if the action went out', () => {
  const count = (changes: Partial<HarmCount>): HarmCount => ({
    journey: 'tips',
    week: 0,
    arm: 'treated',
    counted: 'customers',
    count: 10,
    lag: 2,
    ...changes,
  });
  const rows = [
    count({}),
    count({ arm: 'control', count: 5 }),
    count({ counted: 'ticket', count: 3 }),
    count({ counted: 'refund', count: 9 }),
    count({ counted: 'exposed', count: 8 }),
    count({ journey: 'more', count: 7 }),
    count({ week: 1, lag: null }),
  ];
  const closes = 7 * DAY + 2 * DAY + DAY;
  const at = (now: number) => buildHarmBlocks(rows, 'ticket', { origin: 0, within: DAY, now });
  expect(at(closes - 1)).toEqual([]);
  expect(at(closes)).toEqual([
    { treated: { customers: 7, events: 0 }, control: { customers: 0, events: 0 } },
    { treated: { customers: 10, events: 3 }, control: { customers: 5, events: 0 } },
  ]);
  expect(at(99 * DAY)).toEqual(at(closes));
});
