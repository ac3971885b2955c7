import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lookUpZone } from '../../../src/app/time-zones.ts';
import { findQuietEnd, isQuiet } from '../../../src/domain/quiet-hours.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/domain/time/time.ts';
import { judgeCandidate } from '../../../src/engine/gates/judge.ts';
import { action, bundle, candidate, facts, NOW, request, workspace } from '../support.ts';

/** Half hours, quarter hours, DST of 30 minutes and of two hours, at midnight, both hemispheres, none, a day skipped in the past. */
const ZONES = [
  'Europe/Berlin',
  'Europe/Dublin',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Nuuk',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Beirut',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Australia/Adelaide',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Antarctica/Troll',
  'UTC',
];
const START = Date.UTC(2026, 0, 1);
const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
const anyQuiet = fc.record({ from: minute, to: minute }).filter(({ from, to }) => from !== to);
const anyInstant = fc.oneof(
  fc.integer({ min: 0, max: 365 * DAY }).map((ms) => START + ms),
  // Around the changes of the clocks.
  fc
    .tuple(
      fc.constantFrom(...ZONES),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: -30 * HOUR, max: 30 * HOUR }),
    )
    .map(([zone, n, near]) => {
      const changes = lookUpZone(zone, 'UTC', START).offsets.slice(1);
      return (changes[n % Math.max(1, changes.length)]?.from ?? START) + near;
    }),
);

test('quiet hours end at the first instant that is not quiet, also where an hour is skipped or comes twice', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), anyQuiet, anyInstant, (name, quiet, now) => {
      const zone = lookUpZone(name, 'UTC', now);
      const end = findQuietEnd(zone, quiet, now);
      if (!isQuiet(zone, quiet, now)) {
        expect(end).toBe(now);
        return;
      }
      expect(isQuiet(zone, quiet, end)).toBe(false);
      expect(isQuiet(zone, quiet, end - SECOND) || end - SECOND < now).toBe(true);
      // Nothing in between is free: no end was jumped over. Quarter hours are where clocks change.
      for (let at = now; at < end; at += 15 * MINUTE) expect(isQuiet(zone, quiet, at)).toBe(true);
      // A day's end that falls into a skipped hour may be the only one of that day: then it is the next day's.
      expect(end - now).toBeLessThanOrEqual(2 * DAY);
    }),
    { numRuns: 3_000, examples: [['Asia/Beirut', { from: 1, to: 0 }, 1_743_274_799_999]] },
  );
});

function at(name: string, iso: string, quiet: { from: number; to: number }) {
  const now = Date.parse(iso);
  return new Date(findQuietEnd(lookUpZone(name, 'UTC', now), quiet, now)).toISOString();
}

test('an end inside a skipped hour is the end of the skip; inside a repeated hour it is the next time the clock shows it', () => {
  const night = { from: 22 * 60, to: 2 * 60 + 30 };
  // 02:30 doesn't exist on 29 March 2026 in Berlin: 02:00 becomes 03:00.
  expect(at('Europe/Berlin', '2026-03-28T23:00:00Z', night)).toBe('2026-03-29T01:00:00.000Z');
  // 02:30 is 00:30Z and 01:30Z on 25 October 2026. Between the two 02:00–02:30 is quiet again.
  expect(at('Europe/Berlin', '2026-10-24T23:00:00Z', night)).toBe('2026-10-25T00:30:00.000Z');
  expect(at('Europe/Berlin', '2026-10-25T01:10:00Z', night)).toBe('2026-10-25T01:30:00.000Z');
});

test('B-1: in quiet hours of the customer’s zone marketing and service wait; mandatory classes and agent tasks do not', () => {
  const quiet = {
    from: 21 * 60,
    to: 8 * 60,
    classes: ['marketing', 'service'] as ('marketing' | 'service')[],
  };
  const night = Date.UTC(2026, 5, 15, 17);
  const customerFacts = facts({ zone: lookUpZone('Asia/Kolkata', 'UTC', night) });
  const decision = request({
    facts: customerFacts,
    now: night,
    bundle: bundle({ workspace: workspace({ quiet }) }),
  });
  const verdict = (of: ReturnType<typeof action>) =>
    judgeCandidate(candidate(of), decision).find((v) => v.gate === 'quiet_hours');
  for (const of of ['marketing', 'service'] as const)
    expect(verdict(action({ class: of }))).toMatchObject({
      code: 'quiet_hours',
      observed: 'Asia/Kolkata',
      liftsAt: Date.UTC(2026, 5, 16, 2, 30),
    });
  for (const of of ['transactional', 'mandatory'] as const)
    expect(verdict(action({ class: of }))?.pass).toBe(true);
  expect(verdict(action({ mode: 'human' }))?.pass).toBe(true);
});

test('an unknown zone falls back to the workspace’s zone', () => {
  for (const wrong of ['Mars/Olympus', '', '__proto__'])
    expect(lookUpZone(wrong, 'Europe/Berlin', NOW)).toEqual(lookUpZone('Europe/Berlin', 'UTC', NOW));
});
