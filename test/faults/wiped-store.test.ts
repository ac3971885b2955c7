import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { type RunningTemporal, startTemporalServer } from '../../src/dev/temporal/start.ts';
import { startRelay } from '../../src/service/relay.ts';
import type { RunningRole } from '../../src/service/service.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
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

test('I4: when Temporal’s store is wiped while all roles run, journeys and schedules come back by themselves', async () => {
  const users = Array.from({ length: 8 }, (_, n) => `wiped-${n}`);
  for (const userId of users)
    await system.accept({
      name: 'Order Completed',
      userId,
      context: {
        consent: { categoryPreferences: { marketing: true } },
        traits: { email: `${userId}@example.com` },
      },
      properties: { order_id: `o-${userId}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
    });
  const customers = await Promise.all(users.map((user) => system.findCustomerId(user)));
  for (const customer of customers) await system.waitUntilSettled(customer);
  const { sweeps } = system.service;
  await waitUntil(async () => (await sweeps.listSchedules()).length >= 4, 'the schedules', 30_000);
  const schedules = (await sweeps.listSchedules()).sort();

  await temporal.stop();
  temporal = await startServer();
  const healed = Date.now();
  const list = async () => (await sweeps.listSchedules().catch(() => [])).sort();
  for (const customer of customers)
    await waitUntil(() => isAnswering(customer), `${customer} to answer`, healed + HEALED_MS - Date.now());
  await waitUntil(
    async () => (await list()).join() === schedules.join(),
    'the schedules',
    healed + HEALED_MS - Date.now(),
  );
}, 180_000);
