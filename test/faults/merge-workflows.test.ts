import { afterAll, beforeAll, expect, test } from 'vitest';
import { mergeCustomers } from '../../src/app/identity/merge-customers.ts';
import { unmergeCustomers } from '../../src/app/identity/unmerge-customers.ts';
import { createIntake, readCustomerId, readLog } from '../app/intake/support.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import {
  findSentActions,
  startTestSystem,
  type TestSystem,
  WORKSPACE,
  waitUntil,
} from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => system?.stop());

const why = { workspace: WORKSPACE, actor: 'test', reason: 'test' };

async function statusOf(customerId: string): Promise<string> {
  const description = await system.getWorkflowHandle(customerId).describe();
  return description.status.name;
}

async function merge(loser: string, winner: string): Promise<void> {
  const merged = await mergeCustomers(createIntake(system), { ...why, loser, winner });
  if (!merged.ok) throw new Error(merged.message);
}

test('B-6, story 8: a visitor who bought and logs in becomes one customer, nothing is sent twice, and the old workflow ends', async () => {
  await system.accept({
    name: 'Order Completed',
    anonymousId: 'v',
    context: { traits: { email: 'v@example.com' } },
    properties: { order_id: 'v1', total: 20, products: [{ product_id: 'espresso-machine' }] },
  });
  const loser = await readCustomerId(system, 'anon', 'v');
  await system.waitUntilSettled(loser);
  expect(await findSentActions(system, loser)).toContain('order-confirmation');
  await system.accept({ name: 'Page Viewed', userId: 'v' });
  const winner = await readCustomerId(system, 'user', 'v');
  await system.accept({ type: 'identify', name: 'Customer Identified', userId: 'v', anonymousId: 'v' });
  expect(await readCustomerId(system, 'anon', 'v')).toBe(winner);
  await system.waitUntilSettled(winner);
  await waitUntil(async () => (await statusOf(loser)) === 'COMPLETED', 'the visitor’s workflow to end');
  const confirmed = (await findSentActions(system, winner)).filter(
    (action) => action === 'order-confirmation',
  );
  expect(confirmed).toHaveLength(1);
  const [row] = await system.db.db.sql`select state from journeys where customer_id = ${winner}`;
  expect(row?.state.enrollments.map((e: { journey: string }) => e.journey)).toContain('tips');
});

test('correctness 15: a late signal to the loser’s workflow ends it, and its direct events reach the winner’s log', async () => {
  await system.accept({ name: 'Order Completed', anonymousId: 'z', properties: { order_id: 'z', total: 1 } });
  await system.accept({ name: 'Order Completed', userId: 'z', properties: { order_id: 'z2', total: 1 } });
  const [loser, winner] = [
    await readCustomerId(system, 'anon', 'z'),
    await readCustomerId(system, 'user', 'z'),
  ];
  await system.waitUntilSettled(loser);
  await system.waitUntilSettled(winner);
  await merge(loser, winner);
  await waitUntil(async () => (await statusOf(loser)) === 'COMPLETED', 'the first run to end');
  await system.service.journeys.signal({ workspace: WORKSPACE, customerId: loser }, [
    {
      kind: 'behaviour',
      name: 'Machine Descaled',
      messageId: 'late-z',
      at: new Date().toISOString(),
      properties: { by: 'signal' },
    },
  ]);
  await waitUntil(
    async () => (await readLog(system, winner)).some((e) => e.messageId === 'late-z'),
    'the late event',
  );
  await waitUntil(async () => (await statusOf(loser)) === 'COMPLETED', 'the second run to end');
  const late = (await readLog(system, winner)).filter((e) => e.messageId === 'late-z');
  expect(late).toMatchObject([{ origin: loser, properties: { by: 'signal' } }]);
  expect((await readLog(system, loser)).some((e) => e.messageId === 'late-z')).toBe(false);
  expect(await system.db.db.sql`select 1 from wakes where customer_id = ${loser}`).toHaveLength(0);
});

test('correctness 16: after an unmerge both workflows continue, each with its own events', async () => {
  await system.accept({ name: 'Page Viewed', anonymousId: 'y' }, { name: 'Page Viewed', userId: 'y' });
  const [loser, winner] = [
    await readCustomerId(system, 'anon', 'y'),
    await readCustomerId(system, 'user', 'y'),
  ];
  await merge(loser, winner);
  await system.waitUntilSettled(winner);
  const unmerged = await unmergeCustomers(createIntake(system), { ...why, loser });
  if (!unmerged.ok) throw new Error(unmerged.message);
  const heir = unmerged.customerId;
  const order = (id: string) => ({
    name: 'Order Completed',
    context: { traits: { email: `${id}@example.com` } },
    properties: { order_id: id, total: 5 },
  });
  await system.accept({ ...order('y-heir'), anonymousId: 'y' }, { ...order('y-user'), userId: 'y' });
  await system.waitUntilSettled(heir);
  await system.waitUntilSettled(winner);
  for (const id of [heir, winner]) expect(await findSentActions(system, id)).toContain('order-confirmation');
});

test('correctness 15, I1, I2: confirms each order once when orders arrive on both sides of a running merge', async () => {
  for (let round = 0; round < 3; round++) {
    const id = `storm-${round}`;
    const order = (n: number) => ({
      name: 'Order Completed',
      context: { traits: { email: `${id}@example.com` } },
      properties: { order_id: `${id}-${n}`, total: n + 1 },
    });
    await system.accept({ ...order(0), anonymousId: id }, { ...order(1), userId: id });
    const [loser, winner] = [
      await readCustomerId(system, 'anon', id),
      await readCustomerId(system, 'user', id),
    ];
    const pause = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
    const side = (n: number) => (n % 2 === 0 ? { anonymousId: id } : { userId: id });
    await Promise.all([
      pause().then(() => merge(loser, winner)),
      ...Array.from({ length: 22 }, (_, n) =>
        pause().then(() => system.accept({ ...order(n + 2), ...side(n) })),
      ),
    ]);
    await system.waitUntilSettled(winner);
    const rows = await system.db.db.sql`
      select key, state from deliveries
      where action = 'order-confirmation' and customer_id = any(${[winner, loser]}) order by key`;
    const keys = rows.filter((row) => row.state === 'sent').map((row) => row.key);
    expect(keys).toEqual(Array.from({ length: 24 }, (_, n) => `${id}-${n}`).sort());
    const mails = system.mailbox.messages().filter((mail) => mail.subject?.startsWith(`Your order ${id}-`));
    expect(mails).toHaveLength(24);
  }
});
