import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { afterRestoreCommand } from '../../src/cli/after-restore.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { DAY, MINUTE } from '../../src/domain/time/time.ts';
import { startRelay } from '../../src/service/relay.ts';
import type { RunningRole } from '../../src/service/service.ts';
import type { LiveState } from '../../src/workflows/messages.ts';
import { createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { backUp } from '../support/backup.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

let system: TestSystem;
let roles: RunningRole[] = [];
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterEach(stopRoles);
afterAll(() => system?.stop());

async function startRoles(): Promise<void> {
  roles = [await system.startWorker(), await startRelay(system.service, { schedules: false })];
}

async function stopRoles(): Promise<void> {
  for (const role of roles.splice(0).reverse()) await role.stop();
}

/** Runs `throughline after-restore`. Returns what it prints. */
async function afterRestore(): Promise<string> {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('DATABASE_URL', system.db.url);
  try {
    await afterRestoreCommand();
    return print.mock.calls.flat().join('\n');
  } finally {
    print.mockRestore();
    vi.unstubAllEnvs();
  }
}

const order = (userId: string, n = 1) => ({
  name: 'Order Completed',
  userId,
  context: {
    consent: { categoryPreferences: { marketing: true } },
    traits: { email: `${userId}@example.com` },
  },
  properties: { order_id: `o-${userId}-${n}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
});

async function readJourney(customer: string) {
  const [row] = await system.db.db.sql`
    select j.ordinal, j.state, w.checks_requested > w.checks_done as checking from journeys j
    join wakes w using (customer_id) where customer_id = ${customer}`;
  return row as {
    ordinal: number;
    state: { enrollments: { step: string; status: { kind: string } }[] };
    checking: boolean;
  };
}

async function readLiveOrdinal(customer: string): Promise<number> {
  return ((await system.getWorkflowHandle(customer).query('state')) as LiveState).ordinal;
}

/** Deliveries that have ended as unknown and that an enrollment still waits for. */
async function findStranded(customer: string): Promise<string[]> {
  const rows = await system.db.db.sql`
    select d.id from journeys j, jsonb_path_query(j.state, '$.enrollments[*].status.deliveries[*]') named
    join deliveries d on d.id = named #>> '{}'
    where j.customer_id = ${customer} and d.state = 'unknown'`;
  return rows.map((row) => row.id);
}

test('I4: after a restore, journeys move on from deliveries that were planned, held or sending, without a new event', async () => {
  const stalling = fakeChannel(() => new Promise<never>(() => {}));
  const sending = fakeChannel(() => ({ state: 'sent' as const, providerId: '' }));
  const calls = createActivityCalls(system, sending);
  const [planned, held, begun] = (await Promise.all(
    ['planned', 'held', 'begun'].map(async (userId) => {
      await system.accept(order(userId));
      return system.findCustomerId(userId);
    }),
  )) as [string, string, string];
  await calls.planDelivery(planned);
  void createActivityCalls(system, stalling).deliver(begun, await calls.planDelivery(begun));
  await calls.deliver(held, await calls.planDelivery(held));
  await calls.decide(held, 2);
  const answer = (await calls.decide(held, 3, Date.now() + DAY + MINUTE)) as ProgressAnswer;
  await system.accept({ name: 'Ticket Opened', userId: 'held', properties: { ticket_id: 'T1' } });
  const tip = answer.effects.find((effect) => effect.class === 'marketing');
  await calls.deliver(held, tip?.id as string, Date.now() + DAY + 2 * MINUTE);
  const states = () => system.db.db.sql`
    select customer_id as customer, state from deliveries where state <> 'sent' order by customer_id, id`;
  await waitUntil(async () => (await states()).some((row) => row.state === 'sending'), 'the claim');
  const before = Object.fromEntries((await states()).map((row) => [row.customer, row.state]));
  expect(before).toEqual({ [planned]: 'planned', [held]: 'held', [begun]: 'sending' });

  for (const customer of [planned, held, begun]) expect(await findStranded(customer)).toEqual([]);
  expect(await afterRestore()).toContain('raised the epoch of 3 customer journeys');
  expect(new Set((await states()).map((row) => row.state))).toEqual(new Set(['unknown']));
  for (const customer of [planned, held, begun]) expect(await findStranded(customer)).toHaveLength(1);
  await startRoles();
  for (const customer of [planned, held, begun])
    await waitUntil(
      async () => (await findStranded(customer)).length === 0 && !(await readJourney(customer)).checking,
      `the journey of ${customer} to move on`,
      15_000,
    );
  for (const customer of [planned, held, begun])
    expect(await readLiveOrdinal(customer)).toBe((await readJourney(customer)).ordinal);
});

test('I5: after a restore, workflows that know a lost future return to the progress in Postgres', async () => {
  const users = ['ahead', 'further', 'idle'];
  await startRoles();
  await system.accept(...users.map((user) => order(user)));
  const customers = await Promise.all(users.map((user) => system.findCustomerId(user)));
  for (const customer of customers) await system.waitUntilSettled(customer);
  await stopRoles();
  const backup = await backUp(system.db.db.sql);
  await startRoles();
  for (const n of [2, 3, 4]) {
    await system.accept(order('ahead', n), ...(n > 3 ? [] : [order('further', n)]));
    for (const customer of customers) await system.waitUntilSettled(customer);
  }
  const [ahead] = customers as [string];
  await waitUntil(
    async () => (await readLiveOrdinal(ahead)) === (await readJourney(ahead)).ordinal,
    'it to settle',
  );
  const future = await readLiveOrdinal(ahead);
  await stopRoles();
  await backup.restore();
  expect((await readJourney(ahead)).ordinal).toBeLessThan(future);

  await afterRestore();
  await startRoles();
  for (const customer of customers)
    await waitUntil(
      async () => (await readLiveOrdinal(customer)) === (await readJourney(customer)).ordinal,
      `${customer} to know the same ordinal`,
      15_000,
    );
  expect(await readLiveOrdinal(ahead)).toBeLessThan(future);
});
