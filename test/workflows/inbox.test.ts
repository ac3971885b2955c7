import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_BATCH_EVENTS } from '../../src/domain/event-limits.ts';
import { inspectValue } from '../../src/domain/values/inspect-value.ts';
import { Inbox } from '../../src/workflows/inbox.ts';
import type { JourneyInput } from '../../src/workflows/messages.ts';

const CHAIN = 'first-run';
const ANSWER = { processedSeq: 0, more: false };

function open(input: Partial<JourneyInput> = {}): Inbox {
  return new Inbox(input, CHAIN);
}

function receive(...items: unknown[]): Inbox {
  const inbox = open();
  inbox.receive({ events: items });
  return inbox;
}

/** What the next decision takes. */
const request = (inbox: Inbox) => inbox.beginDecision(() => true);
const idsOf = (inbox: Inbox) => request(inbox).directEvents.map((event) => event.messageId);
const viewed = { name: 'Product Viewed', properties: { product_id: 'p-1' } };

test.each<[what: string, item: unknown, code: string]>([
  ['nothing', null, 'not_an_object'],
  ['a number', 7, 'not_an_object'],
  ['a list', [viewed], 'not_an_object'],
  ['no name', { properties: {} }, 'invalid_event_name'],
  ['a name that is no text', { name: { $: 1 } }, 'invalid_event_name'],
  ['a long name', { name: 'x'.repeat(201) }, 'invalid_event_name'],
  ['a long message id', { ...viewed, messageId: 'm'.repeat(10_000) }, 'message_id_too_long'],
  ['a message id of ours', { ...viewed, messageId: 'dlv_1_1_1_0/Delivery Sent/1' }, 'reserved_message_id'],
  ['half a surrogate pair in the id', { ...viewed, messageId: 'm\ud800' }, 'invalid_text'],
  ['U+0000 in a key', { ...viewed, properties: { 'a\u0000': 1 } }, 'invalid_text'],
  ['deep properties', { ...viewed, properties: nest(5_000) }, 'too_deep'],
  ['a deep ticket of the short form', { name: 'Ticket Opened', seq: 3, ticket: nest(5_000) }, 'too_deep'],
  ['much', { ...viewed, properties: { text: 'ü'.repeat(17_000) } }, 'event_too_large'],
])('refuses %s, and keeps what can be stored of it', (_, item, code) => {
  const inbox = receive(item, viewed);
  const { directEvents, directRefusals } = request(inbox);
  expect(directEvents).toHaveLength(1);
  expect(directRefusals).toMatchObject([{ code }]);
  const [refusal] = directRefusals ?? [];
  expect(refusal?.body.length).toBeLessThanOrEqual(4_000);
  expect(refusal?.messageId.length).toBeLessThanOrEqual(255);
  expect(inbox.unreadable).toBe(1);
});

test.each<[what: string, item: object, expected: object]>([
  ['properties that are no object', { name: 'A', properties: 'text' }, { event: 'A', properties: {} }],
  ['no properties', { name: 'A' }, { event: 'A', properties: {} }],
  ['a sequence number beside properties', { ...viewed, seq: 3 }, { event: viewed.name }],
  ['a sequence number that no log has', { name: 'A', seq: -1 }, { event: 'A' }],
  ['a part of a sequence number', { name: 'A', seq: 1.5 }, { event: 'A' }],
  ['an id that is a number', { ...viewed, messageId: 12 }, { messageId: '12' }],
  ['a time that is none', { ...viewed, at: 'now' }, { event: viewed.name }],
  [
    'a ticket in the short form alone',
    { name: 'Ticket Opened', ticket: { id: 'T1', version: 5, source: 'desk' } },
    { properties: { ticket_id: 'T1', source: 'desk' } },
  ],
  [
    'a ticket without an id',
    { name: 'Ticket Opened', properties: { subject: 'x' } },
    { event: 'Ticket Opened' },
  ],
])('accepts an event with %s', (_, item, expected) => {
  const { directEvents, directRefusals } = request(receive(item));
  expect(directEvents).toMatchObject([expected]);
  expect(directRefusals).toBeUndefined();
});

test.each([
  ['text'],
  [{ events: 'none' }],
  [{ events: Array(MAX_BATCH_EVENTS + 1).fill(viewed) }],
  [{ undecodable: true, text: 'ä' }],
])('refuses a signal that holds no list of events, as a whole: %j', (signal) => {
  const inbox = open();
  inbox.receive(signal);
  expect(request(inbox)).toMatchObject({ directEvents: [], directRefusals: [{ code: 'invalid_signal' }] });
});

test('a signal without an argument only wakes', () => {
  const inbox = open();
  inbox.receive(undefined);
  expect(inbox.pending).toBe(true);
  expect(request(inbox)).toEqual({ directEvents: [], effectsSettled: false });
});

test('an item without a message id, or with an empty one, gets one; equal items get different ones', () => {
  const ids = idsOf(receive(viewed, { ...viewed, messageId: '' }, viewed, { ...viewed, messageId: 'null' }));
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect(id).toMatch(/^throughline\/signal\/first-run\/0\/[0-9a-z]{28}\/\d+$/);
});

test('a reset that gives the signals of a chain once more gives them the same ids, whatever run they reached', () => {
  const first = receive(viewed, { name: 'B' });
  const ids = idsOf(first);
  first.applyAnswer(ANSWER);
  const second = open(first.remainder);
  second.receive({ events: [viewed, { name: 'C' }] });
  ids.push(...idsOf(second));

  const again = open();
  for (const events of [[viewed], [{ name: 'B' }, viewed], [{ name: 'C' }]]) again.receive({ events });
  expect(idsOf(again).sort()).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(4);
});

test('ids stay different over many contents and runs, and what the next run gets stays bounded', () => {
  const seen = new Set<string>();
  let inbox = open();
  for (let run = 0; run < 5; run++) {
    for (let n = 0; n < 400; n++)
      inbox.receive({ events: [{ name: 'A', properties: { n: run * 400 + n } }, viewed] });
    while (inbox.pending) {
      for (const id of idsOf(inbox)) seen.add(id);
      inbox.applyAnswer(ANSWER);
    }
    const { remainder } = inbox;
    expect(JSON.stringify(remainder).length).toBeLessThan(50_000);
    inbox = open(remainder);
  }
  expect(seen.size).toBe(4_000);
});

test('a decision takes a bounded part of what came by signal, in its order, and the rest waits for the next', () => {
  const inbox = receive(...Array.from({ length: 450 }, (_, n) => ({ name: 'A', messageId: `m-${n}` })));
  inbox.receive({ events: [{ name: 'Relayed', seq: 9, at: '2026-11-22T09:00:00Z', messageId: 'r' }] });
  const taken: string[][] = [];
  while (inbox.pending) {
    taken.push(idsOf(inbox));
    inbox.applyAnswer(ANSWER);
  }
  expect(taken.map((ids) => ids.length)).toEqual([200, 200, 50]);
  expect(taken.flat()).toEqual(Array.from({ length: 450 }, (_, n) => `m-${n}`));
  expect(inbox.unprocessed).toBe(0);
});

test('a decision takes large events one after the other, and those of a failed decision again', () => {
  const large = (n: number) => ({ name: 'A', messageId: `m-${n}`, properties: { text: 'x'.repeat(30_000) } });
  const inbox = receive(...Array.from({ length: 40 }, (_, n) => large(n)));
  const first = idsOf(inbox);
  expect(first.length).toBe(17);
  inbox.putBack(false);
  expect(idsOf(inbox)).toEqual(first);
  inbox.applyAnswer(ANSWER);
  expect(idsOf(inbox)[0]).toBe('m-17');
});

test('a history of an older build takes all direct events in one decision', () => {
  const inbox = receive(...Array.from({ length: 450 }, (_, n) => ({ name: 'A', messageId: `m-${n}` })));
  expect(inbox.beginDecision(() => false).directEvents).toHaveLength(450);
});

test('a run continues as new only while the next one can receive what no decision has taken', () => {
  const inbox = open();
  const large = { name: 'A', properties: { text: 'ü'.repeat(15_000) } };
  for (let n = 0; n < 40; n++) inbox.receive({ events: [large] });
  expect(inbox.fitsInput).toBe(true);
  for (let n = 0; n < 20; n++) inbox.receive({ events: [large] });
  expect(inbox.fitsInput).toBe(false);
});

test('any JSON that is signalled becomes an event or a refusal that Postgres can store', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        name: fc.string({ unit: 'binary' }),
        messageId: fc.jsonValue(),
        properties: fc.jsonValue(),
        seq: fc.jsonValue(),
      },
      { requiredKeys: ['name'] },
    ),
    fc.record({
      name: fc.constant('Ticket Opened'),
      at: fc.jsonValue(),
      ticket: fc.jsonValue(),
      properties: fc.jsonValue(),
    }),
  );
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 5 }), (items) => {
      const sent = JSON.parse(JSON.stringify(items)) as unknown[];
      const inbox = receive(...sent);
      const logged = sent.filter((item) => isLogged(item)).length;
      inbox.foldTickets([]);
      const { directEvents, directRefusals = [] } = request(inbox);
      expect(directEvents.length + directRefusals.length).toBeGreaterThanOrEqual(sent.length - logged);
      for (const part of [...directEvents, ...directRefusals.map(({ body: _, ...rest }) => rest)])
        expect(inspectValue(part)).toBe(null);
    }),
  );
});

/** Whether the item has the form in which the relay announces an event of the log. */
function isLogged(item: unknown): boolean {
  const { seq, properties } = (item ?? {}) as { seq?: unknown; properties?: unknown };
  return Number.isSafeInteger(seq) && (seq as number) > 0 && properties === undefined;
}

function nest(depth: number): unknown {
  let value: unknown = 1;
  for (let n = 0; n < depth; n++) value = n % 2 === 0 ? [value] : { value };
  return value;
}
