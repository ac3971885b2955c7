import { afterAll, beforeAll, expect, test } from 'vitest';
import { treatEveryCustomer } from '../support/bundles.ts';
import { type ChildProcessHandle, startChildProcess } from '../support/child-process.ts';
import { buildProduct } from '../support/product.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

const stalled: string[] = [];
let system: TestSystem;
const children: ChildProcessHandle[] = [];

beforeAll(async () => {
  system = await startTestSystem({
    files: treatEveryCustomer,
    worker: false,
    relay: false,
    mailbox: {
      // For one customer the provider has the message and doesn't answer.
      async onData(message) {
        if (!message.to.includes('during@example.com')) return;
        stalled.push(message.subject);
        await new Promise(() => {});
      },
    },
  });
});
afterAll(async () => {
  for (const child of children) await child.kill();
  await system?.stop();
});

async function start(
  script: string,
  env: Record<string, string> = {},
  args: string[] = [],
): Promise<ChildProcessHandle> {
  const child = await startChildProcess(system, script, env, args);
  children.push(child);
  return child;
}

const order = (userId: string, n: number) => ({
  name: 'Order Completed',
  userId,
  context: { traits: { email: `${userId}@example.com` } },
  properties: { order_id: `o-${n}`, total: 10 },
});

async function states(customer: string): Promise<string[]> {
  const rows = await system.db.db
    .sql`select state from deliveries where customer_id = ${customer} order by created_at, id`;
  return rows.map((row) => row.state);
}

test('fault 1, I1, I2: sends nothing twice and reports unknown ends when the worker is killed around the provider’s call', async () => {
  const users = ['before', 'during', 'after'];
  await start(buildProduct(), {}, ['serve', 'relay']);
  const receipts = await Promise.all(users.map((user) => system.accept(order(user, 1))));
  const [before, during, after] = receipts.map(([receipt]) => receipt?.customerId as string) as [
    string,
    string,
    string,
  ];
  const hex = (customer: string) => customer.replace('cus_', '');

  const FAILPOINTS = JSON.stringify({ [hex(before)]: 'claimed', [hex(after)]: 'sent' });
  const victim = await start('test/support/failpoint-worker.ts', { FAILPOINTS });
  await waitUntil(
    async () => victim.lines.filter((l) => l.startsWith('reached')).length === 2 && stalled.length === 1,
    'all three deliveries to stand at their points',
    30_000,
  );
  await victim.kill();
  expect(await Promise.all([before, during, after].map(states))).toEqual([
    ['sending'],
    ['sending'],
    ['sending'],
  ]);

  // Events that are accepted while no worker runs are not lost.
  for (const user of ['before', 'after']) await system.accept(order(user, 2));
  await start('test/support/failpoint-worker.ts');
  await waitUntil(
    async () => {
      const all = await Promise.all([before, during, after].map(states));
      return JSON.stringify(all) === JSON.stringify([['unknown', 'sent'], ['unknown'], ['unknown', 'sent']]);
    },
    'the killed attempts to end as unknown and the later orders to be confirmed',
    70_000,
  );

  const mails = system.mailbox.messages();
  const countOf = (user: string, n: number) =>
    mails.filter((m) => m.to.includes(`${user}@example.com`) && (m.text ?? '').includes(`o-${n}`)).length;
  expect([countOf('before', 1), countOf('after', 1)]).toEqual([0, 1]);
  expect([countOf('before', 2), countOf('after', 2)]).toEqual([1, 1]);
  expect(stalled).toHaveLength(1);
  for (const customer of [before, during, after]) {
    await system.waitUntilSettled(customer);
    const [row] = await system.db.db.sql`
      select j.processed_seq = c.seq as taken, j.state from journeys j join customers c on c.id = j.customer_id
      where c.id = ${customer}`;
    expect(row?.taken).toBe(true);
    expect(row?.state.enrollments).toEqual([]);
  }
}, 150_000);

test('fault 3: processes every accepted event when relays are killed again and again', async () => {
  const users = Array.from({ length: 12 }, (_, i) => `relayed-${i}`);
  let relay = await start(buildProduct(), {}, ['serve', 'relay']);
  for (let round = 0; round < 3; round++) {
    for (const user of users) await system.accept(order(user, round));
    await new Promise((resolve) => setTimeout(resolve, 700));
    await relay.kill();
    relay = await start(buildProduct(), {}, ['serve', 'relay']);
  }
  await waitUntil(
    async () => {
      const [row] = await system.db.db.sql`
        select count(*)::int as n from deliveries d join identities i using (customer_id)
        where i.value like 'relayed-%' and i.type = 'user' and d.state = 'sent'`;
      return row?.n === 36;
    },
    'thirty-six confirmations',
    40_000,
  );
}, 90_000);
