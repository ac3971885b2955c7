import { afterAll, beforeAll, expect, test } from 'vitest';
import { eraseRows } from '../../../src/app/identity/erase-customer.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const LONG = 'Warteschlange des zweiten Stockwerks links';
const note = { code: 'unknown_ticket_status', field: 'properties.status' };

async function timelineOf(userId: string) {
  const { body } = await api.get(`/v1/customers/user:${userId}/timeline`).expect(200);
  return body.data as { title: string; notes: unknown[]; effects: string[] }[];
}

test('what cannot be read is noted at the event, and counted by code, field and source with its newest example', async () => {
  await api.track('noted', 'Ticket Opened', { ticket_id: 'N1', status: 'Stufe 7' });
  await api.track('noted', 'Ticket Opened', { ticket_id: 'N2', status: LONG });
  const [newest] = await timelineOf('noted');
  expect(newest?.notes).toEqual([{ ...note, value: `${LONG.slice(0, 31)}…` }]);

  const { body } = await api.get('/v1/event-notes').expect(200);
  expect(body.data).toEqual([
    expect.objectContaining({
      ...note,
      source: 'aroma write',
      count: 2,
      event: 'Ticket Opened',
      example: `${LONG.slice(0, 31)}…`,
      meaning: expect.stringContaining('not known'),
    }),
  ]);
});

test('an event without anything unreadable has no notes and counts nothing', async () => {
  await api.track('clear', 'Ticket Opened', { ticket_id: 'C1', status: 'On-Hold' });
  const [newest] = await timelineOf('clear');
  expect(newest?.notes).toEqual([]);
  const rows = await api.db.sql`select notes from events where name = 'Ticket Opened' and notes is null`;
  expect(rows).toHaveLength(1);
});

test('a message sent again counts once; another workspace sees no notes', async () => {
  const event = {
    type: 'track',
    messageId: 'noted-once',
    userId: 'noted-once',
    event: 'Ticket Updated',
    properties: { ticket_id: 'O1', status: 7 },
  };
  const countOf = async () => {
    const { body } = await api.get('/v1/event-notes').expect(200);
    return (body.data as { count: number }[]).reduce((sum, { count }) => sum + count, 0);
  };
  const before = await countOf();
  await api.batch(event);
  await api.batch(event, event);
  expect(await countOf()).toBe(before + 1);
  const other = await api.get('/v1/event-notes', api.keys.otherApi).expect(200);
  expect(other.body.data).toEqual([]);
});

test('the list is paged, last seen first', async () => {
  await api.track('paged', 'Ticket Opened', { ticket_id: 'P1', status: 'Stufe 8' });
  const sql = api.db.sql;
  await sql`insert into note_counts (workspace, code, field, source, slot, count, event, last_at)
    values (${WORKSPACE}, 'older', 'a', 'b', 0, 1, 'e', now() - interval '1 day'),
      (${WORKSPACE}, 'older', 'a', 'b', 1, 2, 'f', now() - interval '2 days')`;
  const first = await api.get('/v1/event-notes?limit=1').expect(200);
  expect(first.body.data).toMatchObject([{ ...note, example: 'Stufe 8' }]);
  const second = await api.get(`/v1/event-notes?limit=1&cursor=${first.body.nextCursor}`).expect(200);
  expect(second.body.data).toMatchObject([{ code: 'older', count: 3, event: 'e' }]);
  expect(second.body.nextCursor).toBeNull();
});

test('an erased customer leaves no example behind, and the count stays', async () => {
  await api.track('gone', 'Ticket Opened', { ticket_id: 'G1', status: 'my own words' });
  const id = await api.customerOf('gone');
  await eraseRows({ db: api.db }, WORKSPACE, [id]);
  const rows = await api.db.sql`select example from note_counts where example = 'my own words'`;
  expect(rows).toEqual([]);
  const { body } = await api.get('/v1/event-notes').expect(200);
  expect(body.data[0]).toMatchObject({ ...note, event: 'Ticket Opened', example: null });
});

test('currencies, refunds, languages and zones that cannot be read are noted, and the view shows what applies', async () => {
  const codesOf = async () => {
    const [newest] = (await timelineOf('words')) as {
      notes: { code: string; field: string; value: unknown }[];
    }[];
    return newest?.notes.map(({ code, field, value }) => `${code} ${field} ${value}`);
  };
  await api.track('words', 'Order Completed', { order_id: 'w-1', total: 20, currency: 'eur' });
  expect(await codesOf()).toEqual([]);
  await api.track('words', 'Order Refunded', { order_id: 'w-1', total: 5, currency: 'usd' });
  expect(await codesOf()).toEqual(['foreign_refund properties.currency usd']);
  await api.track('words', 'Order Refunded', { order_id: 'w-1', amount: '1,5' });
  expect(await codesOf()).toEqual(['unreadable_number properties.amount 1,5']);
  await api.track('words', 'Order Updated', { order_id: 'w-1', status: 'closed' });
  expect(await codesOf()).toEqual(['unknown_order_status properties.status closed']);
  await api.track('words', 'Order Completed', { order_id: 'w-2', total: 7, currency: 'beans' });
  expect(await codesOf()).toEqual(['unknown_currency properties.currency beans']);
  await api.batch(
    { type: 'track', userId: 'words', event: 'Read', context: { locale: 'de_AT.UTF-8', timezone: 'Mars' } },
    { type: 'identify', userId: 'words', traits: { timezone: '+02:00', locale: 'qq' } },
  );
  expect(await codesOf()).toEqual(['unknown_locale traits.locale qq']);
  const { body } = await api.get('/v1/customers/user:words').expect(200);
  expect(body).toMatchObject({ locale: 'de-AT', timezone: 'UTC+02:00' });
  expect(body.orders).toMatchObject([
    { status: 'paid', total: { amount: '20.00', currency: 'EUR' }, refunded: { amount: '0.00' } },
    { total: { amount: '7.00', currency: 'BEANS' } },
  ]);
  const attributes = body.attributes as { name: string; value: unknown; device?: boolean }[];
  expect(attributes.map(({ name, value, device }) => [name, value, device])).toEqual([
    ['locale', 'de_AT.UTF-8', true],
    ['timezone', '+02:00', undefined],
  ]);
});

test('money given back of an order that is not known is noted; of a known one, or told again, it is not', async () => {
  const codes = async () => {
    const [newest] = (await timelineOf('refunds')) as { notes: { code: string; field: string }[] }[];
    return newest?.notes.map(({ code, field }) => `${code} ${field}`);
  };
  await api.track('refunds', 'Order Refunded', { order_id: 'r-1', total: 5 });
  expect(await codes()).toEqual(['unknown_order properties.order_id']);
  await api.track('refunds', 'Order Completed', { order_id: 'r-1', total: 20 });
  await api.track('refunds', 'Order Refunded', { order_id: 'r-1', total: 6 });
  expect(await codes()).toEqual([]);
  await api.track('refunds', 'Order Refunded', { order_id: 'null', total: 6 });
  expect(await codes()).toEqual(['placeholder_id properties.order_id']);
});
