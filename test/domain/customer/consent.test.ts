import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Consent, resolveConsent } from '../../../src/domain/customer/consent.ts';
import { NOW } from '../../engine/support.ts';

const anyConsent: fc.Arbitrary<Consent> = fc.record({
  purpose: fc.constantFrom('marketing', 'personalisation'),
  channel: fc.constantFrom('*', 'email', 'sms'),
  topic: fc.constantFrom('*', 'tips', 'offers'),
  status: fc.constantFrom('granted' as const, 'withdrawn' as const),
  source: fc.constant('web'),
  at: fc.integer({ min: 0, max: 8 }).map((n) => NOW + n),
  seq: fc.integer({ min: 1, max: 9 }),
});

const statement = (status: Consent['status'], at: number, channel = '*', topic = '*'): Consent => ({
  purpose: 'marketing',
  channel,
  topic,
  status,
  source: 'web',
  at,
  seq: at,
});

test('E-5: a withdrawal of all e-mail is lifted by a later grant of e-mail, not by a later grant of one topic', () => {
  const no = statement('withdrawn', 2, 'email');
  const consents = [statement('granted', 1), no, statement('granted', 3, '*', 'tips')];
  expect(resolveConsent(consents, 'marketing', 'email', 'tips')?.status).toBe('withdrawn');
  expect(resolveConsent(consents, 'marketing', 'sms', 'tips')?.status).toBe('granted');
  const again = [...consents, statement('granted', 4, 'email')];
  expect(resolveConsent(again, 'marketing', 'email', 'tips')?.status).toBe('granted');
  expect(resolveConsent(again, 'personalisation', 'email', 'tips')).toBeUndefined();
});

test('E-5: a final withdrawal of everything covers every channel and topic, in any order of the rows', () => {
  const scope = fc.record({
    channel: fc.constantFrom('email', 'sms'),
    topic: fc.constantFrom('*', 'tips', 'offers'),
  });
  fc.assert(
    fc.property(
      fc.array(anyConsent),
      scope,
      fc.infiniteStream(fc.nat()),
      (statements, { channel, topic }, keys) => {
        const shuffled = statements.map((c) => ({ c, key: keys.next().value })).sort((a, b) => a.key - b.key);
        const distinct = new Set(statements.map((c) => `${c.at} ${c.seq}`)).size === statements.length;
        const answer = resolveConsent(statements, 'marketing', channel, topic)?.status;
        if (distinct)
          expect(
            resolveConsent(
              shuffled.map((s) => s.c),
              'marketing',
              channel,
              topic,
            )?.status,
          ).toBe(answer);
        const no = statement('withdrawn', NOW + 99);
        expect(resolveConsent([...statements, no], 'marketing', channel, topic)?.status).toBe('withdrawn');
        const yes = statement('granted', NOW + 100);
        expect(resolveConsent([...statements, no, yes], 'marketing', channel, topic)?.status).toBe('granted');
      },
    ),
  );
});
