import { expect, test } from 'vitest';
import {
  findEarlierEvent,
  type KnownFact,
  listRemembered,
  readFactIdentity,
} from '../../src/domain/fact-identity.ts';
import { DAY } from '../../src/domain/time/time.ts';
import { NOW } from '../engine/support.ts';
import { listSent } from '../support/events-page.ts';

type Told = [name: string, properties: Record<string, unknown>, after?: number];

/** Which of these events repeat a fact. */
function findRepeats(told: readonly Told[]): boolean[] {
  const facts = new Map<string, KnownFact>();
  const known = (key: string) => facts.get(key);
  return told.map(([name, properties, after], n) => {
    const at = NOW + (after ?? n);
    const identity = readFactIdentity({
      name,
      properties,
      at,
      acceptedAt: at,
      seq: n + 1,
      source: 'shop',
    } as never);
    if (!identity) return false;
    if (findEarlierEvent(identity, at, known) !== undefined) return true;
    for (const [key, fact] of listRemembered(identity, { eventId: `e${n}`, at }, known)) facts.set(key, fact);
    return false;
  });
}

const failed = (more: object, after?: number): Told => [
  'Payment Failed',
  { order_id: 'o', value: 50, ...more },
  after,
];
const refunded = (more: object): Told => ['Order Refunded', { order_id: 'o', ...more }];
const ticket = (name: string, more: object = {}): Told => [`Ticket ${name}`, { ticket_id: 't', ...more }];

/** Rows of docs/events.md: the last of these events repeats a known fact, or it does not. */
const ROWS: Record<string, { told: Told[]; again: boolean }> = {
  '`Order Completed` with a known `order_id`': {
    told: [
      ['Order Completed', { order_id: 7, total: 1 }],
      ['Order Completed', { order_id: ' 7 ', total: 2 }, 90 * DAY],
    ],
    again: true,
  },
  '`Order Cancelled` with a known `order_id`': {
    told: [
      ['Order Cancelled', { order_id: 'o' }],
      ['Order Cancelled', { order_id: 'o' }],
    ],
    again: true,
  },
  '`Order Refunded` with a known `refund_id`': {
    told: [refunded({ refund_id: 'r', total: 5 }), refunded({ refund_id: 'r', total: 5, note: 'again' })],
    again: true,
  },
  '`Order Refunded` without an id, the same content within a day': {
    told: [refunded({ total: 5, currency: 'EUR' }), refunded({ currency: 'EUR', total: 5 })],
    again: true,
  },
  '`Order Refunded` without an id, another amount': {
    told: [refunded({ total: 5 }), refunded({ total: 6 })],
    again: false,
  },
  '`Payment Failed` of an order, the same content within a day': {
    told: [failed({}), failed({})],
    again: true,
  },
  '`Payment Failed` of an order, another reason': {
    told: [failed({ code: 'declined' }), failed({ code: 'expired' })],
    again: false,
  },
  '`Payment Failed` of an order, the same content two days later': {
    told: [failed({}), failed({}, 2 * DAY)],
    again: false,
  },
  'a ticket event with the content of the newest version': {
    told: [ticket('Opened'), ticket('Closed'), ticket('Closed')],
    again: true,
  },
  'an older version of a ticket that is known': {
    told: [
      ['Ticket Opened', { ticket_id: 't' }, 1],
      ['Ticket Closed', { ticket_id: 't' }, 2],
      ['Ticket Opened', { ticket_id: 't' }, 1],
    ],
    again: true,
  },
  '`Ticket Opened` again after `Ticket Closed`': {
    told: [ticket('Opened'), ticket('Closed'), ticket('Opened')],
    again: false,
  },
  '`Question Asked` with a known `question_id`': {
    told: [
      ['Question Asked', { question_id: 'q', text: 'a' }],
      ['Question Asked', { question_id: 'q', text: 'a' }, 9 * DAY],
    ],
    again: true,
  },
  '`Survey Answered`, the same content within a day': {
    told: [
      ['Survey Answered', { survey_id: 's', score: 9 }],
      ['Survey Answered', { survey_id: 's', score: 9 }],
    ],
    again: true,
  },
  'an event that names no id': {
    told: [
      ['Order Completed', { total: 5 }],
      ['Order Completed', { total: 5 }],
    ],
    again: false,
  },
};

test.each(Object.entries(ROWS))('repeated facts: %s', (_, { told, again }) => {
  const repeats = findRepeats(told);
  expect(repeats.slice(0, -1)).not.toContain(true);
  expect(repeats.at(-1)).toBe(again);
});

test('a refund that names an amount or products is a part, whatever the property is called', () => {
  for (const name of ['total', 'revenue', 'value', 'amount'])
    expect(findRepeats([refunded({ [name]: 5 }), refunded({ [name]: 6 })])).toEqual([false, false]);
  const products = (id: string) => refunded({ products: [{ product_id: id }] });
  expect(findRepeats([products('a'), products('b')])).toEqual([false, false]);
  expect(
    findRepeats([refunded({}), refunded({ total: null, amount: '', products: [], note: 'again' })]),
  ).toEqual([false, true]);
});

test('every row of the table of repeated facts is tested', () => {
  expect(listSent('Repeated facts').sort()).toEqual(Object.keys(ROWS).sort());
});
