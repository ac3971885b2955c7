import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readFit, readNewestFitVersion } from '../../db/learning/score-fits.ts';
import { emptyProfile, type Profile } from '../../src/domain/customer/profile.ts';
import type { JourneyState } from '../../src/domain/state.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { fetchHistory, replayHistory } from '../../src/testing/replay.ts';
import { JOB_TYPE, type JobInput } from '../../src/workflows/job-messages.ts';
import { acceptAll, purchasesOf, winBackBundle } from '../app/jobs/fit/fit-bundle.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

const NOW = Date.now();

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: winBackBundle });
  await acceptAll(system, purchasesOf(0, 90, NOW));
}, 120_000);
afterAll(() => system?.stop());

/** Runs the nightly job, as its schedule would. */
async function night(): Promise<string> {
  const { taskQueue } = system.service.config;
  const workflowId = `job/${taskQueue}/fit/${WORKSPACE}`;
  const args: [JobInput] = [{ workspace: WORKSPACE, job: 'fit' }];
  await system.client.workflow.execute(JOB_TYPE, { taskQueue, workflowId, args });
  return workflowId;
}

interface CustomerRow {
  id: string;
  profile: Profile;
  state: JourneyState;
}
async function readCustomers(id: string | null = null): Promise<CustomerRow[]> {
  const { sql } = system.db.db;
  const rows = await sql<CustomerRow[]>`
    select c.id, c.profile, j.state from customers c join journeys j on j.customer_id = c.id
    where ${id === null ? sql`true` : sql`c.id = ${id}`} order by c.id`;
  return rows.map((row) => ({ ...row, profile: { ...emptyProfile(), ...row.profile } }));
}
async function readCustomer(id: string): Promise<CustomerRow> {
  const [customer] = await readCustomers(id);
  if (!customer) throw new Error(`no journey of ${id}`);
  return customer;
}
const dateOf = ({ state }: CustomerRow) => state.dates['win-back#0'];

/**
 * When a customer is overdue and lapsed by the fitted parameters, computed from the definitions and not by the product's
 * own code: the probability that no purchase follows within `t` weeks is ((α + tx) / (α + tx + t))^(r + x) for a living
 * customer, and P(alive) is the published one (Fader, Hardie and Lee 2005; Batislam et al. 2007). Each equation is
 * solved by bisection.
 */
async function computeExpectedDates({ profile }: CustomerRow) {
  const { sql } = system.db.db;
  const body = await readFit(sql, WORKSPACE, (await readNewestFitVersion(sql, WORKSPACE)) ?? 0);
  if (!body?.buying.ok) throw new Error('nothing is fitted');
  const { model, r, alpha, a, b } = body.buying.params;
  const toDate = (at: number) => new Date(at).toLocaleDateString('en-CA', { timeZone: body.zone.name });
  const times = profile.orders.map((order) => order.at);
  const days = [...new Set(times.map(toDate))].map((date) => Date.parse(date) / DAY);
  const x = days.length - 1;
  const tx = (Math.max(...days) - Math.min(...days)) / 7;
  const silent = (t: number) => ((alpha + tx) / (alpha + tx + t)) ** (r + x);
  const stays = model === 'mbg' ? x + 1 : x;
  const odds = stays === 0 ? 0 : a / (b + stays - 1);
  const alive = (t: number) => 1 / (1 + odds / silent(t));
  const half = solve(silent, 0.5);
  const lapsed = Math.max(half, Math.min(solve(silent, 0.05), solve(alive, 0.5)));
  const overdue = Math.min(solve(silent, 0.2), lapsed / 2);
  const at = (weeks: number) => Math.max(...times) + Math.round(weeks * 7 * DAY);
  return { overdue: at(overdue), lapsed: at(lapsed), on: toDate(at(overdue)) };
}

/** The first of 0 to 520 weeks at which a falling function reaches `level`. */
function solve(falling: (weeks: number) => number, level: number): number {
  let [low, high] = [0, 520];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (falling(middle) > level) low = middle;
    else high = middle;
  }
  return high;
}

test('E-1, story 6: win-back enters when the fitted model has the customer overdue, moves with a purchase, and offers once they have lapsed', async () => {
  const job = await night();
  const swept = async () => {
    const rows = await system.db.db.sql`select 1 from sweeps where kind = 'fit' and done_at is not null`;
    return rows.length === 1;
  };
  await waitUntil(swept, 'the sweep of the fit, which the job has started', 60_000);
  const soon = async () =>
    (await readCustomers()).filter((c) => {
      const date = dateOf(c);
      return date?.state === 'armed' && date.at < NOW + 60 * DAY;
    });
  await waitUntil(async () => (await soon()).length >= 2, 'the dates to be armed', 60_000);
  const [late, buyer] = (await soon()) as [CustomerRow, CustomerRow];
  for (const customer of [late, buyer]) {
    await system.waitUntilSettled(customer.id);
    expect(dateOf(await readCustomer(customer.id))).toMatchObject({
      on: (await computeExpectedDates(customer)).on,
    });
  }

  // After a purchase the customer is not overdue: the date moves, and the old date enters no customer.
  const [row] = await system.db.db
    .sql`select value from identities where customer_id = ${buyer.id} and type = 'user'`;
  await system.accept({
    name: 'Order Completed',
    userId: row?.value,
    properties: { order_id: 'again', total: 20 },
  });
  await system.waitUntilSettled(buyer.id);
  const moved = await readCustomer(buyer.id);
  expect(dateOf(moved)?.at).toBeGreaterThan(dateOf(buyer)?.at ?? 0);
  expect(dateOf(moved)?.on).toBe((await computeExpectedDates(moved)).on);

  const { overdue, lapsed, on } = await computeExpectedDates(late);
  await system.advanceTime(late.id, (dateOf(late)?.at ?? overdue) - Date.now() - HOUR);
  expect(
    (await readCustomer(late.id)).state.enrollments.filter(({ journey }) => journey === 'win-back'),
  ).toEqual([]);
  await system.advanceTime(late.id, 2 * HOUR);
  const open = async () =>
    (await readCustomer(late.id)).state.enrollments.find(({ journey }) => journey === 'win-back');
  expect(await open()).toMatchObject({ key: on, step: 'late', status: { kind: 'waiting' } });
  const entered = (await open())?.enteredAt ?? 0;
  await system.advanceTime(late.id, lapsed - entered - DAY);
  expect(await open()).toMatchObject({ step: 'late' });
  await system.advanceTime(late.id, 2 * DAY);
  expect(await open()).toMatchObject({ step: 'rest' });

  // The same fit again: nothing changes, and no customer gets a second event.
  await night();
  expect(await readNewestFitVersion(system.db.db.sql, WORKSPACE)).toBe(1);
  await replayHistory(await fetchHistory(system.client, job), {
    bundle: { codePath: inject('workflowBundlePath') },
    workflowId: job,
  });
}, 240_000);
