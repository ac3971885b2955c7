import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time/time.ts';
import { formatDuration } from '../../src/sentences/text/format-duration.ts';
import { formatMoney } from '../../src/sentences/text/format-money.ts';
import { createTimeFormatter } from '../../src/sentences/text/format-time.ts';
import { NOW } from './support.ts';

test.each([
  ['Europe/Berlin', 0, '15:23', '2026-11-29 15:23:00'],
  ['Europe/Berlin', DAY, 'Mon 30 Nov, 15:23', '2026-11-30 15:23:00'],
  ['Europe/Berlin', 40 * DAY, 'Fri 8 Jan 2027, 15:23', '2027-01-08 15:23:00'],
  ['Asia/Jakarta', 0, '21:23', '2026-11-29 21:23:00'],
  ['UTC+05:30', 0, '19:53', '2026-11-29 19:53:00'],
  ['UTC-03:00', 13 * HOUR, 'Mon 30 Nov, 00:23', '2026-11-30 00:23:00'],
  ['Moon/Base', 0, '14:23', '2026-11-29 14:23:00'],
])('in %s, %i ms from now is written as %s', (zone, ms, short, stamp) => {
  const times = createTimeFormatter({ locale: 'en-GB', zone, now: NOW });
  expect([times.format(NOW + ms), times.stamp(NOW + ms)]).toEqual([short, stamp]);
  expect(times.zone).toBe(zone === 'Moon/Base' ? 'UTC' : zone);
});

test.each([
  ['2026-12-24', '24 Dec'],
  ['2027-02-27', '27 Feb 2027'],
  ['2026-02-31', '2026-02-31'],
  ['soon', 'soon'],
])('the day %s is written as %s', (day, text) => {
  const times = createTimeFormatter({ locale: 'en-GB', zone: 'Asia/Jakarta', now: NOW });
  expect(times.formatDay(day)).toBe(text);
});

test('an instant that no calendar has is written as the nearest that it has', () => {
  const times = createTimeFormatter({ locale: 'en-GB', zone: 'Europe/Berlin', now: NOW });
  expect(times.format(1e300)).toContain('275760');
  expect(() => times.format(-1e300)).not.toThrow();
});

test.each([
  [0, '0 s'],
  [90 * SECOND, '90 s'],
  [90 * MINUTE, '90 min'],
  [HOUR, '1 h'],
  [48 * HOUR, '48 h'],
  [37.5 * HOUR, '37.5 h'],
  [3 * DAY, '3 days'],
  [14 * DAY, '14 days'],
])('%i ms are %s', (ms, text) => {
  expect(formatDuration(ms, 'en-GB')).toBe(text);
});

test.each([
  ['412', 'EUR', 'en-GB', '€412.00'],
  ['1234567.5', 'eur', 'en-GB', '€1,234,567.50'],
  ['-3.2', 'JPY', 'en-GB', '-JP¥3'],
  ['1250.5', 'EUR', 'id', '€ 1.250,50'],
  ['12', 'Bohnen', 'en-GB', '12 Bohnen'],
  ['much', 'EUR', 'en-GB', 'much EUR'],
  ['1'.repeat(20), 'EUR', 'en-GB', `${'1'.repeat(20)} EUR`],
])('the amount %s of %s in %s is written as %s', (amount, currency, locale, text) => {
  // Versions of ICU put different spaces between a sign and its amount.
  const close = (written: string) => written.replace(/\s/g, '');
  expect(close(formatMoney(amount, currency, locale))).toBe(close(text));
});
