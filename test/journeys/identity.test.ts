import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import type { LiveState } from '../../src/workflows/messages.ts';
import { type BundleFile, readBundleDir, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { ROOT } from '../support/paths.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

/** Both shops hold the same file; one mail a week is all that the house allows itself. */
const oneForBoth = (files: BundleFile[]) =>
  replaceInFile('group.yaml', 'max: 4', 'max: 1')(treatEveryCustomer(files));

let house: TestSystem;
beforeAll(async () => {
  house = await startTestSystem({
    files: oneForBoth,
    workspaces: { tealeaf: async () => oneForBoth(await readBundleDir(`${ROOT}/examples/tealeaf`)) },
  });
});
afterAll(() => house?.stop());

const granted = { consent: { categoryPreferences: { marketing: true } } };

test('story 8, B-6: an anonymous visitor with a failed payment logs in: two journeys become one, nothing is sent twice, tickets and orders stay', async () => {
  // Known since a year, with a machine and an open ticket.
  await house.accept({
    name: 'Order Completed',
    userId: 'ada',
    context: { ...granted, traits: { email: 'ada@example.com' } },
    properties: { order_id: 'o-1', total: 412, products: [{ product_id: 'espresso-machine' }] },
  });
  const ada = await house.findCustomerId('ada');
  await house.waitUntilSettled(ada);
  await house.accept({ name: 'Ticket Opened', userId: 'ada', properties: { ticket_id: 'T1' } });
  await house.waitUntilSettled(ada);

  // Somebody on the sofa, with another device: a cart, and a payment that fails.
  const anonymousId = 'sofa';
  await house.accept({
    name: 'Checkout Started',
    anonymousId,
    context: { traits: { email: 'ada.private@example.com' } },
    properties: { cart_id: 'c-1', total: 80, products: [{ product_id: 'grinder', quantity: 1, price: 80 }] },
  });
  await house.accept({ name: 'Payment Failed', anonymousId, properties: { order_id: 'o-2', value: 80 } });
  const { sql } = house.db.db;
  const [row] = await sql`select customer_id as id from identities where type = 'anon' and value = 'sofa'`;
  const visitor = row?.id as string;
  expect(visitor).not.toBe(ada);
  await house.waitUntilSettled(visitor);
  expect(await findSentActions(house, visitor)).toEqual(['help-email']);

  await house.accept({ name: 'Customer Identified', type: 'identify', userId: 'ada', anonymousId });
  await waitUntil(async () => {
    const [merged] = await sql`select merged_into from customers where id = ${visitor}`;
    return merged?.merged_into === ada;
  }, 'the two to become one');
  await house.waitUntilSettled(ada);

  // One customer journey, with the journeys of both; the other workflow has ended.
  const state = (await house.getWorkflowHandle(ada).query('state')) as LiveState;
  expect(state.enrollments.map((enrollment) => enrollment.journey)).toEqual(
    expect.arrayContaining(['tips', 'ticket-care', 'payment-rescue']),
  );
  expect(state.openTickets.map((ticket) => ticket.id)).toEqual(['T1']);
  await waitUntil(
    async () => (await house.getWorkflowHandle(visitor).describe()).status.name === 'COMPLETED',
    'the other workflow to end',
  );
  expect((await findSentActions(house, ada)).filter((action) => action === 'help-email')).toHaveLength(1);

  // What the visitor's browser says from now on is the customer's, and marketing stays silent for the open ticket.
  await house.accept({ name: 'Order Completed', anonymousId, properties: { order_id: 'o-2', total: 80 } });
  await house.waitUntilSettled(ada);
  const [rescue] = await sql`
    select reason, customer_id from enrollments where journey = 'payment-rescue' and key = 'o-2'`;
  expect(rescue).toEqual({ reason: 'goal', customer_id: ada });
  await house.advanceTime(ada, 5 * DAY);
  expect((await findSentActions(house, ada)).filter((action) => action.startsWith('tip-'))).toEqual([]);
  await house.replayHistories(ada, visitor);
}, 120_000);

test('story 8, D-16: two shops of one house share a cap: who heard from one hears nothing more from the other that week', async () => {
  const email = 'bert@example.com';
  await house.accept({
    name: 'Order Completed',
    userId: 'bert',
    context: { ...granted, traits: { email } },
    properties: { order_id: 'o-b', total: 412, products: [{ product_id: 'espresso-machine' }] },
  });
  const coffee = await house.findCustomerId('bert');
  await house.advanceTime(coffee, 25 * HOUR);
  expect(await findSentActions(house, coffee)).toEqual(['order-confirmation', 'tip-grinder']);

  await house.accept({
    workspace: 'tealeaf',
    name: 'Account Created',
    userId: 'bert-too',
    context: { ...granted, traits: { email: 'Bert@Example.com' } },
  });
  const tea = await house.findCustomerId('bert-too', 'tealeaf');
  await house.waitUntilSettled(tea);
  expect(await findSentActions(house, tea)).toEqual([]);
  const [row] = await house.db.db.sql`
    select candidates from decisions where customer_id = ${tea} order by ordinal desc limit 1`;
  const gates = row?.candidates.find((c: { action: string }) => c.action === 'hello').gates;
  expect(
    gates.find((gate: { gate: string; pass: boolean }) => gate.gate === 'caps' && !gate.pass),
  ).toMatchObject({
    code: 'cap_reached',
    needed: 1,
  });

  // Somebody else's inbox is another's.
  await house.accept({
    workspace: 'tealeaf',
    name: 'Account Created',
    userId: 'cleo',
    context: { ...granted, traits: { email: 'cleo@example.com' } },
  });
  const cleo = await house.findCustomerId('cleo', 'tealeaf');
  await house.waitUntilSettled(cleo);
  expect(await findSentActions(house, cleo)).toEqual(['hello']);
});
