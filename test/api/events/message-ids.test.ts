import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { purgeExpired } from '../../../db/maintenance/purge.ts';
import { acceptOrSplit } from '../../../src/app/intake/batcher.ts';
import { toIncomingEvent } from '../../../src/app/intake/direct-event.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

type Call = Record<string, unknown>;

async function listRejected(messageId: string): Promise<{ code: string; body: string }[]> {
  const { body } = await api.get('/v1/rejected?limit=100');
  return body.data.filter((row: { messageId: string }) => row.messageId === messageId);
}

async function readLog(userId: string): Promise<string[]> {
  const rows = await api.db.sql`
    select name from events e join identities i using (customer_id)
    where i.type = 'user' and i.value = ${userId} order by seq`;
  return rows.map((row) => row.name);
}

const order = (messageId: string, userId: string, more: Call = {}): Call => ({
  type: 'track',
  event: 'Order Completed',
  messageId,
  userId,
  properties: { order_id: messageId, total: 10, products: [{ product_id: 'p', price: 10 }] },
  ...more,
});

describe('a message id that is used again', () => {
  it.each<[string, Call]>([
    ['unchanged', {}],
    ['with another time of sending', { sentAt: '2026-11-28T10:00:00Z', timestamp: '2026-11-28T09:00:00Z' }],
    ['by another build of the library', { context: { library: { name: 'x', version: '2' }, ip: '1.2.3.4' } }],
    ['with what the library notes about its retry', { _metadata: { retryCount: 2 }, integrations: {} }],
    [
      'with its properties in another order',
      { properties: { products: [{ price: 10, product_id: 'p' }], total: 10, order_id: 'm-5' } },
    ],
  ])('for the same event, %s, is a repetition', async (_name, change) => {
    const [id, userId] = ['m-5', `same-${_name}`];
    const event = order(`${id}-${_name}`, userId, {
      properties: { order_id: id, total: 10, products: [{ product_id: 'p', price: 10 }] },
    });
    await api.batch(event);
    await api.batch({ ...event, ...change });
    expect(await readLog(userId)).toEqual(['Order Completed']);
    expect(await listRejected(`${id}-${_name}`)).toEqual([]);
  });

  it.each<[string, Call]>([
    ['another kind of call', { type: 'page', event: undefined }],
    ['another event', { event: 'Order Refunded' }],
    ['another customer', { userId: 'other-customer' }],
    ['a device of its own', { anonymousId: 'other-device' }],
    ['other properties', { properties: { order_id: 'x', total: 11 } }],
    ['traits', { context: { traits: { email: 'other@example.com' } } }],
    ['a statement of consent', { context: { consent: { categoryPreferences: { marketing: true } } } }],
    ['an account', { context: { groupId: 'acme' } }],
  ])('for an event with %s puts that one on the rejected list, once', async (name, change) => {
    const id = `other-${name}`;
    const userId = `first-${name}`;
    await api.batch(order(id, userId));
    for (let n = 0; n < 3; n++) await api.batch({ ...order(id, userId), ...change });
    expect(await readLog(userId)).toEqual(['Order Completed']);
    const rejected = await listRejected(id);
    expect(rejected.map(({ code }) => code)).toEqual(['message_id_conflict']);
    const { body } = await api.get(`/v1/events/${encodeURIComponent(id)}`);
    expect(body).toMatchObject({
      status: 'accepted',
      name: 'Order Completed',
      rejections: [{ code: 'message_id_conflict' }],
    });
  });

  it('in one batch, for another event, refuses the second one and accepts the others', async () => {
    await api.batch(
      order('b-1', 'batch'),
      order('b-1', 'batch', { event: 'Order Refunded' }),
      order('b-1', 'batch'),
      order('b-2', 'batch', { properties: { order_id: 'b-2', total: 1 } }),
    );
    expect(await readLog('batch')).toEqual(['Order Completed', 'Order Completed']);
    expect(JSON.parse((await listRejected('b-1'))[0]?.body as string)).toMatchObject({
      name: 'Order Refunded',
    });
    expect(await listRejected('b-1')).toHaveLength(1);
  });

  it('as the only event of a request answers 200, and the event stands on the list', async () => {
    await api.batch({ type: 'page', messageId: 'order-777', anonymousId: 'attacker' });
    await api.batch(order('order-777', 'victim'));
    expect(await readLog('victim')).toEqual([]);
    expect(await listRejected('order-777')).toMatchObject([{ code: 'message_id_conflict' }]);
  });

  it('concurrently for different events accepts exactly one of them and lists the others', async () => {
    const calls = Array.from({ length: 8 }, (_, n) => order('race', `race-${n}`));
    await Promise.all(calls.map((call) => api.batch(call)));
    const logs = await Promise.all(calls.map((_, n) => readLog(`race-${n}`)));
    expect(logs.flat()).toEqual(['Order Completed']);
    expect(await listRejected('race')).toHaveLength(7);
  });

  it('gives a refused event no effect: it binds no id and merges nobody', async () => {
    await api.batch({ type: 'page', anonymousId: 'apart-device' }, { type: 'page', userId: 'apart' });
    await api.batch({ type: 'page', messageId: 'apart', userId: 'apart' });
    await api.batch({
      type: 'identify',
      messageId: 'apart',
      userId: 'apart',
      anonymousId: 'apart-device',
      traits: { email: 'apart@example.com' },
    });
    const rows = await api.db.sql`
      select type, count(distinct customer_id)::int as n from identities
      where value like 'apart%' group by type order by type`;
    expect(rows.map(({ type, n }) => [type, n])).toEqual([
      ['anon', 1],
      ['user', 1],
    ]);
    const [merged] = await api.db.sql`
      select count(distinct customer_id)::int as n from identities where value in ('apart', 'apart-device')`;
    expect(merged?.n).toBe(2);
  });

  it('by a direct signal for another event puts it on the list', async () => {
    await api.track('direct', 'Seen');
    const owner = { workspace: WORKSPACE, customerId: await api.customerOf('direct') };
    const send = (event: string) =>
      acceptOrSplit(api.deps, [
        toIncomingEvent(
          { messageId: 'd-1', type: 'track', event, timestamp: new Date().toISOString(), properties: {} },
          owner,
        ),
      ]);
    const statuses = [await send('A'), await send('A'), await send('B')].map(([receipt]) => receipt?.status);
    expect(statuses).toEqual(['accepted', 'duplicate', 'rejected']);
    expect(await listRejected('d-1')).toHaveLength(1);
  });
});

describe('the rejected list', () => {
  const list = async (source: string) =>
    (await api.db.sql`select code from rejected where body like ${`%${source}%`} order by code`).map(
      (r) => r.code,
    );

  it('has an event that is sent three times once, with or without a message id', async () => {
    for (let n = 0; n < 3; n++) {
      const sent = { sentAt: new Date(Date.now() + n).toISOString() };
      await api.batch(
        { type: 'track', messageId: 'thrice', userId: 'thrice', event: '', ...sent },
        { type: 'track', event: 'thrice without id', ...sent },
      );
    }
    expect(await list('thrice')).toEqual(['invalid_event_name', 'no_identity']);
  });

  it('has each of two events without a message id that differ, also in their context alone', async () => {
    const visit = (path: string) => ({ type: 'page', name: 'two visits', context: { page: { path } } });
    await api.batch(visit('/a'), visit('/b'), visit('/a'));
    expect(await list('two visits')).toEqual(['no_identity', 'no_identity']);
  });

  it('forgets an event after 30 days', async () => {
    await api.batch({ type: 'track', event: 'expired' }, { type: 'track', event: 'recent' });
    await api.db.sql`update rejected set at = at - interval '31 days' where body like '%expired%'`;
    expect(await purgeExpired(api.db.sql)).toBe(false);
    expect([await list('expired'), await list('recent')]).toEqual([[], ['no_identity']]);
  });
});
