import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEventRules } from '../../support/events-page.ts';
import { startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Sends one call and returns the notes of its event, as `code field`. */
async function notesOf(call: Record<string, unknown>): Promise<string[]> {
  const userId = `shape-${crypto.randomUUID()}`;
  await api.batch({ type: 'track', event: 'Machine Used', userId, ...call });
  const { body } = await api.get(`/v1/customers/user:${userId}/timeline`).expect(200);
  return body.data[0].notes.map(({ code, field }: { code: string; field: string }) => `${code} ${field}`);
}

/** By the first column of the table in docs/events.md: calls, and the note of each. */
const CASES: Record<string, [call: Record<string, unknown>, note: string][]> = {
  '`properties`, `traits` or `context` that is no object': [
    [{ properties: '{"order_id":"o-1"}' }, 'wrong_type properties'],
    [{ properties: [1] }, 'wrong_type properties'],
    [{ type: 'identify', traits: 'vip' }, 'wrong_type traits'],
    [{ context: 5 }, 'wrong_type context'],
    [{ context: { traits: ['vip'] } }, 'wrong_type context.traits'],
  ],
  '`products` that is no list': [
    [{ event: 'Order Completed', properties: { products: '[]' } }, 'wrong_type properties.products'],
    [
      { event: 'Cart Viewed', properties: { total: 5, products: { a: 1 } } },
      'wrong_type properties.products',
    ],
  ],
  'a `track` without properties, with fields beside them': [
    [{ event: 'Order Completed', order_id: 'o-1', total: 5 }, 'outside_properties order_id'],
    [{ properties: {}, score: 9 }, 'outside_properties score'],
  ],
  'a `group` without `groupId`': [[{ type: 'group', traits: { plan: 'team' } }, 'group_without_id groupId']],
  'a change or return of an order without `order_id`': [
    [{ event: 'Order Refunded', properties: { total: 5 } }, 'order_without_id properties.order_id'],
    [{ event: 'Order Updated', properties: { order_id: '' } }, 'order_without_id properties.order_id'],
    [{ event: 'Order Cancelled', properties: {} }, 'order_without_id properties.order_id'],
  ],
};

describe('docs/events.md, Shapes', () => {
  test('each row has a case', () => {
    expect(readEventRules('Shapes').map(({ sent }) => sent)).toEqual(Object.keys(CASES));
  });

  test.each(readEventRules('Shapes'))('$sent: $understood', async ({ sent, shown }) => {
    for (const [call, note] of CASES[sent] ?? []) {
      expect(await notesOf(call)).toEqual([note]);
      expect(shown).toContain(note.split(' ')[0]);
    }
  });
});

test('what is well formed, or left out, gets no note', async () => {
  const calls = [
    { properties: null, context: null, traits: null },
    { properties: { products: [] }, integrations: { All: true }, channel: 'web' },
    { type: 'page', name: 'Home' },
    { type: 'group', groupId: 'acme', traits: { plan: 'team' } },
    { event: 'Order Completed', properties: { total: 5 } },
  ];
  for (const call of calls) expect(await notesOf(call)).toEqual([]);
});

test('traits of an account that have no room are noted at the event', async () => {
  const flags = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`flag${n}`, true]));
  const groupId = 'full';
  expect(await notesOf({ type: 'group', groupId, traits: flags })).toEqual([]);
  expect(await notesOf({ type: 'group', groupId, traits: { renewal_date: '2027-01-01' } })).toEqual([
    'no_room account',
  ]);
  const [row] = await api.db.sql`select traits from accounts where id = ${groupId}`;
  expect(row?.traits).toHaveProperty('renewal_date');
});
