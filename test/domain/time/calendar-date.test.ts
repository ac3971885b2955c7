import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lookUpZone } from '../../../src/app/time-zones.ts';
import {
  calendarDay,
  dateText,
  dayNumber,
  dayOfText,
  localDate,
  readDate,
} from '../../../src/domain/time/calendar-date.ts';
import { computeDateDue, nextOccurrence } from '../../../src/domain/time/occurrence.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time/time.ts';
import { nextLocalMinute, UTC } from '../../../src/domain/time/zone.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const rule = { offset: 0, at: 9 * 60, repeat: 'once', leapDay: 'feb28', grace: 6 * HOUR } as const;
const yearly = { ...rule, repeat: 'year' } as const;

describe('reading dates', () => {
  test.each([
    ['2026-03-01', { kind: 'day', year: 2026, month: 3, day: 1 }],
    ['2024-02-29', { kind: 'day', year: 2024, month: 2, day: 29 }],
    ['02-29', { kind: 'yearly', month: 2, day: 29 }],
    ['--12-24', { kind: 'yearly', month: 12, day: 24 }],
    ['2026-03-01T08:00:00Z', { kind: 'instant', at: Date.UTC(2026, 2, 1, 8) }],
    ['2026-03-01T08:00:00.5+02:00', { kind: 'instant', at: Date.UTC(2026, 2, 1, 6) + 500 }],
    [new Date(NOW), { kind: 'instant', at: NOW }],
    [NOW, { kind: 'instant', at: NOW }],
    [null, { kind: 'missing' }],
    [undefined, { kind: 'missing' }],
    ['', { kind: 'missing' }],
    [0, { kind: 'missing' }],
    [false, { kind: 'missing' }],
    ['0001-01-01', { kind: 'missing' }],
    ['0000-00-00 00:00:00', { kind: 'missing' }],
    ['1970-01-01T00:00:00Z', { kind: 'missing' }],
    ['1970-01-01', { kind: 'day', year: 1970, month: 1, day: 1 }],
    ['19901224', { kind: 'day', year: 1990, month: 12, day: 24 }],
    ['2026-03-01T08:00:00', { kind: 'instant', at: Date.UTC(2026, 2, 1, 8) }],
    [661_996_800, { kind: 'instant', at: Date.UTC(1990, 11, 24), midnightOf: 7_662 }],
    ['661996800', { kind: 'instant', at: Date.UTC(1990, 11, 24), midnightOf: 7_662 }],
    [-157_766_400, { kind: 'instant', at: Date.UTC(1965, 0, 1), midnightOf: -1_826 }],
    ['1990-12-24T00:00:00+01:00', { kind: 'instant', at: Date.UTC(1990, 11, 23, 23), midnightOf: 7_662 }],
  ])('%s', (value, reading) => {
    expect(readDate(value)).toEqual(reading);
  });

  test.each([
    ['2026-02-31', /no such day/],
    ['2026-02-29', /no such day/],
    ['2026-02-31T00:00:00Z', /no such day/],
    ['02-30', /no such day/],
    ['00-10', /no such day/],
    ['2026-13-01', /no such day/],
    [1990, /small number/],
    [5e10, /out of range/],
    ['1990', /YYYY-MM-DD/],
    ['202611121015', /YYYY-MM-DD/],
    ['2026-03-01T99:00:00Z', /not an instant/],
    ['tomorrow', /YYYY-MM-DD/],
    ['1/2/2026', /YYYY-MM-DD/],
    [Number.NaN, /not an instant/],
    [1e300, /out of range/],
    [new Date(Number.NaN), /not an instant/],
    [{}, /YYYY-MM-DD/],
    [true, /YYYY-MM-DD/],
  ])('bad input: %s is no date, and says why', (value, reason) => {
    const reading = readDate(value);
    expect(reading.kind === 'invalid' && reading.reason).toMatch(reason);
  });

  test('bad input: no value throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const reading = readDate(value);
        for (const entry of [rule, yearly]) nextOccurrence(entry, reading, UTC, NOW, null);
        computeDateDue(reading, DAY, UTC, NOW);
        localDate(reading, UTC);
      }),
    );
  });

  test('every day of eight centuries is written as it was read', () => {
    for (let day = dayNumber(1600, 1, 1); day < dayNumber(2400, 1, 1); day++) {
      const text = dateText(day);
      expect(dayOfText(text)).toBe(day);
      const reading = readDate(text);
      if (reading.kind !== 'day' || localDate(reading, UTC) !== day) throw new Error(text);
    }
    expect(calendarDay(dayNumber(2024, 2, 29))).toEqual({ year: 2024, month: 2, day: 29 });
  });
});

describe('occurrences', () => {
  const berlin = (at: number) => lookUpZone('Europe/Berlin', 'UTC', at);

  test('whole days of an offset are local days: 09:00 stays 09:00 across a change of clocks', () => {
    const reading = readDate('2026-03-30');
    const twoDaysBefore = nextOccurrence({ ...rule, offset: -2 * DAY }, reading, berlin(NOW), NOW, null);
    expect(twoDaysBefore).toEqual({ on: '2026-03-28', at: Date.UTC(2026, 2, 28, 8) });
    expect(nextOccurrence(rule, reading, berlin(NOW), NOW, null)?.at).toBe(Date.UTC(2026, 2, 30, 7));
    const odd = nextOccurrence({ ...rule, offset: -30 * HOUR }, reading, berlin(NOW), NOW, null);
    expect(odd).toEqual({ on: '2026-03-28', at: Date.UTC(2026, 2, 28, 8) + 18 * HOUR });
  });

  test('A-6: a 29 February falls on 28 February or 1 March in other years, as configured', () => {
    const reading = readDate('1996-02-29');
    const on = (leapDay: 'feb28' | 'mar1', year: number) =>
      nextOccurrence({ ...yearly, leapDay }, reading, UTC, Date.UTC(year, 0, 5), null)?.on;
    expect([2026, 2027, 2028].map((y) => on('feb28', y))).toEqual(['2026-02-28', '2027-02-28', '2028-02-29']);
    expect([2026, 2027, 2028].map((y) => on('mar1', y))).toEqual(['2026-03-01', '2027-03-01', '2028-02-29']);
  });

  test('a birthday given as midnight in summer time keeps its day when it is read in winter', () => {
    const reading = readDate('1990-05-04T22:00:00Z');
    expect(nextOccurrence(yearly, reading, berlin(NOW), NOW, null)?.on).toBe('2026-05-05');
  });

  test.each([
    '1990-12-24T00:00:00.000Z',
    '1990-12-24T00:00:00+01:00',
    '1990-12-24T05:00:00Z',
    '1990-12-24 00:00:00',
    661_996_800,
    661_996_800_000,
  ])('a date of birth sent as %j is 24 December in New York', (sent) => {
    const zone = lookUpZone('America/New_York', 'UTC', NOW);
    expect(nextOccurrence(yearly, readDate(sent), zone, NOW, null)?.on).toBe('2026-12-24');
  });

  test.each(['America/New_York', 'Pacific/Honolulu', 'Europe/Berlin', 'Pacific/Auckland'])(
    'a date that comes once, sent as midnight in UTC, is that day in %s, and a wait for it ends as for the plain date',
    (name) => {
      const zone = lookUpZone(name, 'UTC', NOW);
      const [plain, stamped] = [readDate('2027-01-15'), readDate('2027-01-15T00:00:00Z')];
      for (const offset of [0, -60 * DAY, -30 * HOUR]) {
        expect(nextOccurrence({ ...rule, offset }, stamped, zone, NOW, null)).toEqual(
          nextOccurrence({ ...rule, offset }, plain, zone, NOW, null),
        );
        expect(computeDateDue(stamped, offset, zone, NOW)).toBe(computeDateDue(plain, offset, zone, NOW));
      }
    },
  );

  test('a date that came on the evening before, when midnight was read as an instant, does not come again', () => {
    const zone = lookUpZone('America/New_York', 'UTC', NOW);
    expect(nextOccurrence(rule, readDate('2027-01-15T00:00:00Z'), zone, NOW, '2027-01-14')).toBeNull();
  });

  test('a yearly date does not occur before its own year', () => {
    expect(nextOccurrence(yearly, readDate('2030-01-10'), UTC, NOW, null)?.on).toBe('2030-01-10');
  });

  test('A-6: a yearly date comes once a year, even if the customer changes the time zone or the date moves', () => {
    const zones = [
      'Pacific/Auckland',
      'Pacific/Honolulu',
      'Pacific/Kiritimati',
      'Europe/Berlin',
      'Asia/Kolkata',
    ];
    const dates = fc.integer({ min: 1, max: 28 }).map((day) => `1990-06-${String(day).padStart(2, '0')}`);
    const flight = fc.record({
      zone: fc.constantFrom(...zones),
      reading: dates,
      days: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(flight, { minLength: 5, maxLength: 60 }), (flights) => {
        let now = NOW;
        let last: string | null = null;
        for (const { zone, reading, days } of flights) {
          const next = nextOccurrence(yearly, readDate(reading), lookUpZone(zone, 'UTC', now), now, last);
          if (next && next.at <= now + days * DAY) {
            if (last !== null) expect(dayOfText(next.on) - dayOfText(last)).toBeGreaterThanOrEqual(300);
            last = next.on;
          }
          now += days * DAY;
        }
      }),
    );
  });

  test('the next weekday at a time is found across changes of clocks', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'Asia/Kathmandu',
      'America/New_York',
      'Australia/Lord_Howe',
    );
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 0, max: 350 * 24 * 60 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 6 }),
        (name, minutes, minute, weekday) => {
          const zone = lookUpZone(name, 'UTC', NOW);
          const at = NOW + minutes * MINUTE;
          const next = nextLocalMinute(zone, at, minute, [weekday]);
          expect(next).toBeGreaterThan(at);
          expect(next - at).toBeLessThanOrEqual(7 * DAY + HOUR);
          const shown = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: name }).format(next);
          expect(shown).toBe(['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][weekday]);
        },
      ),
    );
  });
});
