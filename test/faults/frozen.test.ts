import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRelay } from '../../src/service/relay.ts';
import type { RunningRole } from '../../src/service/service.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { type ChildProcessHandle, startChildProcess } from '../support/child-process.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

const CUSTOMERS = 20;
/** Longer than a workflow task may take, so that tasks time out while their worker holds them. */
const FREEZE_MS = 13_000;

let system: TestSystem;
let relay: RunningRole;
const workers: ChildProcessHandle[] = [];
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
  relay = await startRelay(system.service, { schedules: false });
});
afterAll(async () => {
  for (const worker of workers) await worker.kill();
  await relay?.stop();
  await system?.stop();
});

async function startWorkerProcess(): Promise<ChildProcessHandle> {
  const worker = await startChildProcess(system, 'test/support/failpoint-worker.ts');
  workers.push(worker);
  await waitUntil(async () => worker.lines.includes('polling'), 'the worker to poll', 30_000);
  return worker;
}

const users = Array.from({ length: CUSTOMERS }, (_, n) => `frozen-${n}`);
let orders = 0;

/** Every customer orders once. */
async function orderAll(): Promise<void> {
  const number = ++orders;
  const order = (userId: string) => ({
    name: 'Order Completed',
    userId,
    context: { traits: { email: `${userId}@example.com` } },
    properties: { order_id: `o-${userId}-${number}`, total: 10 },
  });
  for (const user of users) await system.accept(order(user));
}

async function countConfirmed(): Promise<number> {
  const [row] = await system.db.db.sql`
    select count(*)::int as n from deliveries where action = 'order-confirmation' and state in ('sent', 'unknown')`;
  return row?.n;
}

test('I4, I2: every journey moves within 30 s after its worker was frozen, and after that worker’s restart', async () => {
  const frozen = await startWorkerProcess();
  await orderAll();
  await waitUntil(async () => (await countConfirmed()) === CUSTOMERS, 'the first confirmations', 30_000);
  void (async () => {
    await sleep(150);
    frozen.freeze();
  })();
  const until = Date.now() + FREEZE_MS;
  while (Date.now() < until) {
    await orderAll();
    await sleep(1_000);
  }
  frozen.thaw();
  await waitUntil(
    async () => (await countConfirmed()) === CUSTOMERS * orders,
    'what came while it was frozen',
    30_000,
  );
  // What a cached journey survives must fit its history, too.
  await frozen.kill();
  await startWorkerProcess();
  await orderAll();
  await waitUntil(
    async () => (await countConfirmed()) === CUSTOMERS * orders,
    'what came after the restart',
    30_000,
  );

  const answers = await Promise.all(
    users.map(async (user) => {
      const customerId = await system.findCustomerId(user);
      await system.waitUntilSettled(customerId);
      return system.service.journeys.query({ workspace: WORKSPACE, customerId });
    }),
  );
  expect(answers.filter((answer) => answer === null)).toEqual([]);
  const ids = system.mailbox.messages().map((message) => message.headers['message-id']);
  expect(new Set(ids).size).toBe(ids.length);
}, 180_000);
