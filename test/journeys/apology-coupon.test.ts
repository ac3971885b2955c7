import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { expireCoupons } from '../../src/app/jobs/expire-coupons.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time/time.ts';
import { createActivityDeps } from '../../src/service/activity-deps.ts';
import { startApi } from '../../src/service/api.ts';
import type { RunningRole } from '../../src/service/service.ts';
import type { LiveState } from '../../src/workflows/messages.ts';
import { replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import {
  findSentActions,
  startTestSystem,
  type TestSystem,
  WORKSPACE,
  waitUntil,
} from '../support/system.ts';

let system: TestSystem;
let api: RunningRole & { port: number };
let key: string;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
  api = await startApi(system.service);
  key = await createKey(system.db.db, {
    workspace: WORKSPACE,
    kind: 'api',
    scopes: ['read', 'act'],
    label: 'shop',
  });
});
afterAll(async () => {
  await api?.stop();
  await system?.stop();
});

const shop = {
  get: (path: string) => request(`http://127.0.0.1:${api.port}`).get(path).auth(key, { type: 'bearer' }),
  post: (path: string, body: object) =>
    request(`http://127.0.0.1:${api.port}`).post(path).auth(key, { type: 'bearer' }).send(body),
};

const phones = { n: 0 };

/** Opens and closes a ticket about an order, with our fault as the cause. */
async function wrong(userId: string, ticket_id: string, order_id: string): Promise<string> {
  const phone = `+49301234${String(phones.n++).padStart(3, '0')}`;
  const context = { traits: { email: `${userId}@example.com`, phone, firstName: 'Ada' } };
  const properties = { ticket_id, order_id, subject: 'It came broken' };
  await system.accept({ name: 'Ticket Opened', userId, context, properties });
  const customer = await system.findCustomerId(userId);
  await system.waitUntilSettled(customer);
  await system.accept({ name: 'Ticket Closed', userId, properties: { ...properties, fault: 'ours' } });
  await system.waitUntilSettled(customer);
  return customer;
}

const gifts = async (customer: string) =>
  (await findSentActions(system, customer)).filter((action) => action === 'coupon-20');

/** The codes that a customer has received, by channel. */
function readReceivedCodes(userId: string): Record<string, string[]> {
  const codes: Record<string, string[]> = { email: [], sms: [] };
  for (const { to, channel = 'email', text } of system.mailbox.messages()) {
    const code = /\b[0-9A-HJKMNP-TV-Z]{12}\b/.exec(text ?? '')?.[0];
    if (code && (to.includes(`${userId}@example.com`) || channel === 'sms')) codes[channel]?.push(code);
  }
  return codes;
}

async function readEvents(customer: string, name: string): Promise<Record<string, unknown>[]> {
  const rows = await system.db.db.sql`
    select body -> 'properties' as properties from events where customer_id = ${customer} and name = ${name}`;
  return rows.map(({ properties }) => properties);
}

async function enrolled(customer: string): Promise<string[]> {
  const rows = await system.db.db.sql`
    select coalesce(reason, 'open') as reason from enrollments where customer_id = ${customer} and journey = 'making-good'
    order by entered_at`;
  return rows.map(({ reason }) => reason);
}

test('story 3, D-9, D-10: after our fault the customer gets one coupon by e-mail and SMS, and the next purchase redeems it and ends the journey', async () => {
  const customer = await wrong('ada', 'T1', 'o-1');
  expect(await gifts(customer)).toEqual(['coupon-20', 'coupon-20']);
  const { email, sms } = readReceivedCodes('ada');
  expect(email).toHaveLength(1);
  expect(sms).toEqual(email);
  const mail = system.mailbox
    .messages()
    .find((m) => m.to.includes('ada@example.com') && m.html.includes(email?.[0] ?? '?'));
  expect(mail?.subject).toContain('sorry');

  // A second ticket about the same order is the same incident.
  await wrong('ada', 'T2', 'o-1');
  expect(await gifts(customer)).toHaveLength(2);
  expect(await system.db.db.sql`select id from coupons where customer_id = ${customer}`).toHaveLength(1);

  // At the checkout the shop reads the coupon and applies it.
  const { body } = await shop.get('/v1/customers/user:ada/coupons?status=active');
  expect(body.data).toMatchObject([{ code: email?.[0], percent: 20, state: 'issued', customerId: customer }]);
  const [{ code }] = body.data;
  await system.accept({
    name: 'Order Completed',
    userId: 'ada',
    properties: { order_id: 'o-2', total: 32, discount: 8, coupon: code, currency: 'EUR' },
  });
  await waitUntil(
    async () => (await readEvents(customer, 'Coupon Redeemed')).length > 0,
    'the redemption event',
  );
  await system.waitUntilSettled(customer);
  expect(await readEvents(customer, 'Coupon Redeemed')).toMatchObject([
    { action: 'coupon-20', order_id: 'o-2', discount: 8, percent: 20 },
  ]);
  expect(await enrolled(customer)).toEqual(['exit: Coupon Redeemed', 'completed']);
  const state = (await system.getWorkflowHandle(customer).query('state')) as LiveState;
  expect(state.enrollments.filter((e) => e.journey === 'making-good')).toEqual([]);
  expect((await shop.get('/v1/customers/user:ada/coupons?status=active')).body.data).toEqual([]);
  const again = await shop.post(`/v1/coupons/${code}/redeem`, { orderId: 'o-3' });
  expect([again.status, again.body.code]).toEqual([409, 'coupon_redeemed']);
  await system.replayHistories(customer);
});

test('D-10: a redeem call by the shop returns the discount and ends the journey', async () => {
  const customer = await wrong('bea', 'T3', 'o-4');
  const [{ code }] = (await shop.get('/v1/customers/user:bea/coupons?status=active')).body.data;
  const amount = { amount: '40.00', currency: 'EUR' };
  const answer = await shop.post(`/v1/coupons/${code}/redeem`, {
    orderId: 'o-5',
    amount,
    customer: 'user:bea',
  });
  expect([answer.status, answer.body]).toMatchObject([
    200,
    { state: 'redeemed', percent: 20, orderId: 'o-5', discount: { amount: '8.00', currency: 'EUR' } },
  ]);
  // The order with the code arrives afterwards: nothing happens twice.
  await system.accept({
    name: 'Order Completed',
    userId: 'bea',
    properties: { order_id: 'o-5', total: 32, coupon: code },
  });
  await system.waitUntilSettled(customer);
  expect(await readEvents(customer, 'Coupon Redeemed')).toHaveLength(1);
  expect(await enrolled(customer)).toEqual(['exit: Coupon Redeemed']);
});

test('D-9: a coupon expires by itself, emits an event, and cannot be redeemed afterwards', async () => {
  const customer = await wrong('cleo', 'T5', 'o-6');
  const [coupon] = (await shop.get('/v1/customers/user:cleo/coupons?status=active')).body.data;
  await system.advanceTime(customer, 30 * DAY + HOUR);
  const late = await shop.post(`/v1/coupons/${coupon.code}/redeem`, { orderId: 'o-7' });
  expect([late.status, late.body.code]).toEqual([409, 'coupon_expired']);
  const deps = createActivityDeps(system.service, []);
  const now = Date.parse(coupon.expiresAt) + MINUTE;
  while ((await expireCoupons(deps, { workspace: WORKSPACE, now })).more);
  await system.waitUntilSettled(customer);
  expect(await readEvents(customer, 'Coupon Expired')).toMatchObject([
    { coupon_id: coupon.id, action: 'coupon-20' },
  ]);
  expect((await shop.get('/v1/customers/user:cleo/coupons?status=expired')).body.data).toMatchObject([
    { id: coupon.id },
  ]);
  expect(await enrolled(customer)).toEqual(['completed']);
});

test('D-9: a coupon above the budget is held with the reason and never sent', async () => {
  const [spent] = await system.db.db
    .sql`select count(distinct decision_id)::int as n from deliveries where action = 'coupon-20'`;
  const amount = 8 * (spent?.n + 1);
  await system.applyExample((files) =>
    replaceInFile('actions/making-good.yaml', 'amount: 5000', `amount: ${amount}`)(treatEveryCustomer(files)),
  );
  const [first, second] = [await wrong('dora', 'T6', 'o-8'), await wrong('elsa', 'T7', 'o-9')];
  expect(await gifts(first)).toHaveLength(2);
  expect(await gifts(second)).toEqual([]);
  const rows = await system.db.db
    .sql`select record from decisions where customer_id = ${second} order by ordinal`;
  const judged = rows.flatMap(({ record }) => decodeRecord(record, 'candidates').candidates);
  const gift = judged.find(({ action }) => action === 'coupon-20');
  expect(gift?.gates.find(({ gate }) => gate === 'budget')).toMatchObject({
    code: 'budget_spent',
    observed: amount * 100,
    needed: amount * 100,
  });
  expect(await system.db.db.sql`select id from coupons where customer_id = ${second}`).toHaveLength(0);
});
