import { afterAll, beforeAll, expect, test } from 'vitest';
import { treatEveryCustomer } from '../support/bundles.ts';
import { type ChildProcessHandle, startChildProcess } from '../support/child-process.ts';
import { type ResendPeer, startResend } from '../support/peers/resend.ts';
import { buildProduct } from '../support/product.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

let system: TestSystem;
let resend: ResendPeer;
const children: ChildProcessHandle[] = [];

beforeAll(async () => {
  resend = await startResend();
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(async () => {
  for (const child of children) await child.kill();
  await system?.stop();
  await resend?.stop();
});

async function start(script: string, env: Record<string, string>, args: string[] = []) {
  const child = await startChildProcess(
    system,
    script,
    {
      CHANNELS: JSON.stringify({ email: { kind: 'resend', apiKey: resend.apiKey, url: resend.url } }),
      OUTBOUND_ALLOW: '127.0.0.1',
      ...env,
    },
    args,
  );
  children.push(child);
  return child;
}

async function states(customers: string[]): Promise<string[]> {
  const rows = await system.db.db.sql`
    select customer_id as id, state from deliveries where customer_id = any(${customers})`;
  return customers.flatMap((customer) => rows.filter(({ id }) => id === customer).map((r) => r.state));
}

test('fault 1, I2: a worker killed around the call of a provider that recognises repeats costs no message and doubles none', async () => {
  const users = ['before', 'during', 'after'];
  // The provider has sent this mail, and its answer never comes.
  resend.mishaps.push({ kind: 'hang', taken: true, to: 'during@example.com' });
  await start(buildProduct(), {}, ['serve', 'relay']);
  const receipts = await Promise.all(
    users.map((userId) =>
      system.accept({
        name: 'Order Completed',
        userId,
        context: { traits: { email: `${userId}@example.com` } },
        properties: { order_id: `o-${userId}`, total: 10 },
      }),
    ),
  );
  const customers = receipts.map(([receipt]) => receipt?.customerId as string);
  const [before, , after] = customers.map((customer) => customer.replace('cus_', '')) as [
    string,
    string,
    string,
  ];
  const FAILPOINTS = JSON.stringify({ [before]: 'claimed', [after]: 'sent' });
  const victim = await start('test/support/failpoint-worker.ts', { FAILPOINTS });
  await waitUntil(
    async () =>
      victim.lines.filter((line) => line.startsWith('reached')).length === 2 && resend.requests.length === 2,
    'all three deliveries to stand at their points',
    30_000,
  );
  await victim.kill();
  expect(await states(customers)).toEqual(['sending', 'sending', 'sending']);
  expect(resend.mails.map(({ to: [to] }) => to).sort()).toEqual(['after@example.com', 'during@example.com']);

  // What the customer changes meanwhile must not change what is repeated.
  for (const userId of users)
    await system.accept({ type: 'identify', name: 'Customer Identified', userId, traits: { locale: 'de' } });
  await start('test/support/failpoint-worker.ts', {});
  await waitUntil(
    async () => (await states(customers)).every((state) => state === 'sent'),
    'all three deliveries to be sent',
    90_000,
  );
  expect(resend.mails.map(({ to: [to] }) => to).sort()).toEqual([
    'after@example.com',
    'before@example.com',
    'during@example.com',
  ]);
  const ids = new Map(resend.mails.map(({ id, key }) => [key, id]));
  const rows = await system.db.db.sql`
    select id, provider_id as "providerId" from deliveries where customer_id = any(${customers})`;
  for (const { id, providerId } of rows) expect(providerId).toBe(ids.get(id));
  for (const customer of customers) await system.waitUntilSettled(customer);
}, 180_000);
