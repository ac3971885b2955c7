import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Candidate } from '../../../src/domain/candidate.ts';
import { emptyProfile } from '../../../src/domain/customer/profile.ts';
import { isQuiet } from '../../../src/domain/quiet-hours.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time/time.ts';
import { UTC } from '../../../src/domain/time/zone.ts';
import { chooseSendTime } from '../../../src/engine/treatment/send-at.ts';
import { assignVariant, splitEqually } from '../../../src/engine/treatment/variant.ts';
import type { FittedScores } from '../../../src/learning/scores/types.ts';
import { HOURS_A_WEEK, hourOfWeek } from '../../../src/learning/timing/hours-of-week.ts';
import { action, bundle, candidate, facts, NOW, request, workspace } from '../support.ts';

describe('C-5, A-2: the variant', () => {
  const tested = (variants: string[], channels = ['email']) =>
    action({ channels, variants: Object.fromEntries(channels.map((channel) => [channel, variants])) });
  const seen = (variants: string[], subject: string, channel = 'email') =>
    assignVariant({ action: tested(variants, [channel]), channel }, request({ experimentSubject: subject }));

  test('equal shares sum exactly to the whole and differ by one at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (n) => {
        const shares = splitEqually(Array.from({ length: n }, (_, i) => `v${i}`)).map(({ share }) => share);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(10_000);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('is the same for a customer in every channel and decision, and null without a test', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/)),
        (subject, ids) => {
          const variants = ids.sort();
          const first = seen(variants, subject);
          expect(first === null ? variants.length === 0 : variants.includes(first)).toBe(true);
          expect(seen(variants, subject, 'sms')).toBe(first);
          expect(
            assignVariant(
              { action: tested(variants), channel: 'push' },
              request({ experimentSubject: subject }),
            ),
          ).toBeNull();
          const later = request({ experimentSubject: subject, seed: 'dec_9/3', now: NOW + 90 * DAY });
          expect(assignVariant({ action: tested(variants), channel: 'email' }, later)).toBe(first);
        },
      ),
    );
  });

  test('divides customers evenly, and independently of other tests', () => {
    const both = { aa: 0, ab: 0, ba: 0, bb: 0 };
    for (let i = 0; i < 8_000; i++) {
      const subject = `cus_${i}`;
      const one = seen(['a', 'b'], subject) as 'a' | 'b';
      const other = assignVariant(
        { action: { ...tested(['a', 'b']), id: 'other' }, channel: 'email' },
        request({ experimentSubject: subject }),
      ) as 'a' | 'b';
      both[`${one}${other}`]++;
    }
    // Six standard deviations of a quarter of 8,000.
    for (const n of Object.values(both)) expect(Math.abs(n - 2_000)).toBeLessThan(233);
  });
});

describe('B-1: the send time', () => {
  const auto = (changes: Partial<Candidate> = {}) => candidate(action(), { autonomy: 'ai_auto', ...changes });
  /** Everybody answers at this hour of every day, and at no other. */
  const cohortAt = (hour: number) =>
    ({
      hours: Array.from({ length: HOURS_A_WEEK }, (_, i) => (i % 24 === hour ? 1 / 7 : 0)),
    }) as FittedScores;
  const deadline = NOW + 7 * DAY;
  /** A customer who comes by at this hour, day by day. */
  const about = (hour: number, days: number) => {
    const profile = emptyProfile();
    const midnight = Math.floor(NOW / DAY) * DAY;
    profile.touches = Array.from({ length: days }, (_, i) => ({
      at: midnight - (i + 1) * DAY + hour * HOUR,
      kind: 'view',
    }));
    return facts({ profile });
  };

  test('is now without any profile; with a fallback hour of the workspace it is that hour', () => {
    expect(chooseSendTime(auto(), request(), deadline, null)).toEqual({ at: NOW, sendReason: 'now' });
    const ten = bundle({ workspace: workspace({ sendTime: { fallback: 600, explore: 0 } }) });
    expect(chooseSendTime(auto(), request({ bundle: ten }), deadline, null)).toEqual({
      at: NOW + 22 * HOUR,
      sendReason: 'fallback',
    });
  });

  test('is the customer’s own hour once it is known, otherwise the cohort’s', () => {
    expect(chooseSendTime(auto(), request(), deadline, cohortAt(18))).toEqual({
      at: NOW + 6 * HOUR,
      sendReason: 'cohort_hours',
    });
    const own = request({ facts: about(20, 25) });
    const { at, sendReason } = chooseSendTime(auto(), own, deadline, null);
    expect([sendReason, Math.floor(hourOfWeek(UTC, at) % 24)]).toEqual(['own_hours', 20]);
  });

  test.each<[string, Partial<Candidate>]>([
    ['rules decide', { autonomy: 'rules_only' }],
    ['the model ranks only', { autonomy: 'ai_rank' }],
    ['it is service', { action: action({ class: 'service' }) }],
    ['a person does it', { channel: 'agent_desk' }],
  ])('is now where %s', (_name, changes) => {
    expect(chooseSendTime(auto(changes), request(), deadline, cohortAt(18)).at).toBe(NOW);
  });

  test('is the same for all channels of one message', () => {
    const explore = bundle({ workspace: workspace({ sendTime: { fallback: null, explore: 5_000 } }) });
    for (let i = 0; i < 50; i++) {
      const decision = request({ bundle: explore, seed: `dec_${i}/0` });
      const [mail, text] = ['email', 'sms'].map((channel) =>
        chooseSendTime(auto({ channel }), decision, deadline, cohortAt(18)),
      );
      expect(mail).toEqual(text);
    }
  });

  test('is between now and the deadline, within a day, outside quiet hours unless all is quiet, and the same for the same seed', () => {
    const quiet = { from: 21 * 60, to: 8 * 60, classes: ['marketing' as const] };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 7 * 24 * 60 }),
        fc.integer({ min: 0, max: 48 * 60 }),
        fc.integer({ min: 0, max: 23 }),
        fc.string(),
        (minutes, left, hour, seed) => {
          const now = NOW + minutes * MINUTE;
          fc.pre(!isQuiet(UTC, quiet, now));
          const decision = request({
            now,
            seed,
            bundle: bundle({ workspace: workspace({ quiet, sendTime: { fallback: null, explore: 500 } }) }),
          });
          const end = now + left * MINUTE;
          const time = chooseSendTime(auto(), decision, end, cohortAt(hour));
          expect(time.at).toBeGreaterThanOrEqual(now);
          expect(time.at).toBeLessThanOrEqual(Math.min(end, now + DAY));
          expect(isQuiet(UTC, quiet, time.at)).toBe(false);
          expect(chooseSendTime(auto(), decision, end, cohortAt(hour))).toEqual(time);
        },
      ),
    );
  });

  test('accepts a profile without touches, as older builds wrote it', () => {
    const { touches: _, ...old } = emptyProfile();
    const decision = request({ facts: facts({ profile: old as ReturnType<typeof emptyProfile> }) });
    expect(chooseSendTime(auto(), decision, deadline, null).at).toBe(NOW);
  });
});
