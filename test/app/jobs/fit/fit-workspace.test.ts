import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFit } from '../../../../db/learning/score-fits.ts';
import { decideNextBestAction } from '../../../../src/app/decide/journey.ts';
import { gatherBuyers } from '../../../../src/app/jobs/fit/gather-buyers.ts';
import { runJob } from '../../../../src/app/jobs/run-job.ts';
import { sweepPage } from '../../../../src/app/sweeps/sweep-page.ts';
import { lookUpZone } from '../../../../src/app/time-zones.ts';
import { emptyProfile, type Profile } from '../../../../src/domain/customer/profile.ts';
import type { JourneyState } from '../../../../src/domain/state.ts';
import { dateText } from '../../../../src/domain/time/calendar-date.ts';
import { DAY, HOUR } from '../../../../src/domain/time/time.ts';
import { instantAtLocal, localDay } from '../../../../src/domain/time/zone.ts';
import { summarizeBuying, WEEK } from '../../../../src/learning/scores/clv/buying-summary.ts';
import { computeRhythm } from '../../../../src/learning/scores/clv/rhythm.ts';
import { buildCustomerHistory } from '../../../../src/learning/scores/customer-history.ts';
import type { FittedScores } from '../../../../src/learning/scores/types.ts';
import { createActivityDeps } from '../../../../src/service/activity-deps.ts';
import { type ChildProcessHandle, startChildProcess } from '../../../support/child-process.ts';
import { buildSmallBundle } from '../../../support/sweep-fixtures.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../../../support/system.ts';
import { acceptAll, purchasesOf, winBackBundle } from './fit-bundle.ts';

const NOW = Date.now();
const EMPTY = 'tealeaf';

let system: TestSystem;
const children: ChildProcessHandle[] = [];
beforeAll(async () => {
  system = await startTestSystem({
    files: winBackBundle,
    workspaces: {
      [EMPTY]: () =>
        buildSmallBundle().map((f) =>
          f.path === 'workspace.yaml' ? { ...f, text: f.text.replace('aroma', EMPTY) } : f,
        ),
    },
    worker: false,
    relay: false,
  });
  await acceptAll(system, purchasesOf(0, 300, NOW));
}, 120_000);
afterAll(async () => {
  for (const child of children) await child.kill();
  await system?.stop();
});

const deps = () => createActivityDeps(system.service, []);
const night = (now: number, workspace = WORKSPACE) => runJob(deps(), { job: 'fit', workspace, now });
const fits = (workspace = WORKSPACE) =>
  system.db.db.sql<{ version: number; at: number; body: FittedScores }[]>`
    select version, at, body from score_fits where workspace = ${workspace} order by version`;

async function sweep(sweepId: string): Promise<Set<string>> {
  for (let done = false; !done; ) ({ done } = await sweepPage({ ...deps(), sweepRate: 1e9 }, { sweepId }));
  const rows = await system.db.db.sql`
    select customer_id as id from events where name = 'Entry Due' and message_id like ${`sweep:${sweepId}:%`}`;
  return new Set(rows.map(({ id }) => id));
}

async function decide(ids: Iterable<string>): Promise<void> {
  const request = { workspace: WORKSPACE, directEvents: [], effectsSettled: false, rollingOver: false };
  for (const customerId of ids) {
    const [row] = await system.db.db.sql`select ordinal from journeys where customer_id = ${customerId}`;
    const ordinal = row ? Number(row.ordinal) + 1 : null;
    await decideNextBestAction(deps(), { ...request, ordinal, customerId, now: Date.now() });
  }
}

interface Seen {
  id: string;
  profile: Profile;
  state: JourneyState | null;
}
async function everybody(): Promise<Seen[]> {
  const rows = await system.db.db.sql<Seen[]>`
    select c.id, c.profile, j.state from customers c left join journeys j on j.customer_id = c.id
    where c.workspace = ${WORKSPACE} order by c.id`;
  return rows.map((row) => ({ ...row, profile: { ...emptyProfile(), ...row.profile } }));
}

/** When the customer is overdue under the fitted model, computed here from its parameters alone. */
function overdueUnder({ buying, zone }: FittedScores, profile: Profile): { on: string; at: number } {
  if (!buying.ok) throw new Error(buying.message);
  const history = buildCustomerHistory(profile, 'EUR');
  const { x, tx } = summarizeBuying(history, Date.now(), zone) ?? { x: 0, tx: 0 };
  const last = Math.max(...history.purchases.map(({ at }) => at));
  const day = localDay(zone, last + Math.round(computeRhythm(buying.params, x, tx).overdue * WEEK));
  return { on: dateText(day), at: instantAtLocal(zone, day, 9 * 60) };
}
const armed = ({ state }: Seen) => {
  const date = state?.dates['win-back#0'];
  return date?.state === 'armed' ? { on: date.on, at: date.at } : null;
};
/** The date that each customer should wait for under a fit; null if it is past. */
const due = (body: FittedScores, { profile }: Seen) => {
  const date = overdueUnder(body, profile);
  return date.at > Date.now() ? date : null;
};

test('E-1, story 6: the nightly fit sets each win-back date, moves it earlier or later, and wakes exactly those customers', async () => {
  const first = await night(NOW);
  const [one] = await fits();
  expect(one).toMatchObject({ version: 1, body: { version: '1', customers: 300, buying: { ok: true } } });
  await decide(await sweep(first.sweep as string));
  const before = await everybody();
  expect(before.filter((c) => armed(c) !== null).length).toBeGreaterThan(20);
  for (const customer of before) expect(armed(customer)).toEqual(due(one?.body as FittedScores, customer));
  // D-11: the fifths are a condition like any other.
  const champions = before.filter((c) => c.state?.enrollments.some(({ journey }) => journey === 'champions'));
  expect(champions.length).toBeGreaterThan(5);

  // A purchase moves the own date at once, without a fit.
  const buyer = before.find((c) => armed(c) !== null) as Seen;
  const userId = (await system.db.db.sql`select value from identities where customer_id = ${buyer.id}`)[0]
    ?.value;
  await system.accept({ name: 'Order Completed', userId, properties: { order_id: 'fresh', total: 30 } });
  await decide([buyer.id]);
  const after = (await everybody()).find(({ id }) => id === buyer.id) as Seen;
  expect(armed(after)?.at).toBeGreaterThan(armed(buyer)?.at ?? 0);
  expect(armed(after)).toEqual(due(one?.body as FittedScores, after));

  // Others have bought since, so tomorrow's model is another.
  await acceptAll(system, purchasesOf(300, 420, NOW, 200));
  await decide((await everybody()).filter(({ state }) => state === null).map(({ id }) => id));
  const stood = await everybody();
  const second = await night(NOW + DAY);
  const two = (await fits())[1] as { body: FittedScores };
  const wokenIds = await sweep(second.sweep as string);
  const moved = stood.filter((c) => JSON.stringify(armed(c)) !== JSON.stringify(due(two.body, c)));
  expect(moved.length).toBeGreaterThan(10);
  for (const { id } of moved) expect(wokenIds).toContain(id);
  // All other customers that are woken entered or left the segment.
  await decide(wokenIds);
  const now = await everybody();
  const inside = (c: Seen) => c.state?.segments.champions?.inside ?? false;
  for (const customer of now) {
    expect(armed(customer)).toEqual(due(two.body, customer));
    const was = stood.find(({ id }) => id === customer.id) as Seen;
    const concerned = moved.includes(was) || inside(was) !== inside(customer);
    expect([customer.id, wokenIds.has(customer.id)]).toEqual([customer.id, concerned]);
  }
}, 120_000);

test('a day has one fit and one sweep, for any number of repeated or concurrent runs', async () => {
  const day = NOW + 2 * DAY;
  const answers = await Promise.all([night(day), night(day), night(day)]);
  expect((await fits()).map(({ version }) => version)).toEqual([1, 2, 3]);
  expect(new Set(answers.map(({ sweep: id }) => id))).toEqual(new Set([`${WORKSPACE}/fit/3`]));
  expect(await night(day + HOUR)).toEqual(await night(day));
  // A fit that was replaced by a newer one wakes no customers, and no customer is woken twice for one fit.
  await night(day + DAY);
  expect(await sweep(`${WORKSPACE}/fit/3`)).toEqual(new Set());
  await sweep(`${WORKSPACE}/fit/4`);
  expect(await night(day + DAY)).toEqual({ more: false, sweep: null });
}, 60_000);

test.each([
  ['fitting', 0],
  ['fitted', 1],
] as const)(
  'a fit killed at `%s` leaves %i rows, and the retry leaves one, with its sweep',
  async (point, left) => {
    const before = (await fits()).length;
    const now = NOW + (10 + left) * DAY;
    const child = await startChildProcess(system, 'test/app/jobs/fit/fit-child.ts', {
      FAILPOINT: point,
      NOW: String(now),
    });
    children.push(child);
    await waitUntil(async () => child.lines.includes(`reached ${point}`), 'the child to stand still', 60_000);
    await child.kill();
    expect(await fits()).toHaveLength(before + left);
    const { sweep: id } = await night(now);
    expect(await fits()).toHaveLength(before + 1);
    expect(id).toBe(`${WORKSPACE}/fit/${before + 1}`);
  },
  120_000,
);

test('a fit with too little data stores the reason, and customers keep the estimated rhythm', async () => {
  await night(NOW, EMPTY);
  const [row] = await fits(EMPTY);
  expect(row?.body).toMatchObject({
    customers: 0,
    buying: { ok: false, reason: 'too_few_customers' },
    spend: { ok: false, reason: 'too_few_repeaters' },
    calibration: null,
    hours: null,
  });
  expect(await runJob(deps(), { job: 'fit', workspace: 'nobody', now: NOW })).toEqual({ more: false });
});

test('the newest four hundred fits are kept', async () => {
  await system.db.db.sql`
    insert into score_fits (workspace, version, at, body)
    select ${EMPTY}, n, ${NOW}, (select body from score_fits where workspace = ${EMPTY} and version = 1)
    from generate_series(2, 402) n`;
  await night(NOW + DAY, EMPTY);
  const versions = (await fits(EMPTY)).map(({ version }) => version);
  expect([versions.length, versions[0], versions.at(-1)]).toEqual([400, 4, 403]);
  expect(await readFit(system.db.db.sql, EMPTY, 3)).toBe(null);
});

test('of too many buyers a sample is kept: the same each time, and independent of purchases', async () => {
  const bundle = await system.service.bundles(system.db.db.sql, WORKSPACE, 1);
  const gather = (most?: number) => gatherBuyers({ db: system.db.db, zones: lookUpZone }, bundle, NOW, most);
  const [all, some] = [await gather(), await gather(100)];
  expect(all.buyers).toHaveLength(420);
  expect(some.buyers).toHaveLength(100);
  expect(await gather(100)).toEqual(some);
  const orders = ({ buyers }: typeof all) =>
    buyers.reduce((sum, { history }) => sum + history.purchases.length, 0) / buyers.length;
  expect(Math.abs(orders(some) / orders(all) - 1)).toBeLessThan(0.5);
  expect(all.hours?.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
});
