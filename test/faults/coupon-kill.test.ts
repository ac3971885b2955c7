import { afterAll, beforeAll, expect, test } from 'vitest';
import { treatEveryCustomer } from '../support/bundles.ts';
import { type ChildProcessHandle, startChildProcess } from '../support/child-process.ts';
import { buildProduct } from '../support/product.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

let system: TestSystem;
const children: ChildProcessHandle[] = [];
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
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

const CODE = /\b[0-9A-HJKMNP-TV-Z]{12}\b/;

test('D-9: a worker killed after issuing a coupon leaves one coupon, one event, and one code in every message', async () => {
  const { sql } = system.db.db;
  await start(buildProduct(), {}, ['serve', 'relay']);
  const customers: { id: string; userId: string }[] = [];
  for (const userId of ['kim', 'lee']) {
    const context = { traits: { email: `${userId}@example.com`, phone: `+4930000000${customers.length}` } };
    const properties = { ticket_id: `T-${userId}`, order_id: `o-${userId}` };
    const [receipt] = await system.accept({ name: 'Ticket Opened', userId, context, properties });
    customers.push({ id: receipt?.customerId as string, userId });
  }
  // The decision has committed, and the worker is killed before it can do much more.
  const env = { CHANNELS: JSON.stringify(system.service.config.channels) };
  for (const { id, userId } of customers) {
    const worker = await start('test/support/failpoint-worker.ts', env);
    const properties = { ticket_id: `T-${userId}`, order_id: `o-${userId}`, fault: 'ours' };
    await system.accept({ name: 'Ticket Closed', userId, properties });
    const issued = async () => (await sql`select 1 from coupons where customer_id = ${id}`).length > 0;
    await waitUntil(issued, `${userId}'s coupon`, 60_000);
    await worker.kill();
  }
  await start('test/support/failpoint-worker.ts', env);
  const ended = async () => {
    const left = await sql`
      select 1 from deliveries where action = 'coupon-20' and state not in ('sent', 'unknown', 'cancelled')`;
    const [untaken] = await sql`select count(*)::int as n from wakes where requested_seq > processed_seq`;
    return left.length === 0 && untaken?.n === 0;
  };
  await waitUntil(ended, 'all gifts to end', 100_000);
  const codesInMails = system.mailbox.messages().flatMap(({ text }) => CODE.exec(text)?.[0] ?? []);
  for (const { id } of customers) {
    const coupons = await sql`select id, code from coupons where customer_id = ${id}`;
    expect(coupons).toHaveLength(1);
    const deliveries = await sql`
      select coupon_id, channel from deliveries where customer_id = ${id} and action = 'coupon-20' and state <> 'cancelled'`;
    expect(deliveries.map((d) => d.channel).sort()).toEqual(['email', 'sms']);
    expect(new Set(deliveries.map((d) => d.coupon_id))).toEqual(new Set([coupons[0]?.id]));
    const events = await sql`select 1 from events where customer_id = ${id} and name = 'Coupon Issued'`;
    expect(events).toHaveLength(1);
    // Each message at most once, all with the same code.
    expect(codesInMails.filter((code) => code === coupons[0]?.code).length).toBeLessThanOrEqual(2);
  }
  const codes = await sql`select code from coupons`;
  expect(new Set(codesInMails).size).toBeLessThanOrEqual(codes.length);
  expect(codesInMails.every((sent) => codes.some(({ code }) => code === sent))).toBe(true);
}, 300_000);
