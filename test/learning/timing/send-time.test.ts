import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isQuiet } from '../../../src/domain/quiet-hours.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../../src/domain/time/time.ts';
import { minuteOfDay, UTC, type Zone } from '../../../src/domain/time/zone.ts';
import {
  buildHourProfile,
  computeCohortHours,
  type HourProfile,
} from '../../../src/learning/timing/hour-profile.ts';
import {
  type CustomerResponse,
  HOURS_A_WEEK,
  hourOfWeek,
  smoothHours,
  sumWeights,
} from '../../../src/learning/timing/hours-of-week.ts';
import { pickSendTime, type SendTimeInput } from '../../../src/learning/timing/send-time.ts';
import { createStream } from '../../../src/maths/stream.ts';
import { NOW } from '../../engine/support.ts';

const BERLIN: Zone = {
  name: 'Europe/Berlin',
  version: 'test',
  offsets: [
    { from: 0, minutes: 60 },
    { from: Date.UTC(2026, 2, 29, 1), minutes: 120 },
    { from: Date.UTC(2026, 9, 25, 1), minutes: 60 },
  ],
};
const NEPAL: Zone = { name: 'Asia/Kathmandu', version: 'test', offsets: [{ from: 0, minutes: 345 }] };
const NIGHT = { from: 21 * 60, to: 8 * 60 };
const midnight = (at: Instant) => Math.floor(at / DAY) * DAY;

/** Responses at this hour (UTC) on each of the last days. */
function createResponses(
  hour: number,
  days: number,
  changes: Partial<CustomerResponse> = {},
): CustomerResponse[] {
  return Array.from({ length: days }, (_, i) => ({
    at: midnight(NOW) - (i + 1) * DAY + hour * HOUR,
    caused: false,
    automated: false,
    ...changes,
  }));
}
function bestHour({ hours }: HourProfile): number {
  return hours.indexOf(Math.max(...hours)) % 24;
}
function createInput(changes: Partial<SendTimeInput>): SendTimeInput {
  return {
    profile: { hours: new Array(HOURS_A_WEEK).fill(1 / HOURS_A_WEEK), evidence: 0, source: 'none' },
    zone: UTC,
    now: NOW,
    deadline: null,
    quiet: NIGHT,
    fallbackMinute: 10 * 60,
    seed: 'message-1',
    explorationShare: 0,
    ...changes,
  };
}

test('hourOfWeek is 0 on Sunday at local midnight, also in zones with an offset of quarter hours', () => {
  expect(hourOfWeek(UTC, Date.UTC(2026, 5, 14))).toBe(0);
  expect(hourOfWeek(UTC, Date.UTC(2026, 5, 20, 23, 59))).toBe(167);
  expect(hourOfWeek(NEPAL, Date.UTC(2026, 5, 13, 18, 15))).toBe(0);
  expect(hourOfWeek(NEPAL, Date.UTC(2026, 5, 13, 18, 14))).toBe(167);
  expect(hourOfWeek(BERLIN, Date.UTC(2026, 5, 14, 22))).toBe(24);
  // The last hour of 1969 was on a Wednesday.
  expect(hourOfWeek(UTC, -HOUR)).toBe(3 * 24 + 23);
});

test('smoothing keeps the sum and wraps around the week', () => {
  const saturdayNight = new Array(HOURS_A_WEEK).fill(0);
  saturdayNight[167] = 1;
  const spread = smoothHours(saturdayNight, 1.5);
  expect(sumWeights(spread)).toBeCloseTo(1, 12);
  expect(spread[0]).toBeCloseTo(spread[166] as number, 12);
  expect(spread[167]).toBeGreaterThan(spread[0] as number);
  expect(spread[80]).toBeLessThan(1e-12);
});

test('B-1: a profile is a distribution over the week that does not depend on the order of the responses', () => {
  const anyResponse = fc.record({
    at: fc.integer({ min: NOW - 200 * DAY, max: NOW + DAY }),
    caused: fc.boolean(),
    automated: fc.boolean(),
  });
  const all = fc.array(anyResponse, { maxLength: 60 });
  fc.assert(
    fc.property(
      all.chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length }))),
      fc.array(fc.integer({ min: NOW - 200 * DAY, max: NOW })),
      ([responses, shuffled], sent) => {
        const of = (some: CustomerResponse[]) =>
          buildHourProfile({ responses: some, sentAt: sent, zone: BERLIN }, null, NOW);
        expect(of(shuffled)).toEqual(of(responses));
        expect(sumWeights(of(responses).hours)).toBeCloseTo(1, 9);
        for (const share of of(responses).hours) expect(share).toBeGreaterThan(0);
      },
    ),
  );
});

test('B-1: own hours decide with enough responses, the cohort below five, and automated responses never count', () => {
  const cohort = computeCohortHours([{ responses: createResponses(9, 50), sentAt: [], zone: UTC }], NOW);
  expect(cohort && sumWeights(cohort)).toBeCloseTo(1, 12);
  const of = (responses: CustomerResponse[]) =>
    buildHourProfile({ responses, sentAt: [], zone: UTC }, cohort, NOW);
  expect(of(createResponses(19, 40))).toMatchObject({ source: 'own' });
  expect(bestHour(of(createResponses(19, 40)))).toBe(19);
  expect(of(createResponses(19, 5))).toMatchObject({ source: 'cohort', hours: cohort });
  expect(bestHour(of(createResponses(19, 5)))).toBe(9);
  expect(of(createResponses(3, 400, { automated: true }))).toMatchObject({ source: 'cohort', evidence: 0 });
  const old = createResponses(19, 40).map((response) => ({ ...response, at: response.at - 364 * DAY }));
  expect(of(old)).toMatchObject({ source: 'cohort' });
  expect(buildHourProfile({ responses: [], sentAt: [], zone: UTC }, null, NOW)).toMatchObject({
    source: 'none',
  });
  expect(computeCohortHours([], NOW)).toBe(null);
});

/** Half of the messages went out at nine, the others at any hour. The customer responds to 15 %, but to 60 % at 19:00. */
function mostlyAtNine(seed: string): { responses: CustomerResponse[]; sent: Instant[] } {
  const draws = createStream(seed);
  const sent: Instant[] = [];
  const responses: CustomerResponse[] = [];
  for (let day = 1; day <= 120; day++)
    for (let k = 0; k < 4; k++) {
      const hour = k < 2 ? 9 : Math.floor(draws.uniform() * 24);
      const at = midnight(NOW) - day * DAY + hour * HOUR;
      sent.push(at);
      if (draws.uniform() < (hour === 19 ? 0.6 : 0.15))
        responses.push({ at, caused: true, automated: false });
    }
  return { responses, sent };
}

test('B-1: the best hour is where the response rate is highest, not where most messages were sent', () => {
  const share = ({ hours }: HourProfile, hour: number) =>
    hours.reduce((sum, weight, h) => (h % 24 === hour ? sum + weight : sum), 0);
  const wins = { corrected: 0, naive: 0 };
  for (let seed = 0; seed < 20; seed++) {
    const { responses, sent } = mostlyAtNine(`exposure-${seed}`);
    const corrected = buildHourProfile({ responses, sentAt: sent, zone: UTC }, null, NOW);
    const naive = buildHourProfile({ responses, sentAt: [], zone: UTC }, null, NOW);
    if (share(corrected, 19) > share(corrected, 9)) wins.corrected++;
    if (share(naive, 19) > share(naive, 9)) wins.naive++;
  }
  expect(wins.naive).toBe(0);
  expect(wins.corrected).toBeGreaterThanOrEqual(16);
});

test('B-1: a message goes out in the best allowed hour before its deadline, with the reason', () => {
  const profile = buildHourProfile({ responses: createResponses(19, 40), sentAt: [], zone: UTC }, null, NOW);
  const free = pickSendTime(createInput({ profile }));
  expect(free).toMatchObject({
    at: midnight(NOW) + 19 * HOUR,
    reason: 'own_hours',
    hour: 24 + 19,
    late: false,
  });
  expect(free.lift).toBeGreaterThan(2);
  expect(free.evidence).toBeGreaterThan(20);
  // Now is noon: with a deadline at three, the last hour is the nearest to seven in the evening.
  expect(pickSendTime(createInput({ profile, deadline: NOW + 3 * HOUR })).at).toBe(NOW + 3 * HOUR);
  const cohort = { ...profile, source: 'cohort' as const };
  expect(pickSendTime(createInput({ profile: cohort })).reason).toBe('cohort_hours');
});

test('B-1: without a profile the fallback time is used, and in quiet hours the time they end', () => {
  expect(pickSendTime(createInput({}))).toMatchObject({
    at: midnight(NOW) + 34 * HOUR,
    reason: 'fallback',
    lift: null,
  });
  expect(pickSendTime(createInput({ fallbackMinute: 12 * 60 })).at).toBe(NOW);
  expect(pickSendTime(createInput({ fallbackMinute: 23 * 60 })).at).toBe(midnight(NOW) + 32 * HOUR);
  expect(pickSendTime(createInput({ deadline: NOW + 2 * HOUR })).at).toBe(NOW + 2 * HOUR);
  const night = midnight(NOW) + 22 * HOUR;
  expect(pickSendTime(createInput({ now: night, deadline: night + HOUR }))).toMatchObject({
    at: midnight(NOW) + 32 * HOUR,
    reason: 'quiet_end',
    late: true,
  });
  expect(pickSendTime(createInput({ deadline: NOW - HOUR }))).toMatchObject({
    at: NOW,
    reason: 'deadline_past',
    late: true,
  });
});

const anyAsk = fc
  .record({
    zone: fc.constantFrom(UTC, BERLIN, NEPAL),
    now: fc.integer({ min: Date.UTC(2026, 2, 20), max: Date.UTC(2026, 10, 2) }),
    wait: fc.option(fc.integer({ min: 0, max: 9 * DAY }), { nil: null }),
    quiet: fc.option(fc.record({ from: fc.nat(1439), to: fc.nat(1439) }), { nil: null }),
    hour: fc.nat(23),
    source: fc.constantFrom('own' as const, 'cohort' as const, 'none' as const),
    fallbackMinute: fc.nat(1439),
    seed: fc.string(),
    explorationShare: fc.constantFrom(0, 0.05, 1),
  })
  .map(({ wait, hour, source, ...rest }): SendTimeInput => {
    const { hours } = buildHourProfile(
      { responses: createResponses(hour, 30), sentAt: [], zone: rest.zone },
      null,
      NOW,
    );
    return {
      ...rest,
      deadline: wait === null ? null : rest.now + wait,
      profile: { hours, evidence: 30, source },
    };
  });

test('B-1: a message never goes out in quiet hours or in the past, and late only if all time is quiet; repeatable', () => {
  fc.assert(
    fc.property(anyAsk, (input) => {
      const sent = pickSendTime(input);
      expect(pickSendTime(input)).toEqual(sent);
      expect(sent.at).toBeGreaterThanOrEqual(input.now);
      if (input.quiet) expect(isQuiet(input.zone, input.quiet, sent.at)).toBe(false);
      const end = input.deadline ?? input.now + DAY;
      if (!sent.late) expect(sent.at).toBeLessThanOrEqual(end);
      else {
        for (let at = input.now; at <= end; at += MINUTE)
          expect(input.quiet && isQuiet(input.zone, input.quiet, at)).toBe(true);
      }
      expect(sent.hour).toBe(hourOfWeek(input.zone, sent.at));
    }),
    { numRuns: 300 },
  );
});

test('one message in twenty goes out at a random allowed hour, drawn by its seed', () => {
  const profile = buildHourProfile(
    { responses: createResponses(19, 40), sentAt: [], zone: BERLIN },
    null,
    NOW,
  );
  const times = Array.from({ length: 6_000 }, (_, i) =>
    pickSendTime(createInput({ profile, zone: BERLIN, seed: `message-${i}`, explorationShare: undefined })),
  );
  const explored = times.filter(({ reason }) => reason === 'explore');
  expect(Math.abs(explored.length / times.length - 0.05)).toBeLessThan(0.012);
  const hours = new Set(explored.map(({ at }) => Math.floor(minuteOfDay(BERLIN, at) / 60)));
  expect([...hours].sort((a, b) => a - b)).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  expect(new Set(times.filter(({ reason }) => reason !== 'explore').map(({ at }) => at)).size).toBe(1);
});
