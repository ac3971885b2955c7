import { afterAll, beforeAll, expect, test } from 'vitest';
import { readReconciliations } from '../../db/maintenance/reconciliations.ts';
import { beginSweep } from '../../db/sweeps/sweeps.ts';
import { reconcileJourneys } from '../../src/relay/reconcile-journeys.ts';
import { startRelay } from '../../src/service/relay.ts';
import type { RunningRole } from '../../src/service/service.ts';
import { createJourneyListing } from '../../src/temporal/journey-listing.ts';
import type { LiveState } from '../../src/workflows/messages.ts';
import { type BundleFile, treatEveryCustomer } from '../support/bundles.ts';
import { listRequiredSchedules } from '../support/required-schedules.ts';
import { insertCustomers } from '../support/sweep-fixtures.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

let system: TestSystem;
let relay: RunningRole;
beforeAll(async () => {
  system = await startTestSystem({ files: withSchedules, relay: false });
  relay = await startRelay(system.service);
});
afterAll(async () => {
  await relay?.stop();
  for (const name of await system.service.sweeps.listSchedules())
    await system.client.schedule.getHandle(`${system.service.config.taskQueue}/${name}`).delete();
  await system?.stop();
});

/** The example with a weekly letter. */
function withSchedules(files: BundleFile[]): BundleFile[] {
  const letter = `
id: letter
class: service
owner: care
enter: { schedule: "0 9 * * 1" }
exit: [{ after: 300d }]
steps: [{ id: rest, wait: { until: [{ after: 30d }] } }]
`;
  return [...treatEveryCustomer(files), { path: 'journeys/letter.yaml', text: letter }];
}

async function open(userId: string): Promise<string> {
  await system.accept({
    name: 'Order Completed',
    userId,
    context: { traits: { email: `${userId}@example.com` } },
    properties: { order_id: `o-${userId}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
  });
  const customer = await system.findCustomerId(userId);
  await system.waitUntilSettled(customer);
  return customer;
}

async function repairs(kind: string): Promise<Record<string, number>> {
  const rows = await readReconciliations(system.db.db.sql);
  return rows.find((row) => row.kind === kind)?.repaired ?? {};
}

async function isAnswering(customer: string): Promise<boolean> {
  const live = (await system.service.journeys.query({
    workspace: WORKSPACE,
    customerId: customer,
  })) as LiveState | null;
  const [row] = await system.db.db.sql`select ordinal from journeys where customer_id = ${customer}`;
  return live?.ordinal === row?.ordinal;
}

/** Waits until a comparison has brought it about; the pauses between the passes are skipped. */
async function waitForRepair(isDone: () => Promise<boolean>, what: string): Promise<void> {
  await waitUntil(
    async () => {
      await system.db.db.sql`
        update reconciliations set lease_until = null where lease_until > now() + interval '1 second' and (cursor = '' or kind = 'signals')`;
      return isDone();
    },
    what,
    40_000,
  );
}

/** As after some time without a change. */
const age = () => system.db.db.sql`update journeys set updated_at = now() - interval '1 minute'`;

test('I4: journeys that wait come back when Temporal has lost its store, without an event and before they are due', async () => {
  const customers = await Promise.all(['wiped-1', 'wiped-2', 'wiped-3'].map(open));
  const { workflowService } = system.client;
  for (const customer of customers) {
    const { workflowId } = system.getWorkflowHandle(customer);
    await workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId },
    });
    await waitUntil(
      async () =>
        (await system
          .getWorkflowHandle(customer)
          .describe()
          .catch(() => null)) === null,
      'the workflow to be deleted',
    );
  }
  await age();
  for (const customer of customers) await waitForRepair(() => isAnswering(customer), `${customer} to answer`);
  expect((await repairs('journeys')).missing).toBeGreaterThanOrEqual(3);
}, 90_000);

test('schedules that Temporal has lost are created again while the relay runs, and those of no bundle are dropped', async () => {
  const { sweeps, config } = system.service;
  const list = async () => (await sweeps.listSchedules()).sort();
  const expected = await listRequiredSchedules(system);
  expect(expected).toEqual(expect.arrayContaining(['entry/aroma/letter/0', 'learn/aroma', 'fit/aroma']));
  await waitUntil(async () => (await list()).join() === expected.join(), 'the schedules');
  for (const name of expected) await system.client.schedule.getHandle(`${config.taskQueue}/${name}`).delete();
  const removed = { journey: 'gone', index: 0, cron: '0 9 * * 1' };
  await sweeps.upsertSweepSchedule({ workspace: WORKSPACE, timezone: 'UTC', entry: removed });
  await waitForRepair(async () => (await list()).join() === expected.join(), 'the schedules to come back');
  expect(await repairs('schedules')).toMatchObject({ missing: expected.length, orphaned: 1 });
}, 90_000);

test('a schedule that an operator has paused stays paused', async () => {
  const handle = system.client.schedule.getHandle(`${system.service.config.taskQueue}/fit/aroma`);
  await handle.pause('an operator');
  const { missing } = await repairs('schedules');
  const [before] = await system.db.db.sql`select passes from reconciliations where kind = 'schedules'`;
  await waitForRepair(async () => {
    const [row] = await system.db.db.sql`select passes from reconciliations where kind = 'schedules'`;
    return Number(row?.passes) > Number(before?.passes);
  }, 'another pass');
  expect((await handle.describe()).state.paused).toBe(true);
  expect((await repairs('schedules')).missing).toBe(missing);
}, 60_000);

test('a sweep whose workflow was lost is continued, and an older hourly one is not', async () => {
  const { sql } = system.db.db;
  const sweep = {
    workspace: WORKSPACE,
    journey: 'letter',
    entry: 0,
    occurrence: '2026-11-23T08:00:00Z',
    version: 1,
    done: false,
  };
  const { id } = await beginSweep(sql, { ...sweep, kind: 'schedule' });
  const hourly = await beginSweep(sql, { ...sweep, kind: 'hourly', journey: null, entry: null });
  await sql`update sweeps set started_at = now() - interval '5 minutes' where id = any(${[id, hourly.id]})`;
  await waitForRepair(async () => {
    const [row] = await sql`select done_at is not null as done from sweeps where id = ${id}`;
    return row?.done;
  }, 'the sweep to be done');
  const [row] = await sql`select done_at from sweeps where id = ${hourly.id}`;
  expect(row?.done_at).toBe(null);
  expect((await repairs('sweeps')).missing).toBe(1);
}, 60_000);

test('I4: an enrollment whose delivery was ended by hand moves on', async () => {
  const { sql } = system.db.db;
  const customer = await open('by-hand');
  await sql`
    update journeys set updated_at = now() - interval '1 minute', state = jsonb_set(state, '{enrollments}',
      (select jsonb_agg(e || '{"status": {"kind": "delivering", "refusals": 0, "deliveries": ["dlv_none"]}}')
       from jsonb_array_elements(state -> 'enrollments') e))
    where customer_id = ${customer}`;
  await waitForRepair(async () => {
    const [row] =
      await sql`select state::text like '%dlv_none%' as stranded from journeys where customer_id = ${customer}`;
    return !row?.stranded;
  }, 'the enrollment to move on');
  expect((await repairs('journeys')).stranded).toBeGreaterThanOrEqual(1);
}, 60_000);

test('a workflow whose customer the database does not know completes', async () => {
  const customer = await open('of-a-lost-future');
  const { sql } = system.db.db;
  for (const table of ['journeys', 'wakes', 'deliveries'])
    await sql`delete from ${sql(table)} where customer_id = ${customer}`;
  await sql`delete from customers where id = ${customer}`;
  const handle = system.getWorkflowHandle(customer);
  await waitForRepair(async () => (await handle.describe()).status.name === 'COMPLETED', 'it to complete');
  expect((await repairs('workflows')).orphaned).toBe(1);
}, 60_000);

test('the comparison goes page by page, and pages are shared between relays', async () => {
  const { sql } = system.db.db;
  const ids = await insertCustomers(system.db.db, 450, () => ({}));
  await sql`
    insert into journeys (customer_id, workspace, epoch, state, wake_at, updated_at)
    select id, 'aroma', 1, '{"v": 2, "enrollments": []}', 9e15, now() - interval '1 hour' from unnest(${ids}::text[]) t(id)`;
  await relay.stop();
  const compared: number[] = [];
  const missing = new Set<string>();
  const listing = createJourneyListing(system.client, system.service.config.taskQueue);
  const deps = {
    ...system.service,
    listing: {
      async findMissing(owners: { workspace: string; customerId: string }[]) {
        compared.push(owners.length);
        const found = await listing.findMissing(owners);
        for (const { customerId } of found) missing.add(customerId);
        return found;
      },
    },
  };
  await sql`update reconciliations set cursor = '' where kind = 'journeys'`;
  const { passes } = (await sql`select passes from reconciliations where kind = 'journeys'`)[0] as {
    passes: number;
  };
  for (let round = 0; round < 3; round++) {
    await sql`update reconciliations set lease_until = null where kind = 'journeys'`;
    await Promise.all([reconcileJourneys(deps), reconcileJourneys(deps)]);
  }
  expect(compared).toHaveLength(3);
  expect(missing).toEqual(new Set(ids));
  const [row] = await sql`select cursor, passes from reconciliations where kind = 'journeys'`;
  expect(row).toMatchObject({ cursor: '', passes: Number(passes) + 1 });
  await sql`delete from journeys where customer_id = any(${ids})`;
  relay = await startRelay(system.service);
}, 60_000);
