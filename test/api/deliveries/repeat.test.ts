import { afterAll, beforeAll, expect, test } from 'vitest';
import { OTHER, startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const by = { reason: 'the customer has not got it', actor: 'kim' };

/** A customer whose order is confirmed: the delivery of the confirmation, in this state. */
async function confirmation(userId: string, state: string): Promise<string> {
  await api.batch({
    type: 'track',
    userId,
    event: 'Order Completed',
    properties: { order_id: `o-${userId}`, total: 40 },
    context: { traits: { email: `${userId}@example.com` } },
  });
  await api.decide();
  const customer = await api.customerOf(userId);
  const [row] = await api.db.sql`
    update deliveries set state = ${state} where customer_id = ${customer} and action = 'order-confirmation'
    returning id`;
  return row?.id as string;
}

const repeat = (id: string, body: object = by) => api.post(`/v1/deliveries/${id}/repeat`, body);

test('an unknown message is repeated by a delivery that names it, and the journey gets it to send', async () => {
  const id = await confirmation('anna', 'unknown');
  const { status, body } = await repeat(id);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    repeats: id,
    repeatedBy: null,
    state: 'planned',
    action: 'order-confirmation',
    channel: 'email',
    attempts: 0,
    error: null,
    providerId: null,
  });
  expect(Date.parse(body.notAfter)).toBeGreaterThan(Date.now());
  expect((await api.get(`/v1/deliveries/${id}`)).body).toMatchObject({
    state: 'unknown',
    repeatedBy: body.id,
  });
  const [event] = await api.db.sql`
    select e.body -> 'properties' as properties, w.requested_seq >= e.seq as wakes
    from events e join wakes w using (customer_id)
    where e.customer_id = ${body.customerId} and e.name = 'Delivery Repeated'`;
  expect(event).toMatchObject({ wakes: true, properties: { repeats: id, delivery_id: body.id, ...by } });
  const { body: timeline } = await api.get(`/v1/customers/${body.customerId}/timeline`);
  expect(timeline.data.map((item: { title: string }) => item.title)).toContain('Delivery Repeated');
});

test('asked again and again, also at once, a message is repeated once', async () => {
  const id = await confirmation('bert', 'failed');
  const answers = await Promise.all(Array.from({ length: 5 }, () => repeat(id)));
  answers.push(await repeat(id, { reason: 'once more', actor: 'lee' }));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`))).toHaveProperty('size', 1);
  const [row] = await api.db.sql`
    select (select count(*)::int from deliveries where repeats = ${id}) as rows,
      (select count(*)::int from events where name = 'Delivery Repeated' and body #>> '{properties,repeats}' = ${id}) as events`;
  expect(row).toEqual({ rows: 1, events: 1 });
});

test('a repeat that is unknown, too, may be repeated again', async () => {
  const id = await confirmation('carla', 'unknown');
  const first = (await repeat(id)).body.id;
  await api.db.sql`update deliveries set state = 'unknown' where id = ${first}`;
  expect((await repeat(first)).body).toMatchObject({ repeats: first });
});

test.each(['planned', 'sending', 'sent', 'held', 'cancelled'])(
  'what is %s is not repeated',
  async (state) => {
    const id = await confirmation(`dirk-${state}`, state);
    const { status, body } = await repeat(id);
    expect([status, body.code, body.state]).toEqual([409, 'delivery_state', state]);
  },
);

test('marketing is never repeated, and what does not exist or belongs to another workspace is not found', async () => {
  const id = await confirmation('edda', 'unknown');
  await api.db.sql`update deliveries set class = 'marketing' where id = ${id}`;
  const refused = await repeat(id);
  expect([refused.status, refused.body.code]).toEqual([422, 'marketing_repeat']);
  await api.db.sql`update deliveries set class = 'service', workspace = ${OTHER} where id = ${id}`;
  expect((await repeat(id)).status).toBe(404);
  expect((await repeat('dlv_none')).status).toBe(404);
  expect((await repeat(id, {})).status).toBe(400);
});
