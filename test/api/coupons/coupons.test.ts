import { afterAll, beforeAll, expect, it } from 'vitest';
import { couponList, coupon as couponSchema } from '../../../src/api/coupons/schema.ts';
import { expireCoupons } from '../../../src/app/jobs/expire-coupons.ts';
import type { JobDeps } from '../../../src/app/jobs/job.ts';
import { DAY, MINUTE } from '../../../src/domain/time/time.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Given {
  id: string;
  code: string;
  customerId: string;
  enrollmentId: string;
}

/** A customer with a closed ticket for which a coupon was issued. */
async function makeGood(userId: string, ticket = `T-${userId}`): Promise<Given> {
  const traits = { email: `${userId}@example.com`, phone: '+4930123456' };
  await api.batch(
    { type: 'identify', userId, traits },
    { type: 'track', userId, event: 'Ticket Opened', properties: { ticket_id: ticket } },
    { type: 'track', userId, event: 'Ticket Closed', properties: { ticket_id: ticket, fault: 'ours' } },
  );
  await api.decide();
  const { body } = await api.get(`/v1/customers/user:${userId}/coupons?status=active`);
  if (body.data?.length !== 1) throw new Error(JSON.stringify(body));
  return body.data[0];
}

async function events(id: string): Promise<Record<string, unknown>[]> {
  const rows = await api.db.sql`
    select name, body -> 'properties' as properties from events
    where body -> 'properties' ->> 'coupon_id' = ${id} order by seq`;
  return rows.map(({ name, properties }) => ({ name, ...properties }));
}

const redeem = (code: string, body: object) => api.post(`/v1/coupons/${code}/redeem`, body);
const EUR = (amount: string) => ({ amount, currency: 'EUR' });

it('D-9: both messages about an incident have the same coupon; its event does not contain the code', async () => {
  const coupon = await makeGood('one');
  expect(couponSchema.safeParse(coupon).error?.issues).toBeUndefined();
  expect(coupon).toMatchObject({
    percent: 20,
    state: 'issued',
    once: 'T-one',
    action: 'coupon-20',
    orderId: null,
  });
  expect(coupon.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/);
  const deliveries = await api.db.sql`
    select channel, coupon_id, cost from deliveries where action = 'coupon-20' and customer_id = ${coupon.customerId} order by channel`;
  expect(deliveries.map((d) => ({ ...d }))).toEqual([
    { channel: 'email', coupon_id: coupon.id, cost: 800 },
    { channel: 'sms', coupon_id: coupon.id, cost: 800 },
  ]);
  const [event, ...more] = await events(coupon.id);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    name: 'Coupon Issued',
    action: 'coupon-20',
    enrollment_id: coupon.enrollmentId,
    percent: 20,
  });
  expect(JSON.stringify(event)).not.toContain(coupon.code);

  // The same ticket is opened and closed again: the journey starts again, and the coupon exists already.
  await api.track('one', 'Ticket Updated', { ticket_id: 'T-one', status: 'open' });
  await api.track('one', 'Ticket Closed', { ticket_id: 'T-one', fault: 'ours' });
  await api.decide();
  expect(await api.db.sql`select id from coupons where customer_id = ${coupon.customerId}`).toHaveLength(1);
});

it('D-10: is redeemed once, also for repeated calls; the journey ends and an event is appended', async () => {
  const coupon = await makeGood('redeems');
  const { code, id, customerId } = coupon;
  const typed = `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`.toLowerCase();
  const orders = await Promise.all(
    ['o-1', 'o-2', 'o-3', 'o-1'].map((orderId) => redeem(typed, { orderId, amount: EUR('42.10') })),
  );
  const [winner] = orders.filter(({ status }) => status === 200);
  const { orderId } = winner?.body ?? {};
  expect(winner?.body).toMatchObject({
    id,
    percent: 20,
    state: 'redeemed',
    discount: EUR('8.42'),
    customerId,
  });
  for (const [n, asked] of ['o-1', 'o-2', 'o-3', 'o-1'].entries()) {
    const answer = orders[n];
    if (asked === orderId) expect([answer?.status, answer?.body]).toEqual([200, winner?.body]);
    else expect([answer?.status, answer?.body.code]).toEqual([409, 'coupon_redeemed']);
  }
  expect((await redeem(code, { orderId })).body).toEqual(winner?.body);
  expect((await events(id)).map(({ name }) => name)).toEqual(['Coupon Issued', 'Coupon Redeemed']);
  expect((await events(id))[1]).toMatchObject({
    order_id: orderId,
    discount: 8.42,
    enrollment_id: coupon.enrollmentId,
  });
  await api.decide();
  const [enrollment] = await api.db.sql`select reason from enrollments where id = ${coupon.enrollmentId}`;
  expect(enrollment?.reason).toBe('exit: Coupon Redeemed');
  expect((await api.get(`/v1/customers/${customerId}/coupons?status=active`)).body.data).toEqual([]);
  expect((await api.get(`/v1/customers/${customerId}/coupons?status=redeemed`)).body.data).toEqual([
    winner?.body,
  ]);
  expect((await api.post(`/v1/coupons/${code}/revoke`, BY)).body.code).toBe('coupon_redeemed');
});

const BY = { reason: 'fraud', actor: 'ann' };

it('D-10: an order event with the code redeems the coupon; the API then returns the same coupon', async () => {
  const { code, id } = await makeGood('orders');
  await api.track('orders', 'Order Completed', {
    order_id: 'o-7',
    total: 40,
    discount: 8,
    currency: '€',
    coupon: ` ${code} `,
  });
  await api.decide();
  const again = await redeem(code, { orderId: 'o-7', amount: { amount: '40.00', currency: 'eur' } });
  expect([again.status, again.body]).toMatchObject([
    200,
    { state: 'redeemed', orderId: 'o-7', discount: EUR('8.00') },
  ]);
  expect((await redeem(code, { orderId: 'o-8' })).body.code).toBe('coupon_redeemed');
  // A second order with the code, and an order of another customer, find it used.
  await api.track('orders', 'Order Completed', { order_id: 'o-8', total: 40, coupon: code });
  const other = await makeGood('thief');
  await api.track('orders', 'Order Completed', { order_id: 'o-9', total: 40, coupon: other.code });
  await api.decide();
  expect((await events(id)).filter(({ name }) => name === 'Coupon Redeemed')).toMatchObject([
    { order_id: 'o-7', discount: 8, percent: 20 },
  ]);
  expect((await events(other.id)).map(({ name }) => name)).toEqual(['Coupon Issued']);
  expect((await redeem(other.code, { orderId: 'o-9', customer: 'user:orders' })).body.code).toBe(
    'coupon_of_another',
  );
  expect((await redeem(other.code, { orderId: 'o-9', customer: 'user:thief' })).status).toBe(200);
});

it('D-10: an order event and a call at the same time redeem the coupon once, with one event', async () => {
  const { code, id } = await makeGood('at-once');
  await api.track('at-once', 'Order Completed', { order_id: 'by-event', total: 40, coupon: code });
  await Promise.all([api.decide(), redeem(code, { orderId: 'by-call' })]);
  await api.decide();
  const redeemed = (await events(id)).filter(({ name }) => name === 'Coupon Redeemed');
  expect(redeemed).toHaveLength(1);
  const [row] = await api.db.sql`select order_id from coupons where id = ${id}`;
  expect(redeemed[0]?.order_id).toBe(row?.order_id);
});

it('refuses to redeem unknown, expired, revoked and foreign coupons, with a reason', async () => {
  const { code, id } = await makeGood('refused');
  expect((await redeem('NOBODYS', { orderId: 'o' })).status).toBe(404);
  expect((await redeem(id, { orderId: 'o' })).status).toBe(404);
  expect((await redeem(code, {})).status).toBe(400);
  const dollars = await redeem(code, { orderId: 'o', amount: { amount: '1.00', currency: 'USD' } });
  expect([dollars.status, dollars.body.code]).toEqual([422, 'wrong_currency']);
  const unknown = await redeem(code, { orderId: 'o', amount: { amount: '1.00', currency: '$' } });
  expect([unknown.status, unknown.body.code]).toEqual([422, 'wrong_currency']);
  expect((await redeem(code, { orderId: 'o', customer: 'user:nobody-at-all' })).status).toBe(404);
  await api.db.sql`update coupons set expires_at = ${Date.now() - MINUTE} where id = ${id}`;
  const late = await redeem(code, { orderId: 'o' });
  expect([late.status, late.body]).toMatchObject([409, { code: 'coupon_expired', state: 'expired' }]);
  expect((await api.get('/v1/customers/user:refused/coupons?status=active')).body.data).toEqual([]);
  expect((await api.get('/v1/customers/user:refused/coupons?status=expired')).body.data).toMatchObject([
    { id, state: 'expired' },
  ]);
  expect((await api.get('/v1/customers/user:refused/coupons?status=nonsense')).status).toBe(400);
});

it('a coupon is revoked once, with actor and reason; its messages are not sent', async () => {
  const { code, id, customerId } = await makeGood('fraud');
  const [item, two] = [
    await api.post(`/v1/coupons/${code}/revoke`, BY),
    await api.post(`/v1/coupons/${code}/revoke`, BY),
  ];
  expect([item.status, two.status, item.body.state]).toEqual([200, 200, 'revoked']);
  expect(await events(id)).toMatchObject([{ name: 'Coupon Issued' }, { name: 'Coupon Revoked', ...BY }]);
  expect((await redeem(code, { orderId: 'o' })).body.code).toBe('coupon_revoked');
  expect((await api.get(`/v1/customers/${customerId}/coupons?status=revoked`)).body.data).toHaveLength(1);
});

it('lists coupons in pages, newest first', async () => {
  for (const ticket of ['P1', 'P2', 'P3']) {
    await api.track('pages', 'Ticket Opened', { ticket_id: ticket });
    await api.track('pages', 'Ticket Closed', { ticket_id: ticket, fault: 'ours' });
  }
  await api.batch({ type: 'identify', userId: 'pages', traits: { email: 'pages@example.com' } });
  await api.decide();
  const customer = await api.customerOf('pages');
  for (const n of [1, 2, 3])
    await api.db.sql`
      insert into coupons (id, workspace, code, customer_id, action, once, decision_id, enrollment_id, percent, issued_at, expires_at)
      values (${`cpn_p${n}`}, ${WORKSPACE}, ${`PAGE${n}`}, ${customer}, 'x', ${`p${n}`}, 'dec_x', 'enr_x', 10, 0, ${Date.now() + DAY})`;
  await api.db.sql`update deliveries set coupon_id = 'cpn_p1' where customer_id = ${customer}`;
  // Two of them were never communicated.
  const seen: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await api.get(`/v1/customers/${customer}/coupons?limit=1${cursor}`);
    expect(couponList.safeParse(body).error?.issues).toBeUndefined();
    seen.push(...body.data.map(({ code }: Given) => code));
    if (body.nextCursor === null) break;
    cursor = `&cursor=${body.nextCursor}`;
  }
  expect(seen).toEqual(['PAGE1']);
});

it('D-9: the job expires each coupon once; a coupon that was never communicated expires without an event', async () => {
  const coupon = await makeGood('expires');
  const silent = await makeGood('silent');
  await api.db.sql`update deliveries set state = 'cancelled' where coupon_id = ${silent.id}`;
  // A coupon of cancelled messages is neither listed nor redeemable.
  expect((await api.get('/v1/customers/user:silent/coupons')).body.data).toEqual([]);
  expect((await redeem(silent.code, { orderId: 'o' })).status).toBe(404);
  const { id, customerId } = coupon;
  const deps = { ...api.deps, secret: api.deps.config.secret } as unknown as JobDeps;
  const run = (now: number) => expireCoupons(deps, { workspace: WORKSPACE, now });
  expect(await run(Date.now() + 29 * DAY)).toEqual({ more: false });
  expect((await api.get(`/v1/customers/${customerId}/coupons?status=active`)).body.data).toHaveLength(1);
  const now = Date.now() + 31 * DAY;
  await Promise.all([run(now), run(now)]);
  await run(now);
  expect((await events(id)).map(({ name }) => name)).toEqual(['Coupon Issued', 'Coupon Expired']);
  expect((await events(silent.id)).map(({ name }) => name)).toEqual(['Coupon Issued']);
  const states = await api.db.sql`select distinct state from coupons where id in (${id}, ${silent.id})`;
  expect(states.map(({ state }) => state)).toEqual(['expired']);
});

it('is exported, merged and erased with its customer', async () => {
  const winner = await makeGood('stays');
  const loser = await makeGood('goes');
  const command = { ...BY, wait: false };
  expect(
    (await api.post('/v1/customers/user:goes/merge', { into: 'user:stays', ...command })).status,
  ).toBeLessThan(300);
  await api.decide();
  const list = (await api.get('/v1/customers/user:stays/coupons?status=active')).body.data as Given[];
  expect(list.map(({ id }) => id).sort()).toEqual([winner.id, loser.id].sort());
  expect((await redeem(loser.code, { orderId: 'o', customer: 'user:stays' })).status).toBe(200);
  const { body } = await api.get('/v1/customers/user:goes/export');
  expect(body.coupons.map(({ id }: Given) => id).sort()).toEqual([winner.id, loser.id].sort());
  await api.post('/v1/customers/user:stays/erase', BY);
  expect(await api.db.sql`select id from coupons where id in (${winner.id}, ${loser.id})`).toHaveLength(0);
  expect((await redeem(winner.code, { orderId: 'o' })).status).toBe(404);
});

it('D-9: for one incident of two customers the first gets the coupon; the messages of the other have none', async () => {
  const first = await makeGood('twin-a', 'T-same');
  await api.batch(
    { type: 'identify', userId: 'twin-b', traits: { email: 'twin-b@example.com' } },
    { type: 'track', userId: 'twin-b', event: 'Ticket Opened', properties: { ticket_id: 'T-same' } },
    {
      type: 'track',
      userId: 'twin-b',
      event: 'Ticket Closed',
      properties: { ticket_id: 'T-same', fault: 'ours' },
    },
  );
  await api.decide();
  const b = await api.customerOf('twin-b');
  const rows = await api.db
    .sql`select coupon_id, state from deliveries where customer_id = ${b} and action = 'coupon-20'`;
  expect(rows.map((r) => ({ ...r }))).toEqual([{ coupon_id: null, state: 'planned' }]);
  const [coupon] = await api.db.sql`select customer_id from coupons where once = 'T-same'`;
  expect(coupon?.customer_id).toBe(first.customerId);
  const outbox = await api.db.sql`select 1 from events where customer_id = ${b} and name = 'Coupon Issued'`;
  expect(outbox).toHaveLength(0);
});
