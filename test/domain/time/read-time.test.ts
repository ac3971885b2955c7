import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUnreadableTime, readHttpDate, readTime } from '../../../src/domain/time/read-time.ts';
import { iso } from '../../../src/domain/time/time.ts';

test('the suite runs in a zone other than UTC, so that a time read in the zone of the machine is wrong', () => {
  expect(new Date(2026, 10, 12).getTimezoneOffset()).toBe(480);
});

const TEN = '2026-11-12T10:00:00.000Z';

test.each([
  ['2026-11-12T10:00:00Z', TEN],
  ['2026-11-12T10:00:00', TEN],
  ['2026-11-12 10:00:00', TEN],
  ['2026-11-12T10:00', TEN],
  ['2026-11-12T11:00:00+01:00', TEN],
  ['2026-11-12T15:30:00+0530', TEN],
  ['2026-11-12T02:00:00-08', TEN],
  ['2026-11-12 10:00:00 UTC', TEN],
  ['2026-11-12T11:00:00+01:00[Europe/Berlin]', TEN],
  ['20261112T100000Z', TEN],
  [' 2026-11-12T10:00:00.123456789Z ', '2026-11-12T10:00:00.123Z'],
  ['2026-11-12T10:00:00,5Z', '2026-11-12T10:00:00.500Z'],
  ['2026-11-12', '2026-11-12T00:00:00.000Z'],
  ['2026-11-12T24:00:00Z', '2026-11-13T00:00:00.000Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
  ['2026-03-08T02:30:00', '2026-03-08T02:30:00.000Z'],
  [1_794_477_600, TEN],
  [1_794_477_600.25, '2026-11-12T10:00:00.250Z'],
  [1_794_477_600_000, TEN],
  ['1794477600', TEN],
  ['1794477600000', TEN],
  [1_794_477_600_000_000, TEN],
  ['1794477600000000', TEN],
  ['1794477600000000000', TEN],
  ['2026-11-12T10:00:00 GMT', TEN],
  ['Thu, 12 Nov 2026 10:00:00 GMT', TEN],
  [253_402_300_799, '9999-12-31T23:59:59.000Z'],
  ['253402300799', '9999-12-31T23:59:59.000Z'],
])('%j is read as %s', (value, instant) => {
  expect(iso(readTime(value) ?? 0)).toBe(instant);
  expect(isUnreadableTime(value)).toBe(false);
});

test.each([
  null,
  undefined,
  '',
  0,
  '0',
  false,
  '0001-01-01T00:00:00Z',
  '0000-00-00 00:00:00',
  '1970-01-01T00:00:00Z',
  '1970-01-01',
  '1970-01-01T01:00:00+01:00',
  '1969-12-31T16:00:00',
  -62_135_596_800,
  '-62135596800',
  -62_135_596_800_000,
  '-6795364578871345152',
  '1900-01-01',
  '1899-12-30T00:00:00Z',
  '1601-01-01T00:00:00.000Z',
  '1753-01-01 00:00:00',
])('the zero time %j is absent', (value) => {
  expect(readTime(value)).toBeUndefined();
  expect(isUnreadableTime(value)).toBe(false);
});

test.each([
  '2026-02-31',
  '2026111210150000',
  '1900-01-011',
  17_944_776_000_000,
  179_447_760_000_000_000_000,
  '2026-13-01T00:00:00Z',
  '2026-11-12T25:00:00Z',
  '2026-11-12T10:60:00Z',
  '12.11.2026',
  '11/12/2026',
  '12 Nov 2026',
  'Thu Nov 12 2026 10:00:00 GMT+0100',
  '2026',
  '20261112',
  '202611121015',
  '20261112101500',
  'yesterday',
  '1602-01-01T00:00:00Z',
  7,
  2026,
  -5,
  20_261_112,
  3e13,
  Number.NaN,
  true,
  {},
  [TEN],
])('bad input: %j is no time', (value) => {
  expect(readTime(value)).toBeUndefined();
  expect(isUnreadableTime(value)).toBe(true);
});

test('every instant is read as it is written, with and without its zone', () => {
  const instants = fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2200, 0, 1) });
  fc.assert(
    fc.property(instants, (at) => {
      expect(readTime(iso(at))).toBe(at);
      expect(readTime(iso(at).slice(0, -1))).toBe(at);
      expect(readTime(Math.max(at, 1e11))).toBe(Math.max(at, 1e11));
    }),
  );
});

test('bad input: no value throws', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      readTime(value);
      isUnreadableTime(value);
    }),
  );
});

test('a date in an HTTP header is read; other forms are not', () => {
  expect(readHttpDate('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
  expect(readHttpDate('Sun, 31 Feb 1994 08:49:37 GMT')).toBeUndefined();
  expect(readHttpDate('06.11.1994')).toBeUndefined();
});
