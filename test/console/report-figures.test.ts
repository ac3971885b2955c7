import { expect, test } from 'vitest';
import { lastDays } from '../../console/src/format/period.ts';
import { readComparison } from '../../console/src/pages/reports/comparison.ts';
import { countDays, dayAfter, lastDayOf, readPeriod } from '../../console/src/pages/reports/period.ts';

const NOW = Date.UTC(2026, 10, 29, 23, 59);

const arm = (mean: number) => ({ customers: 1_000, mean });
const compared = (difference: number, low: number, high: number) =>
  ({
    kind: 'compared',
    difference,
    low,
    high,
    detectable: 0.02,
    treated: arm(0.12),
    control: arm(0.1),
    lift: 0.2,
    p: 0.01,
  }) as const;

test.each([
  [compared(0.02, 0.01, 0.03), 'more'],
  [compared(-0.02, -0.03, -0.01), 'less'],
  [compared(0.02, -0.01, 0.05), 'open'],
  [{ ...compared(0.02, 0.01, 0.03), kind: 'underpowered' } as const, 'open'],
])('E-4: a difference counts only where its whole interval lies beside zero', (headline, verdict) => {
  expect(readComparison(headline)).toMatchObject({ kind: 'measured', verdict, treated: 0.12, control: 0.1 });
});

test('amounts of money are shown as numbers', () => {
  const money = (amount: string) => ({ amount, currency: 'EUR' });
  const headline = {
    ...compared(0, 0, 0),
    difference: money('-1.50'),
    low: money('-2.00'),
    high: money('-1.00'),
    detectable: money('0.40'),
    treated: { customers: 1, mean: money('4.20') },
    control: { customers: 1, mean: money('5.70') },
  };
  expect(readComparison(headline)).toMatchObject({
    difference: -1.5,
    low: -2,
    high: -1,
    detectable: 0.4,
    treated: 4.2,
    control: 5.7,
    verdict: 'less',
  });
});

test('a period has whole days in UTC, and ends with today', () => {
  expect(lastDays(7, NOW)).toEqual({ from: '2026-11-23', to: '2026-11-30' });
  expect(countDays(lastDays(90, NOW))).toBe(90);
  expect(lastDayOf(lastDays(7, NOW))).toBe('2026-11-29');
  expect(dayAfter('2026-02-28')).toBe('2026-03-01');
});

test.each([
  [{}, { from: '2026-09-01', to: '2026-11-30' }],
  [{ from: '2026-11-01' }, { from: '2026-11-01', to: '2026-11-30' }],
  [
    { from: '2026-01-01', to: '2026-02-01' },
    { from: '2026-01-01', to: '2026-02-01' },
  ],
  [{ from: 'yesterday' }, { from: '2026-09-01', to: '2026-11-30' }],
  [{ from: '2026-13-45' }, { from: '2026-09-01', to: '2026-11-30' }],
  [
    { from: '2026-12-01', to: '2026-11-01' },
    { from: '2026-09-01', to: '2026-11-30' },
  ],
])('the period of the URL %j is %j', (url, period) => {
  expect(readPeriod(url, NOW)).toEqual(period);
});
