import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addInboxItem } from '../../../db/inbox/add-item.ts';
import { createCustomerToken } from '../../../src/api/frame/customer-token.ts';
import { SECRET, startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { createCustomer, sendToInbox } from './support.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const titles = (body: { data: { title: string }[] }) => body.data.map(({ title }) => title);
const list = async (ref: string) => (await api.get(`/v1/customers/${ref}/inbox`)).body;
const BY = { reason: 'r', actor: 'kim', wait: false };

async function createToken(ref: string, seconds = 3_600): Promise<string> {
  const { body } = await api.post(`/v1/customers/${ref}/inbox-tokens`, { seconds });
  return body.token;
}

async function readEvents(customerId: string): Promise<string[]> {
  const rows = await api.db.sql`
    select name from events where customer_id = ${customerId} and name like 'Delivery %' order by seq`;
  return rows.map(({ name }) => name);
}

describe('the inbox', () => {
  it('is listed newest first, in pages, with the number of unread items', async () => {
    const id = await createCustomer(api, 'pages');
    for (const title of ['one', 'two', 'three']) await sendToInbox(api, id, title);
    const first = (await api.get('/v1/customers/user:pages/inbox?limit=2')).body;
    expect([titles(first), first.unread]).toEqual([['three', 'two'], 3]);
    const next = (await api.get(`/v1/customers/user:pages/inbox?limit=2&cursor=${first.nextCursor}`)).body;
    expect([titles(next), next.nextCursor]).toEqual([['one'], null]);
    expect(next.data[0]).toMatchObject({ body: 'text', url: 'https://aroma.example/a', readAt: null });
  });

  it('has one item per delivery, whatever is repeated', async () => {
    const id = await createCustomer(api, 'once');
    const deliveryId = await sendToInbox(api, id, 'hello');
    const again = { deliveryId, workspace: WORKSPACE, title: 'again', body: '', url: null, keepMs: 1_000 };
    const owners = await Promise.all([1, 2, 3].map(() => addInboxItem(api.db.sql, again)));
    expect(owners).toEqual([id, id, id]);
    expect(titles(await list(id))).toEqual(['hello']);
  });

  it('A-9 reading, following and dismissing an item count once each, as events of its delivery', async () => {
    const id = await createCustomer(api, 'marks');
    const item = await sendToInbox(api, id, 'hello');
    const step = (name: string) => api.post(`/v1/customers/user:marks/inbox/${item}/${name}`);
    expect((await step('read')).body).toEqual({ id: item, unread: 0 });
    await step('read');
    const { data, unread } = await list(id);
    expect([data[0].readAt === null, unread]).toEqual([false, 0]);
    await step('click');
    await step('click');
    await step('dismiss');
    await step('dismiss');
    expect((await list(id)).data).toEqual([]);
    expect(await readEvents(id)).toEqual(['Delivery Opened', 'Delivery Clicked', 'Delivery Dismissed']);
    expect((await api.post('/v1/customers/user:marks/inbox/dlv_x/read')).status).toBe(404);
    await createCustomer(api, 'stranger');
    expect((await api.post(`/v1/customers/user:stranger/inbox/${item}/read`)).status).toBe(404);
  });

  it('drops expired items', async () => {
    const id = await createCustomer(api, 'old');
    await sendToInbox(api, id, 'short', { keepMs: 1 });
    await sendToInbox(api, id, 'long');
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { unread, ...body } = await list(id);
    expect([titles(body), unread]).toEqual([['long'], 1]);
  });
});

describe('D-4 silence hides what nobody has read yet', () => {
  it('unread marketing is away while a ticket is open and cooling down, and back afterwards', async () => {
    const id = await createCustomer(api, 'silent');
    const known = await sendToInbox(api, id, 'known tip');
    await api.post(`/v1/customers/user:silent/inbox/${known}/read`);
    await sendToInbox(api, id, 'new tip');
    await sendToInbox(api, id, 'your order', { action: 'order-confirmation', actionClass: 'transactional' });
    await api.track('silent', 'Ticket Opened', { ticket_id: 'T1' });
    const hidden = await list(id);
    expect([titles(hidden), hidden.unread]).toEqual([['your order', 'known tip'], 1]);
    await api.track('silent', 'Ticket Closed', { ticket_id: 'T1' });
    expect(titles(await list(id))).toEqual(['your order', 'known tip']);
    await api.decide();
    await api.db.sql`update tickets set quiet_until = 1 where customer_id = ${id}`;
    const back = await list(id);
    expect([titles(back), back.unread]).toEqual([['your order', 'new tip', 'known tip'], 2]);
  });

  it('so it is after a withdrawal, in a snooze and in a pause', async () => {
    const id = await createCustomer(api, 'choices');
    await sendToInbox(api, id, 'tip');
    expect(titles(await list(id))).toEqual(['tip']);
    await api.post(`/v1/customers/${id}/snooze`, { duration: '7d', ...BY });
    expect((await list(id)).unread).toBe(0);
    await api.post(`/v1/customers/${id}/snooze`, { until: null, ...BY });
    await api.post(`/v1/customers/${id}/pause`, BY);
    expect((await list(id)).unread).toBe(0);
    await api.post(`/v1/customers/${id}/resume`, BY);
    expect((await list(id)).unread).toBe(1);
    await api.track('choices', 'Consent Changed', { purpose: 'marketing', status: 'withdrawn' });
    expect((await list(id)).unread).toBe(0);
  });
});

describe('an inbox token', () => {
  const withToken = (token: string, path: string, method: 'get' | 'post' = 'get') =>
    request(api.app)[method](path).auth(token, { type: 'bearer' });

  it('shows the inbox of its customer, from any origin, and says that the message has arrived', async () => {
    const id = await createCustomer(api, 'browser');
    const item = await sendToInbox(api, id, 'hello');
    const token = await createToken('user:browser');
    const reply = await withToken(token, '/v1/customers/me/inbox').set('Origin', 'https://shop.example');
    expect([reply.status, titles(reply.body)]).toEqual([200, ['hello']]);
    expect(reply.headers['access-control-allow-origin']).toBe('https://shop.example');
    const preflight = await request(api.app)
      .options(`/v1/customers/me/inbox/${item}/read`)
      .set('Origin', 'https://shop.example')
      .set('Access-Control-Request-Method', 'POST')
      .set('Access-Control-Request-Headers', 'authorization,content-type');
    expect([preflight.status, preflight.headers['access-control-allow-headers']]).toEqual([
      204,
      'authorization,content-type',
    ]);
    expect((await withToken(token, `/v1/customers/user:browser/inbox/${item}/read`, 'post')).status).toBe(
      200,
    );
    expect(await readEvents(id)).toEqual(['Delivery Delivered', 'Delivery Opened']);
  });

  it('opens nothing else', async () => {
    const id = await createCustomer(api, 'alone');
    const other = await createCustomer(api, 'next');
    await sendToInbox(api, other, 'not yours');
    const token = await createToken(id);
    expect((await withToken(token, `/v1/customers/${other}/inbox`)).status).toBe(404);
    for (const path of [`/v1/customers/${id}`, '/v1/tasks', `/v1/customers/${id}/export`])
      expect([path, (await withToken(token, path)).status]).toEqual([path, 401]);
    expect((await withToken(token, `/v1/customers/${id}/inbox-tokens`, 'post')).status).toBe(401);
    const origin = await request(api.app)
      .options(`/v1/customers/${id}/inbox-tokens`)
      .set('Origin', 'https://shop.example')
      .set('Access-Control-Request-Method', 'POST');
    expect(origin.headers['access-control-allow-origin']).toBeUndefined();
    expect((await api.get('/v1/customers/me/inbox')).status).toBe(404);
  });

  it('ends with its time and with the customer, and is not forged', async () => {
    const id = await createCustomer(api, 'ends');
    const read = (token: string) => withToken(token, '/v1/customers/me/inbox');
    expect(
      (await read(createCustomerToken('inbox', { customerId: id, expiresAt: Date.now() - 1 }, SECRET))).body
        .code,
    ).toBe('expired_token');
    const token = await createToken(id);
    const later = (Number.parseInt(token.split('.')[1] as string, 36) + 1).toString(36);
    const forged = token.replace(/\.[^.]+\./, `.${later}.`);
    expect((await read(forged)).body.code).toBe('invalid_token');
    expect((await read('it_')).body.code).toBe('invalid_token');
    await api.post(`/v1/customers/${id}/erase`, BY);
    expect((await read(token)).status).toBe(410);
  });

  it('follows a merge; an unmerge gives each person their own items back', async () => {
    const loser = await createCustomer(api, 'loser');
    const winner = await createCustomer(api, 'winner');
    await sendToInbox(api, loser, 'for the loser');
    await sendToInbox(api, winner, 'for the winner');
    const token = await createToken(loser);
    const read = async (with_: string) =>
      titles((await withToken(with_, '/v1/customers/me/inbox')).body).sort();
    await api.post(`/v1/customers/${loser}/merge`, { into: winner, ...BY });
    expect(await read(token)).toEqual(['for the loser', 'for the winner']);
    const ofWinner = await createToken(winner);
    await api.post(`/v1/customers/${loser}/unmerge`, BY);
    expect(await read(ofWinner)).toEqual(['for the winner']);
    expect(await read(token)).toEqual(['for the loser']);
  });
});

it('an erasure takes the items with it; one that is sent at that moment is not written', async () => {
  const id = await createCustomer(api, 'gone');
  const deliveryId = await sendToInbox(api, id, 'secret');
  await api.post(`/v1/customers/${id}/erase`, BY);
  expect(await api.db.sql`select 1 from inbox_items where customer_id = ${id}`).toHaveLength(0);
  const late = { deliveryId, workspace: WORKSPACE, title: 'late', body: '', url: null, keepMs: 1_000 };
  expect(await addInboxItem(api.db.sql, late)).toBeNull();
});
