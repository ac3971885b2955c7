import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OTHER, startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const read = async (key?: string) => (await api.get('/v1/start', key)).body;
const send = (step: string, key?: string) => api.post('/v1/start/example', { step }, key);

describe('the start of a workspace', () => {
  it('says what has happened at least once, by its real state', async () => {
    const nothing = { event: false, order: false, ticket: false, message: false, apply: false };
    expect(await read()).toEqual({ version: 1, done: nothing, example: true });
    await api.track('mara', 'Product Viewed');
    expect((await read()).done).toEqual({ ...nothing, event: true });
    await api.track('mara', 'Order Completed', { order_id: 'o-1', total: 5 });
    await api.track('mara', 'Ticket Opened', { ticket_id: 'T1' });
    await api.db.sql`
      insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel,
        claimed_at, bundle_version, state, at, not_after, entry)
      values ('dlv_1', 'cus_1', ${WORKSPACE}, 'dec_1', 'enr_1', 'tip', 'marketing', 'email', now(), 1, 'sent', 0, 0, '{}')`;
    await api.db.sql`update bundles set applied_by = 'kim'`;
    expect((await read()).done).toEqual({
      event: true,
      order: true,
      ticket: true,
      message: true,
      apply: true,
    });
    expect(await read(api.keys.otherApi)).toEqual({ version: 0, done: nothing, example: true });
  });

  it('the example is accepted as any call is: order, ticket, its close, and a failed payment', async () => {
    const { body } = await send('order');
    expect(body).toMatchObject({
      customer: 'user:helen',
      call: { event: 'Order Completed', userId: 'helen' },
    });
    await send('ticket');
    expect((await send('close')).status).toBe(200);
    await send('payment');
    const { data } = (await api.get('/v1/events?source=start%20page')).body;
    expect(data.map(({ name, userId }: { name: string; userId: string }) => [name, userId])).toEqual([
      ['Payment Failed', 'ada'],
      ['Ticket Closed', 'helen'],
      ['Ticket Opened', 'helen'],
      ['Order Completed', 'helen'],
    ]);
    const [row] = await api.db
      .sql`select status from tickets where customer_id = ${await api.customerOf('helen')}`;
    expect(row?.status).toBe('closed');
    const again = await send('close');
    expect([again.status, again.body.code]).toEqual([409, 'no_open_ticket']);
    expect((await send('dance')).status).toBe(400);
  });

  it('the example is refused in a workspace that has customers and is not its own', async () => {
    expect((await send('order', api.keys.otherApi)).status).toBe(200);
    expect((await read(api.keys.otherApi)).example).toBe(false);
    const refused = await send('ticket', api.keys.otherApi);
    expect([refused.status, refused.body.code]).toEqual([409, 'has_customers']);
    expect((await api.get('/v1/events', api.keys.otherApi)).body.data).toHaveLength(1);
  });
});

describe('a new key', () => {
  it('sends events under its label, and stands nowhere', async () => {
    const created = await api.post('/v1/keys', { kind: 'write', label: ' web shop ' });
    const { key, kind, label } = created.body;
    expect([created.status, kind, label, key]).toEqual([
      201,
      'write',
      'web shop',
      expect.stringMatching(/^wk_/),
    ]);
    expect(created.headers['cache-control']).toBe('no-store');
    await request(api.app)
      .post('/v1/track')
      .auth(key, '')
      .send({ userId: 'k', event: 'Signed Up' })
      .expect(200);
    expect((await api.get('/v1/events?limit=1')).body.data).toMatchObject([{ source: 'web shop' }]);
    const [stored] = await api.db.sql`select to_jsonb(keys)::text as row from keys where label = 'web shop'`;
    expect(stored?.row).not.toContain(key);
    const browser = await api.post('/v1/keys', { kind: 'browser', label: 'pages' }, api.keys.otherApi);
    expect(browser.body.key).toMatch(/^bk_/);
    const [owner] = await api.db.sql`select workspace from keys where label = 'pages'`;
    expect(owner?.workspace).toBe(OTHER);
  });

  it('is never one for the API', async () => {
    expect((await api.post('/v1/keys', { kind: 'api', label: 'x' })).status).toBe(400);
    expect((await api.post('/v1/keys', { kind: 'write', label: '  ' })).status).toBe(400);
  });
});
