import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { type Consent, resolveConsent } from '../../src/domain/customer/consent.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import type { LiveState } from '../../src/workflows/messages.ts';
import { type BundleFile, readBundleDir, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { ROOT } from '../support/paths.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

/** Both shops have the same group file, which allows one mail a week. */
const oneForBoth = (files: BundleFile[]) =>
  replaceInFile('group.yaml', 'max: 4', 'max: 1')(treatEveryCustomer(files));

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    files: oneForBoth,
    workspaces: { tealeaf: async () => oneForBoth(await readBundleDir(`${ROOT}/examples/tealeaf`)) },
  });
});
afterAll(() => system?.stop());

const granted = { consent: { categoryPreferences: { marketing: true } } };

test('story 8, B-6: when an anonymous visitor logs in, two journeys become one, nothing is sent twice, and tickets and orders stay', async () => {
  // A customer since a year, with a machine and an open ticket.
  await system.accept({
    name: 'Order Completed',
    userId: 'ada',
    context: { ...granted, traits: { email: 'ada@example.com' } },
    properties: { order_id: 'o-1', total: 412, products: [{ product_id: 'espresso-machine' }] },
  });
  const ada = await system.findCustomerId('ada');
  await system.waitUntilSettled(ada);
  await system.accept({ name: 'Ticket Opened', userId: 'ada', properties: { ticket_id: 'T1' } });
  await system.waitUntilSettled(ada);

  // An anonymous visitor on another device: a cart, and a payment that fails.
  const anonymousId = 'sofa';
  await system.accept({
    name: 'Checkout Started',
    anonymousId,
    context: { traits: { email: 'ada.private@example.com' } },
    properties: { cart_id: 'c-1', total: 80, products: [{ product_id: 'grinder', quantity: 1, price: 80 }] },
  });
  await system.accept({ name: 'Payment Failed', anonymousId, properties: { order_id: 'o-2', value: 80 } });
  const { sql } = system.db.db;
  const [row] = await sql`select customer_id as id from identities where type = 'anon' and value = 'sofa'`;
  const visitor = row?.id as string;
  expect(visitor).not.toBe(ada);
  await system.waitUntilSettled(visitor);
  expect(await findSentActions(system, visitor)).toEqual(['help-email']);

  await system.accept({ name: 'Customer Identified', type: 'identify', userId: 'ada', anonymousId });
  await waitUntil(async () => {
    const [merged] = await sql`select merged_into from customers where id = ${visitor}`;
    return merged?.merged_into === ada;
  }, 'the two to become one');
  await system.waitUntilSettled(ada);

  // One customer journey holds the enrollments of both; the other workflow has ended.
  const state = (await system.getWorkflowHandle(ada).query('state')) as LiveState;
  expect(state.enrollments.map((enrollment) => enrollment.journey)).toEqual(
    expect.arrayContaining(['tips', 'ticket-care', 'payment-rescue']),
  );
  expect(state.openTickets.map((ticket) => ticket.id)).toEqual(['T1']);
  await waitUntil(
    async () => (await system.getWorkflowHandle(visitor).describe()).status.name === 'COMPLETED',
    'the other workflow to end',
  );
  expect((await findSentActions(system, ada)).filter((action) => action === 'help-email')).toHaveLength(1);

  // Later events of the visitor's browser belong to the customer, and the open ticket still suppresses marketing.
  await system.accept({ name: 'Order Completed', anonymousId, properties: { order_id: 'o-2', total: 80 } });
  await system.waitUntilSettled(ada);
  const [rescue] = await sql`
    select reason, customer_id from enrollments where journey = 'payment-rescue' and key = 'o-2'`;
  expect(rescue).toEqual({ reason: 'goal', customer_id: ada });
  await system.advanceTime(ada, 5 * DAY);
  expect((await findSentActions(system, ada)).filter((action) => action.startsWith('tip-'))).toEqual([]);
  await system.replayHistories(ada, visitor);
}, 120_000);

test('story 8, D-16: two shops of a group share a cap: a message by one blocks messages by the other that week', async () => {
  const email = 'bert@example.com';
  await system.accept({
    name: 'Order Completed',
    userId: 'bert',
    context: { ...granted, traits: { email } },
    properties: { order_id: 'o-b', total: 412, products: [{ product_id: 'espresso-machine' }] },
  });
  const coffee = await system.findCustomerId('bert');
  await system.advanceTime(coffee, 25 * HOUR);
  expect(await findSentActions(system, coffee)).toEqual(['order-confirmation', 'tip-grinder']);

  await system.accept({
    workspace: 'tealeaf',
    name: 'Account Created',
    userId: 'bert-too',
    context: { ...granted, traits: { email: 'Bert@Example.com' } },
  });
  const tea = await system.findCustomerId('bert-too', 'tealeaf');
  await system.waitUntilSettled(tea);
  expect(await findSentActions(system, tea)).toEqual([]);
  const [row] = await system.db.db.sql`
    select record from decisions where customer_id = ${tea} order by ordinal desc limit 1`;
  const hello = decodeRecord(row?.record).candidates.find(({ action }) => action === 'hello');
  expect(hello?.gates.find(({ gate, pass }) => gate === 'caps' && !pass)).toMatchObject({
    code: 'cap_reached',
    needed: 1,
  });

  // Another address is not affected.
  await system.accept({
    workspace: 'tealeaf',
    name: 'Account Created',
    userId: 'cleo',
    context: { ...granted, traits: { email: 'cleo@example.com' } },
  });
  const cleo = await system.findCustomerId('cleo', 'tealeaf');
  await system.waitUntilSettled(cleo);
  expect(await findSentActions(system, cleo)).toEqual(['hello']);
});

test('a visitor whose banner has said yes all along logs in after an unsubscribe: nothing is granted, not even for a moment', async () => {
  const { sql } = system.db.db;
  await system.accept({ name: 'Product Viewed', anonymousId: 'lamp', context: granted });
  await system.accept({
    name: 'Consent Changed',
    userId: 'bea',
    properties: { purpose: 'marketing', status: 'withdrawn' },
  });
  const bea = await system.findCustomerId('bea');
  const login = { userId: 'bea', anonymousId: 'lamp', context: granted };
  await system.accept({ name: 'Product Viewed', ...login });
  const [unsubscribed] =
    await sql`select at from consents where customer_id = ${bea} and status = 'withdrawn'`;
  const rows = await sql`select at from consents where customer_id = ${bea} and status = 'granted'`;
  expect(rows.length).toBe(1);
  expect(rows[0]?.at).toBeLessThan(unsubscribed?.at);

  await system.accept({ name: 'Customer Identified', type: 'identify', ...login });
  await waitUntil(async () => {
    const [row] = await sql`select customer_id as id from identities where type = 'anon' and value = 'lamp'`;
    return row?.id === bea;
  }, 'the two to become one');
  await system.accept({ name: 'Product Viewed', ...login });
  const consents = await sql<Consent[]>`
    select purpose, channel, topic, status, source, at, seq, speaker from consents where customer_id = ${bea}`;
  expect(resolveConsent(consents, 'marketing', '*', '*')?.status).toBe('withdrawn');
  await system.waitUntilSettled(bea);
});
