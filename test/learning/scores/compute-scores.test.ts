import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyProfile, type Profile } from '../../../src/domain/customer/profile.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { computeScores } from '../../../src/learning/scores/compute-scores.ts';
import { bundle, facts, NOW, workspace } from '../../engine/support.ts';

function of(profile: Profile, currency = 'EUR') {
  const evaluate = () => ({ ok: true as const, value: true });
  const shop = bundle({ workspace: workspace({ currency }) });
  return computeScores({ facts: facts({ profile }), bundle: shop, fitted: null, now: NOW, evaluate });
}

function ordered(daysAgo: number[], changes: Partial<Profile['orders'][0]> = {}): Profile {
  const orders = daysAgo.map((days, n) => ({
    id: `o-${n}`,
    status: 'paid' as const,
    total: 1_000,
    currency: 'EUR',
    at: NOW - days * DAY,
    problem: null,
    ...changes,
  }));
  return { ...emptyProfile(), orders };
}
const days = (profile: Profile) => {
  const { overdueAt, lapsedAt } = of(profile);
  return [overdueAt, lapsedAt].map((at) => at !== undefined && (at - NOW) / DAY);
};

test('E-1: without a fit, overdue and lapsed are two and four mean gaps after the last order', () => {
  expect(days(ordered([120, 60, 0]))).toEqual([120, 240]);
  expect(days(ordered([0, 120]))).toEqual([240, 480]);
});

test('the minimum is 30 and 60 days; one order gives 90 and 180 days, no order gives none', () => {
  expect(days(ordered([6, 4, 2, 0]))).toEqual([30, 60]);
  expect(days(ordered([10]))).toEqual([80, 170]);
  expect(days(ordered([0, 0]))).toEqual([30, 60]);
  expect(days(emptyProfile())).toEqual([false, false]);
  expect(days(ordered([10], { status: 'cancelled' }))).toEqual([false, false]);
  expect(days(ordered([10], { status: 'refunded' }))).toEqual([80, 170]);
});

test('value is ½ at the workspace’s half and within [0, 1); the last order, overdue and lapsed come in that order', () => {
  const spent = (amount: number) => ({ ...emptyProfile(), spend: { EUR: amount } });
  expect(of(spent(10_000)).value).toBe(0.5);
  expect(of(spent(10_000), 'USD').value).toBe(0);
  expect(of(spent(10_000), 'constructor').value).toBe(0);
  fc.assert(
    fc.property(
      fc.integer({ min: -1e9, max: 1e12 }),
      fc.array(fc.nat(3_000), { minLength: 1 }),
      (spend, ago) => {
        const { value, overdueAt, lapsedAt } = of({ ...ordered(ago), spend: { EUR: spend } });
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
        const last = NOW - Math.min(...ago) * DAY;
        expect(overdueAt).toBeGreaterThanOrEqual(last + 30 * DAY);
        expect(lapsedAt).toBeGreaterThan(overdueAt as number);
        expect(Number.isInteger(overdueAt)).toBe(true);
      },
    ),
  );
});
