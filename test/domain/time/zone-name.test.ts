import moment from 'moment-timezone';
import { expect, test } from 'vitest';
import { lookUpZone } from '../../../src/app/time-zones.ts';
import { HOUR, MINUTE } from '../../../src/domain/time/time.ts';
import { WINDOWS_ZONES } from '../../../src/domain/time/windows-zones.ts';
import { toLocal } from '../../../src/domain/time/zone.ts';
import { readZoneName } from '../../../src/domain/time/zone-name.ts';
import { ZONE_AREAS } from '../../../src/domain/time/zone-names.ts';
import { NOW } from '../../engine/support.ts';

const NAMES = Object.entries(ZONE_AREAS).flatMap(([area, names]) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => (area === '' ? name : `${area}/${name}`)),
);

test('the names are those of the table of rules', () => {
  expect([...NAMES].sort()).toEqual(moment.tz.names().sort());
});

test('every name is read in any case, and every name of Windows leads to one', () => {
  for (const name of NAMES) expect(readZoneName(` ${name.toLowerCase().replaceAll('_', ' ')} `)).toBe(name);
  for (const [windows, name] of Object.entries(WINDOWS_ZONES)) {
    expect(readZoneName(windows.toUpperCase())).toBe(name);
    expect(NAMES).toContain(name);
  }
});

test.each([
  ['+02:00', 2 * HOUR],
  ['-0330', -3.5 * HOUR],
  ['utc + 5', 5 * HOUR],
  ['UTC−09:30', -9.5 * HOUR],
  ['2026-07-01T10:00:00+02:00[Europe/Berlin]', 2 * HOUR],
  [':America/New_York', -4 * HOUR],
  ['Europe%2FLondon', HOUR],
])('the clocks of %s are so far ahead of UTC in July', (sent, ahead) => {
  const july = Date.UTC(2026, 6, 1);
  expect(toLocal(lookUpZone(readZoneName(sent), 'UTC', july), july) - july).toBe(ahead);
});

test.each([
  'Berlin',
  'CEST',
  'IST',
  '+14:01',
  '-12:30',
  '+05:75',
  '2',
  7,
  null,
  {},
  'x'.repeat(200),
  'constructor',
  '__proto__',
])('bad input: %j names no zone', (sent) => {
  expect(readZoneName(sent)).toBeUndefined();
});

test('an unknown name falls back to the second one, and an offset is a zone without changes', () => {
  expect(lookUpZone(undefined, 'Europe/Berlin', NOW).name).toBe('Europe/Berlin');
  expect(lookUpZone('Nowhere', 'Europe/Berlin', NOW).name).toBe('Europe/Berlin');
  expect(lookUpZone('UTC+05:30', 'UTC', NOW).offsets).toEqual([{ from: 0, minutes: (5.5 * HOUR) / MINUTE }]);
});
