import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALL_NAMES, EVENT } from '../../src/domain/event.ts';
import { NOTES } from '../../src/domain/note.ts';
import { GATE_FAILED, VERDICT_CODES } from '../../src/domain/verdict-code.ts';
import { CHANGE_KINDS, describeChange } from '../../src/sentences/describe-change.ts';
import { describeItem } from '../../src/sentences/describe-item.ts';
import { describeReason } from '../../src/sentences/describe-reason.ts';
import { describeSilence, listSilence } from '../../src/sentences/describe-silence.ts';
import { describeLift, describeVerdict } from '../../src/sentences/describe-verdict.ts';
import { explainAction } from '../../src/sentences/explain-action.ts';
import type { Message } from '../../src/sentences/message.ts';
import { cleanText } from '../../src/sentences/text/clean-text.ts';
import { item, sentences, sentencesInIndonesian } from './support.ts';

/** What a terminal obeys, or what hides or turns the text around it. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '\u001b[2J\u001b[31mred\u0007',
    '\u009b31mC1',
    'a\nb\r\nc',
    '\u202egnp.exe\u202c',
    'x'.repeat(100_000),
    '\u0301'.repeat(500),
    '\ud800',
    '',
  ),
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  hostile,
  fc.jsonValue(),
  fc.constantFrom(null, undefined, Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e300, {}, [], [{}], true),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

/** Texts that a sender sends must not be mistaken for faults of a sentence. */
const FAULTS = ['undefined', '[object', 'NaN', 'null', '{"', 'Infinity', 'Invalid Date'];
const isPlain = (text: unknown) => !FAULTS.some((fault) => String(JSON.stringify(text)).includes(fault));
const plainHostile = hostile.filter(isPlain);
const member = (names: readonly string[]) => fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 12 });

function check(message: Message, isFaultless: boolean): void {
  for (const { write } of [sentences, sentencesInIndonesian]) {
    const text = write(message);
    expect(text).not.toMatch(UNSAFE);
    expect([...text].length).toBeLessThanOrEqual(600);
    if (isFaultless) for (const fault of FAULTS) expect(text).not.toContain(fault);
  }
}

const NAMES = [
  'ticket_id',
  'subject',
  'severity',
  'status',
  'since',
  'purpose',
  'topic',
  'channel',
  'actor',
  'reason',
  'order_id',
  'total',
  'value',
  'currency',
  'products',
  'code',
  'journey',
  'enrollment_id',
  'until',
  'topics',
  'personalisation',
  'from',
  'into',
  'lost',
  'to',
  'segment',
  'action',
  'error',
  'verdict',
  'placement',
  'queue',
  'outcome',
  'percent',
  'expires_at',
  'traits',
  'title',
  'name',
  'state',
  'chosen',
  'kind',
  'arm',
  'key',
  'step',
  'on',
  'enrollment',
  'event',
  'expression',
  'size',
  'inside',
];
const EVENTS = [...Object.values(EVENT), ...Object.values(CALL_NAMES), 'Order Completed', 'Order Refunded'];

/** The note on placeholders names the word `undefined`. */
const NOTE_CODES = Object.keys(NOTES).filter((code) => code !== 'placeholder_id');

/** Values of whose own text no fault can come: of others, the words of the sentence are checked all the same. */
const isFaultless = (record: unknown) => isPlain(record);

describe('no sentence shows a missing value, an object or what a terminal obeys', () => {
  test('items of the timeline', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('behaviour', 'ticket', 'command', 'decision', 'delivery', 'task', 'moon'),
        fc.oneof(fc.constantFrom(...EVENTS), plainHostile),
        member(NAMES),
        fc.constantFrom(...NOTE_CODES, 'moon'),
        plainHostile,
        (kind, title, data, code, field) => {
          const notes = [{ code, field, value: field }];
          const changes = [{ ...data, kind: 'moved' }];
          check(
            describeItem(item({ kind, title, data, notes, changes, refs: { memberId: field } })),
            isFaultless(data),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('verdicts and their lifts', () => {
    const gates = fc.constantFrom(
      ...Object.entries(VERDICT_CODES).flatMap(([gate, codes]) =>
        [...codes, GATE_FAILED, 'moon'].map((code) => ({ gate, code })),
      ),
    );
    fc.assert(
      fc.property(gates, value, value, value, plainHostile, (gate, observed, needed, liftsAt, liftsOn) => {
        const verdict = { ...gate, observed, needed, liftsAt: liftsAt as string, liftsOn };
        const isClean = isFaultless([observed, needed]);
        check(describeVerdict(verdict), isClean);
        check(describeLift(verdict), true);
      }),
      { numRuns: 500 },
    );
  });

  test('changes and reasons', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CHANGE_KINDS, 'moon'),
        member(NAMES),
        plainHostile,
        (kind, data, text) => {
          check(describeChange({ ...data, kind }), isFaultless(data));
          for (const prefix of ['', 'exit: ', 'enrollment ended: ', 'enrollment ended: exit: '])
            check(describeReason(`${prefix}${text}`), true);
        },
      ),
    );
  });

  test('explanations', () => {
    const gate = fc.record({
      gate: fc.constantFrom(...Object.keys(VERDICT_CODES)),
      pass: fc.boolean(),
      code: fc.constantFrom(...Object.values(VERDICT_CODES).flat(), 'moon'),
      observed: value,
      needed: value,
      liftsAt: fc.constantFrom(null, '2026-12-01T00:00:00Z', 'never'),
      liftsOn: fc.constantFrom(null, 'Ticket Closed', 'bundle'),
    });
    const channels = fc.array(
      fc.record({
        channel: plainHostile,
        verdict: fc.constantFrom('allowed', 'blocked'),
        gates: fc.array(gate, { maxLength: 5 }),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(
        channels,
        plainHostile,
        fc.boolean(),
        fc.constantFrom('e', null),
        (list, text, allowed, id) => {
          const state = 'held';
          const enrollments = [
            { id: 'e', journey: text, step: text, state, arm: 'control', reason: text, wakers: [] },
          ];
          const decision = {
            at: 'never',
            actions: [{ action: 'a' }],
            candidates: list.map((entry) => ({ ...entry, action: 'tip' })),
          };
          const { headline, reasons, facts } = explainAction({
            customer: { suppressed: { reasons: [] }, poison: null, enrollments },
            eligibility: {
              action: 'tip',
              purpose: text,
              topic: text,
              offeredBy: { journeys: [text], placements: [text] },
              enrollmentId: id,
              allowed,
              channels: list,
            },
            deliveries: [{ action: 'tip', channel: text, state: 'failed', at: text, error: text }],
            tasks: [],
            decisions: [decision],
            coupons: [
              { action: 'tip', state: text, percent: 20, expiresAt: text, redeemedAt: null, orderId: text },
            ],
          });
          const isClean = isFaultless(list);
          for (const message of [headline, ...facts, ...describeSilence(listSilence(decision))])
            check(message, isClean);
          for (const { reason, lift } of reasons) {
            check(reason, isClean);
            check(lift, isClean);
          }
        },
      ),
    );
  });
});

test('a text is cleaned once and for all, and keeps what is readable', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const cleaned = cleanText(text);
      expect(cleaned).not.toMatch(UNSAFE);
      expect([...cleaned].length).toBeLessThanOrEqual(80);
      expect(cleanText(cleaned)).toBe(cleaned);
    }),
  );
  expect(cleanText('Sønderjylland ☕ 咖啡')).toBe('Sønderjylland ☕ 咖啡');
  expect(cleanText('\u001b[31mIt leaks\u001b[0m\r\nbadly')).toBe('It leaks badly');
  expect(cleanText(`It ${'leaks '.repeat(30)}`)).toMatch(/^It leaks .*…$/);
});
