import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { type RunningTemporal, startTemporalServer } from '../../src/dev/temporal/start.ts';
import { startRelay } from '../../src/service/relay.ts';
import type { RunningRole } from '../../src/service/service.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { buildMachineOrder } from '../support/machine-order.ts';
import { listRequiredSchedules } from '../support/required-schedules.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'throughline-wiped-'));
const HEALED_MS = 30_000;
let temporal: RunningTemporal;
let system: TestSystem;
let relay: RunningRole;

/** Everything is in memory: a server that is started again knows nothing. */
const startServer = () =>
  startTemporalServer({ dir, persist: false, log: () => {}, env: { PATH: process.env.PATH } });

beforeAll(async () => {
  temporal = await startServer();
  system = await startTestSystem({
    files: treatEveryCustomer,
    relay: false,
    temporalAddress: temporal.address,
  });
  relay = await startRelay(system.service);
}, 120_000);
afterAll(async () => {
  await relay?.stop();
  await system?.stop();
  await temporal?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function isAnswering(customerId: string): Promise<boolean> {
  const answer = await system.service.journeys.query({ workspace: WORKSPACE, customerId }).catch(() => null);
  const [row] = await system.db.db.sql`select ordinal from journeys where customer_id = ${customerId}`;
  return answer !== null && answer.ordinal === row?.ordinal;
}

async function readRunId(customer: string): Promise<string | null> {
  const description = await system
    .getWorkflowHandle(customer)
    .describe()
    .catch(() => null);
  return description?.runId ?? null;
}

async function openCustomers(prefix: string): Promise<string[]> {
  const users = Array.from({ length: 8 }, (_, n) => `${prefix}-${n}`);
  for (const userId of users) await system.accept(buildMachineOrder(userId));
  const customers = await Promise.all(users.map((user) => system.findCustomerId(user)));
  for (const customer of customers) await system.waitUntilSettled(customer);
  return customers;
}

const listSchedules = async () => (await system.service.sweeps.listSchedules().catch(() => [])).sort();

/** A call that is under way while the connection is renewed is cancelled. */
const hasSchedule = (name: string) => system.service.sweeps.hasSchedule(name).catch(() => false);

async function waitForSchedules(): Promise<string[]> {
  const required = await listRequiredSchedules(system);
  await waitUntil(async () => (await listSchedules()).join() === required.join(), 'the schedules');
  return required;
}

/** Waits until everything is there again. */
async function expectHealed(customers: string[], schedules: string[], healed: number): Promise<void> {
  const until = healed + HEALED_MS;
  for (const customer of customers)
    await waitUntil(() => isAnswering(customer), `${customer} to answer`, until - Date.now());
  await waitUntil(
    async () => (await listSchedules()).join() === schedules.join(),
    'the schedules',
    until - Date.now(),
  );
}

test('I4: when Temporal’s store is wiped while all roles run, journeys and schedules come back by themselves', async () => {
  const customers = await openCustomers('wiped');
  const schedules = await waitForSchedules();
  await temporal.stop();
  temporal = await startServer();
  await expectHealed(customers, schedules, Date.now());
}, 180_000);

test('I4: when the namespace is deleted and made again while all roles run, they come back, too', async () => {
  const customers = await openCustomers('recreated');
  const schedules = await waitForSchedules();
  const runs = await Promise.all(customers.map(readRunId));
  const { workflowService, connection } = system.client;
  await connection.operatorService.deleteNamespace({ namespace: 'default' });
  const isMade = () =>
    workflowService
      .registerNamespace({
        namespace: 'default',
        workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
      })
      .then(
        () => true,
        () => false,
      );
  await waitUntil(isMade, 'the namespace', 60_000);
  const made = Date.now();
  // Servers may know the deleted one for some seconds.
  for (const [n, customer] of customers.entries())
    await waitUntil(
      async () => ![null, runs[n]].includes(await readRunId(customer)),
      `a new run of ${customer}`,
      made + HEALED_MS - Date.now(),
    );
  await expectHealed(customers, schedules, made);
}, 180_000);

test('schedules that are deleted by hand are back within 30 s', async () => {
  const schedules = await waitForSchedules();
  const { config } = system.service;
  for (const name of schedules)
    await system.client.schedule.getHandle(`${config.taskQueue}/${name}`).delete();
  const deleted = Date.now();
  for (const name of schedules)
    await waitUntil(() => hasSchedule(name), name, deleted + HEALED_MS - Date.now());
}, 60_000);
