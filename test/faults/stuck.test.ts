import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { queryWorkflow } from '../../src/api/customers/query-workflow.ts';
import { startRelay } from '../../src/service/relay.ts';
import type { RunningRole } from '../../src/service/service.ts';
import { startWorker } from '../../src/service/worker.ts';
import { PAYLOAD_CONVERTER } from '../../src/temporal/connection.ts';
import { findStuckRun } from '../../src/temporal/stuck-run.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import {
  findSentActions,
  startTestSystem,
  type TestSystem,
  WORKSPACE,
  waitUntil,
} from '../support/system.ts';

let system: TestSystem;
let otherBuild: { codePath: string };
let failingBuild: { codePath: string };
beforeAll(async () => {
  otherBuild = await bundle(new URL('./other-build/index.ts', import.meta.url));
  failingBuild = await bundle(new URL('./failing-build/index.ts', import.meta.url));
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
}, 60_000);
afterAll(() => system?.stop());

/** Bundles the workflow code of another build. */
async function bundle(workflows: URL): Promise<{ codePath: string }> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(workflows),
    payloadConverterPath: PAYLOAD_CONVERTER,
    logger: new DefaultLogger('ERROR'),
  });
  const codePath = path.join(mkdtempSync(path.join(tmpdir(), 'build-')), 'bundle.js');
  writeFileSync(codePath, code);
  return { codePath };
}

const order = (userId: string, n: number) => ({
  name: 'Order Completed',
  userId,
  context: { traits: { email: `${userId}@example.com` } },
  properties: { order_id: `o-${n}`, total: 10 },
});

let relay: RunningRole;
beforeEach(async () => {
  relay = await startRelay(system.service, { schedules: false });
});
afterEach(() => relay.stop());

/** A customer whose journey was begun by the other build, which is stopped then. */
async function beginByOtherBuild(userId: string): Promise<string> {
  const worker = await startWorker(system.service, { workflowBundle: otherBuild });
  await system.accept(order(userId, 1));
  const customer = await system.findCustomerId(userId);
  await waitUntil(async () => (await readOrdinal(customer)) === 1, 'the decision of the other build');
  await worker.stop();
  return customer;
}

async function readOrdinal(customer: string): Promise<number> {
  const [row] = await system.db.db.sql`select ordinal from journeys where customer_id = ${customer}`;
  return row?.ordinal ?? 0;
}

const live = (customer: string) =>
  queryWorkflow(
    { db: system.db.db, journeys: system.service.journeys, log: system.service.log },
    { workspace: WORKSPACE, customerId: customer },
  );

test('I4, I1: a journey whose history does not fit the code is ended and started again, and loses nothing', async () => {
  const customer = await beginByOtherBuild('stuck');
  const handle = system.getWorkflowHandle(customer);
  const { runId } = await handle.describe();
  const worker = await system.startWorker();
  const healed = Date.now();
  const direct = { name: 'Ticket Opened', properties: { ticket_id: 'T1' } };
  await handle.signal('events', { events: [direct, { ...direct, messageId: 'direct' }, null] } as never);
  await system.accept(order('stuck', 2));
  await waitUntil(
    async () => (await findSentActions(system, customer)).length >= 3,
    'two confirmations and the help',
    30_000,
  );
  expect(Date.now() - healed).toBeLessThan(30_000);
  await system.waitUntilSettled(customer);
  expect(await handle.describe()).not.toMatchObject({ runId });
  const ended = await system.client.workflow.getHandle(handle.workflowId, runId).describe();
  expect(ended.status.name).toBe('TERMINATED');
  const logged = await system.db.db.sql`
    select message_id as id from events where customer_id = ${customer} and source = 'signal' order by seq`;
  expect(logged).toHaveLength(2);
  const [refused] = await system.db.db.sql`select code from rejected where source = 'signal'`;
  expect(refused?.code).toBe('not_an_object');
  await waitUntil(
    async () => (await live(customer))?.ordinal === (await readOrdinal(customer)),
    'workflow and row to stand at one ordinal',
  );
  await system.replayHistories(customer);
  await worker.stop();
}, 90_000);

test('I4: a journey that cannot be replayed and has nothing to do answers again within 30 s of a query', async () => {
  const customer = await beginByOtherBuild('silent');
  const worker = await system.startWorker();
  expect(await live(customer)).toBe(null);
  await waitUntil(
    async () => (await live(customer))?.ordinal === (await readOrdinal(customer)),
    'an answer',
    30_000,
  );
  await worker.stop();
}, 90_000);

test('I4: a direct event to a journey that cannot be replayed is in the log within 30 s, with nothing else to do', async () => {
  const customer = await beginByOtherBuild('signalled');
  const worker = await system.startWorker();
  const direct = { name: 'Ticket Opened', properties: { ticket_id: 'T2' } };
  await system.getWorkflowHandle(customer).signal('events', { events: [direct] } as never);
  await waitUntil(
    async () => {
      const rows = await system.db.db.sql`
        select 1 from events where customer_id = ${customer} and source = 'signal'`;
      return rows.length === 1;
    },
    'the event in the log',
    30_000,
  );
  await worker.stop();
}, 90_000);

test('I4: a terminated journey answers again after a query found it missing', async () => {
  const worker = await system.startWorker();
  await system.accept(order('ended', 1));
  const customer = await system.findCustomerId('ended');
  await system.waitUntilSettled(customer);
  await system.getWorkflowHandle(customer).terminate('an operator');
  expect(await live(customer)).toBe(null);
  await waitUntil(
    async () => (await live(customer))?.ordinal === (await readOrdinal(customer)),
    'an answer',
    10_000,
  );
  await worker.stop();
}, 60_000);

test('I4: a journey whose tasks a defect failed moves within 30 s of the deployment that mends it', async () => {
  const defective = await startWorker(system.service, { workflowBundle: failingBuild });
  await system.accept(order('defect', 1));
  const customer = await system.findCustomerId('defect');
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  await defective.stop();
  const mended = Date.now();
  const worker = await system.startWorker();
  await waitUntil(
    async () => (await findSentActions(system, customer)).length === 1,
    'the confirmation',
    40_000,
  );
  expect(Date.now() - mended).toBeLessThan(30_000);
  await worker.stop();
}, 90_000);

test('a workflow task that has failed four times is stuck, whatever the cause; a younger one may pass', async () => {
  const describe = (attempt: number) => ({
    workflowExecutionInfo: { execution: { runId: 'run' } },
    pendingWorkflowTask: { attempt },
  });
  const client = {
    options: { namespace: 'default' },
    workflowService: { getWorkflowExecutionHistoryReverse: async () => ({ history: { events: [] } }) },
  };
  const find = (attempt: number) => findStuckRun(client as never, 'workflow', describe(attempt) as never);
  expect(await find(4)).toBe(null);
  expect(await find(5)).toEqual({ runId: 'run', reason: 'its workflow task has failed 4 times' });
});
