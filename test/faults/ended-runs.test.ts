import proto from '@temporalio/proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readReconciliations } from '../../db/maintenance/reconciliations.ts';
import { startRelay } from '../../src/service/relay.ts';
import type { RunningRole } from '../../src/service/service.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

const HEALED_MS = 30_000;
const { ResetReapplyExcludeType } = proto.temporal.api.enums.v1;

let system: TestSystem;
let relay: RunningRole;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
  relay = await startRelay(system.service, { schedules: false });
});
afterAll(async () => {
  await relay?.stop();
  await system?.stop();
});

const order = (userId: string, n: number) =>
  system.accept({
    name: 'Order Completed',
    userId,
    context: { traits: { email: `${userId}@example.com` } },
    properties: { order_id: `o-${userId}-${n}`, total: 10 },
  });

const terminate = (customer: string) => system.getWorkflowHandle(customer).terminate('an operator');

/** Goes back to the first workflow task without what was signalled since. */
async function reset(customer: string): Promise<void> {
  const { workflowId } = system.getWorkflowHandle(customer);
  await system.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    reason: 'an operator',
    requestId: `reset ${customer}`,
    workflowTaskFinishEventId: 4 as never,
    resetReapplyExcludeTypes: [ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL],
  });
}

/** What operators do to a run, by the name of the customer. */
const ENDINGS: Record<string, (customer: string) => Promise<unknown>> = {
  terminated: terminate,
  'terminated and started again': async (customer) => {
    await terminate(customer);
    await order('terminated and started again', 2);
  },
  reset,
  cancelled: (customer) => system.getWorkflowHandle(customer).cancel(),
};

async function count(customer: string) {
  const [row] = await system.db.db.sql`
    select (select count(*)::int from events where customer_id = ${customer} and source = 'signal') as logged,
      (select count(*)::int from rejected where source = 'signal' and body like ${`%${customer}%`}) as refused`;
  return row as { logged: number; refused: number };
}

async function readSignalPasses() {
  const rows = await readReconciliations(system.db.db.sql);
  return rows.find(({ kind }) => kind === 'signals') ?? { passes: 0, repaired: {} as Record<string, number> };
}

test('I1: what runs have received by signal alone is in the log within 30 s of their end, once', async () => {
  const worker = await system.startWorker();
  const customers = new Map<string, string>();
  for (const userId of Object.keys(ENDINGS)) {
    await order(userId, 1);
    customers.set(userId, await system.findCustomerId(userId));
  }
  for (const customer of customers.values()) await system.waitUntilSettled(customer);
  await worker.stop();

  for (const customer of customers.values()) {
    const viewed = { name: 'Product Viewed', properties: { product_id: 'p-1' } };
    const events = [viewed, viewed, { ...viewed, messageId: `direct ${customer}` }, [customer]];
    await system.getWorkflowHandle(customer).signal('events', { events } as never);
  }
  for (const [userId, end] of Object.entries(ENDINGS)) await end(customers.get(userId) as string);
  const ended = Date.now();
  await system.startWorker();
  for (const [userId, customer] of customers)
    await waitUntil(
      async () => JSON.stringify(await count(customer)) === JSON.stringify({ logged: 3, refused: 1 }),
      `the signals of the run that was ${userId}`,
      ended + HEALED_MS - Date.now(),
    );
  const { passes, repaired } = await readSignalPasses();
  expect(repaired.taken).toBe(12);

  await waitUntil(async () => (await readSignalPasses()).passes >= passes + 2, 'two more passes', 40_000);
  for (const customer of customers.values()) {
    await system.waitUntilSettled(customer);
    expect(await count(customer)).toEqual({ logged: 3, refused: 1 });
  }
  expect((await readSignalPasses()).repaired.taken).toBe(12);
}, 120_000);
