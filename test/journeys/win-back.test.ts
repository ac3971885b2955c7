import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readFit, readNewestFitVersion } from '../../db/learning/score-fits.ts';
import { emptyProfile, type Profile } from '../../src/domain/customer/profile.ts';
import type { JourneyState } from '../../src/domain/state.ts';
import { dateText } from '../../src/domain/time/calendar-date.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { localDay } from '../../src/domain/time/zone.ts';
import { summarizeBuying, WEEK } from '../../src/learning/scores/clv/buying-summary.ts';
import { computeRhythm } from '../../src/learning/scores/clv/rhythm.ts';
import { buildCustomerHistory } from '../../src/learning/scores/customer-history.ts';
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

interface Seen {
  id: string;
  profile: Profile;
  state: JourneyState;
}
async function seen(id: string | null = null): Promise<Seen[]> {
  const { sql } = system.db.db;
  const rows = await sql<Seen[]>`
    select c.id, c.profile, j.state from customers c join journeys j on j.customer_id = c.id
    where ${id === null ? sql`true` : sql`c.id = ${id}`} order by c.id`;
  return rows.map((row) => ({ ...row, profile: { ...emptyProfile(), ...row.profile } }));
}
async function one(id: string): Promise<Seen> {
  const [found] = await seen(id);
  if (!found) throw new Error(`no journey of ${id}`);
  return found;
}
const dateOf = ({ state }: Seen) => state.dates['win-back#0'];

/** By the fitted model, reckoned here. */
async function overdueOf({ profile }: Seen): Promise<{ overdue: number; lapsed: number; on: string }> {
  const { sql } = system.db.db;
  const body = await readFit(sql, WORKSPACE, (await readNewestFitVersion(sql, WORKSPACE)) ?? 0);
  if (!body?.buying.ok) throw new Error('nothing is fitted');
  const history = buildCustomerHistory(profile, 'EUR');
  const { x, tx } = summarizeBuying(history, Date.now(), body.zone) ?? { x: 0, tx: 0 };
  const last = Math.max(...history.purchases.map(({ at }) => at));
  const { overdue, lapsed } = computeRhythm(body.buying.params, x, tx);
  const at = (weeks: number) => last + Math.round(weeks * WEEK);
  return { overdue: at(overdue), lapsed: at(lapsed), on: dateText(localDay(body.zone, at(overdue))) };
}

test('E-1, story 6: win-back enters when the fitted model has the customer overdue, moves with a purchase, and offers once they have lapsed', async () => {
  const job = await night();
  const swept = async () => {
    const rows = await system.db.db.sql`select 1 from sweeps where kind = 'fit' and done_at is not null`;
    return rows.length === 1;
  };
  await waitUntil(swept, 'the sweep of the fit, which the job has started', 60_000);
  const soon = async () =>
    (await seen()).filter((c) => {
      const date = dateOf(c);
      return date?.state === 'armed' && date.at < NOW + 60 * DAY;
    });
  await waitUntil(async () => (await soon()).length >= 2, 'the dates to be armed', 60_000);
  const [late, buyer] = (await soon()) as [Seen, Seen];
  for (const customer of [late, buyer]) {
    await system.waitUntilSettled(customer.id);
    expect(dateOf(await one(customer.id))).toMatchObject({ on: (await overdueOf(customer)).on });
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
  const moved = await one(buyer.id);
  expect(dateOf(moved)?.at).toBeGreaterThan(dateOf(buyer)?.at ?? 0);
  expect(dateOf(moved)?.on).toBe((await overdueOf(moved)).on);

  const { overdue, lapsed, on } = await overdueOf(late);
  await system.advanceTime(late.id, (dateOf(late)?.at ?? overdue) - Date.now() - HOUR);
  expect((await one(late.id)).state.enrollments.filter(({ journey }) => journey === 'win-back')).toEqual([]);
  await system.advanceTime(late.id, 2 * HOUR);
  const open = async () =>
    (await one(late.id)).state.enrollments.find(({ journey }) => journey === 'win-back');
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
