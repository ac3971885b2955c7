import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { StoredModel } from '../../db/schema/json.ts';
import { eraseCustomer } from '../../src/app/identity/erase-customer.ts';
import { mergeCustomers } from '../../src/app/identity/merge-customers.ts';
import type { JobDeps } from '../../src/app/jobs/job.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import {
  activate,
  armOf,
  customer,
  decided,
  delivery,
  happened,
  learn,
  learnDeps,
  modelOf,
  rewardsOf,
  SHOP,
  shopOf,
  T0,
  tip,
  tipped,
  vector,
} from '../app/jobs/learn/learn-shop.ts';
import { barrier } from '../support/activity-calls.ts';
import { type ChildProcessHandle, startChildProcess } from '../support/child-process.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

let system: TestSystem;
let deps: JobDeps;
const children: ChildProcessHandle[] = [];
const db = () => system.db.db;

beforeAll(async () => {
  system = await startTestSystem({ worker: false, relay: false });
  deps = learnDeps(db());
});
afterAll(async () => {
  for (const child of children) await child.kill();
  await system?.stop();
});
beforeEach(() => clear());

async function clear(): Promise<void> {
  await db().sql`
    truncate rewards, model_deltas, model_snapshots, decisions, deliveries, enrollments, events restart identity`;
  await db().sql`delete from customers where workspace = ${SHOP}`;
}

const BUNDLE = shopOf([tip('tip'), tip('offer')]);

interface Case {
  action: 'tip' | 'offer';
  clicked: boolean;
  at: number;
  x: number[];
}

async function seed(cases: readonly Case[], order = cases.map((_, n) => n)): Promise<void> {
  await activate(db(), BUNDLE);
  for (const n of order) {
    const { x, ...one } = cases[n] as Case;
    await tipped(db(), BUNDLE, n, { ...one, x: vector(BUNDLE, ...x) });
  }
}

/** Reads the learned model, independent of the number of pages. */
function content(model: StoredModel | null) {
  if (!model) return null;
  const { version: _, hash: __, ...rest } = model;
  return rest;
}

const SOME: Case[] = Array.from({ length: 23 }, (_, n) => ({
  action: n % 3 === 0 ? 'offer' : 'tip',
  clicked: n % 4 === 0,
  at: T0 + ((n * 7) % 23) * HOUR,
  x: [((n * 13) % 7) / 7, -((n * 5) % 11) / 11, (n % 5) - 2],
}));

test('D-15, fault 1: learns every reward once when the learner is killed before or after a page’s commit', async () => {
  await seed(SOME);
  await learn(deps);
  const whole = content(await modelOf(db()));
  expect(armOf(await modelOf(db()), 'tip/email')?.observed).toBe(15);

  for (const [POINT, PAGE] of [
    ['learning', '1'],
    ['learning', '3'],
    ['learned', '1'],
    ['learned', '3'],
  ] as const) {
    await clear();
    await seed(SOME);
    const child = await startChildProcess(system, 'test/faults/learn-child.ts', {
      POINT,
      PAGE,
      REWARDS: '5',
    });
    children.push(child);
    await waitUntil(async () => child.lines.includes('reached'), `the learner at ${POINT} ${PAGE}`, 30_000);
    await child.kill();
    await learn(deps);
    expect(content(await modelOf(db())), `${POINT} ${PAGE}`).toEqual(whole);
    const [row] = await db().sql`
      select count(*)::int as n, count(distinct reward_id)::int as of,
             (select count(*)::int from rewards where state = 'counted') as closed from model_deltas`;
    expect(row).toEqual({ n: 23, of: 23, closed: 23 });
  }
}, 120_000);

test('D-15: two concurrent learners learn the same model as one', async () => {
  await seed(SOME);
  await learn(deps);
  const whole = content(await modelOf(db()));
  await clear();
  await seed(SOME);
  const pages = { rewards: 3, deltas: 100 };
  await Promise.all([learn(deps, undefined, pages), learn(learnDeps(db()), undefined, pages)]);
  expect(content(await modelOf(db()))).toEqual(whole);
  const versions = await db()
    .sql`select version, folded_to as "foldedTo" from model_snapshots order by version`;
  expect(versions.map((row) => row.version)).toEqual(versions.map((_, i) => i + 1));
  expect(versions.at(-1)?.foldedTo).toBe(23);
});

test('D-15: learns the same model, to the last bit, for any order of decisions and clicks and any page size', async () => {
  const one = fc.record({
    action: fc.constantFrom('tip' as const, 'offer' as const),
    clicked: fc.boolean(),
    at: fc.integer({ min: 0, max: 200 }).map((hours) => T0 + hours * HOUR),
    x: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(one, { minLength: 2, maxLength: 14 }).chain((cases) =>
        fc.record({
          cases: fc.constant(cases),
          order: fc.shuffledSubarray(
            cases.map((_, n) => n),
            { minLength: cases.length, maxLength: cases.length },
          ),
          page: fc.integer({ min: 1, max: 15 }),
        }),
      ),
      async ({ cases, order, page }) => {
        await clear();
        await seed(cases);
        await learn(deps);
        const expected = content(await modelOf(db()));
        await clear();
        await seed(cases, order);
        await learn(deps, undefined, { rewards: page, deltas: page });
        expect(content(await modelOf(db()))).toEqual(expected);
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

test('E-7, D-15: a reward follows its customer through a merge and counts the events under either id', async () => {
  await activate(db(), BUNDLE);
  const reward = { arm: 'tip/email', action: 'tip', channel: 'email' };
  for (const id of ['cus_w', 'cus_l']) await customer(db(), id);
  for (const [id, of] of [
    ['dec_1', 'cus_l'],
    ['dec_2', 'cus_l'],
    ['dec_3', 'cus_w'],
  ] as const) {
    await decided(db(), { id, customerId: of, bundle: BUNDLE, rewards: [reward] });
    await delivery(db(), { id: `dlv_${id}`, decisionId: id, customerId: of, action: 'tip' });
  }
  const click = (of: string, decision: string) =>
    happened(db(), {
      customerId: of,
      name: 'Delivery Clicked',
      at: T0 + DAY,
      properties: { delivery_id: `dlv_${decision}` },
    });
  await click('cus_l', 'dec_1');
  const merged = await mergeCustomers(deps, {
    workspace: SHOP,
    loser: 'cus_l',
    winner: 'cus_w',
    actor: 'test',
    reason: 'test',
  });
  expect(merged).toMatchObject({ ok: true });
  const [open] = await db().sql`select count(*)::int as n from rewards where customer_id = 'cus_w'`;
  expect(open?.n).toBe(3);
  // Clicks after the merge come under the winner's id; another customer's click is no reward here.
  await click('cus_w', 'dec_2');
  await learn(deps);
  expect(await rewardsOf(db())).toMatchObject({
    'dec_1/0': { state: 'counted', reward: 1 },
    'dec_2/0': { state: 'counted', reward: 1 },
    'dec_3/0': { state: 'counted', reward: 0 },
  });
});

test('correctness 17: an erasure while the learner holds rewards deletes features and increments, and keeps the folded model', async () => {
  await seed(SOME.slice(0, 6));
  const point = barrier();
  const slow = learnDeps(db(), {
    async failpoint(name) {
      if (name !== 'learning') return;
      point.arrive();
      await point.wait;
    },
  });
  const learning = learn(slow);
  await point.reached;
  const erasing = eraseCustomer(deps, { workspace: SHOP, customerId: 'cus_2', actor: 'test' });
  await waitUntil(async () => {
    const [row] = await db().sql`select erased_at is not null as buried from customers where id = 'cus_2'`;
    return row?.buried === true;
  }, 'the tombstone');
  await waitUntil(async () => {
    const [row] = await db().sql`
      select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query ilike '%delete from rewards%'`;
    return row?.n > 0;
  }, 'the erasure to wait for the learner');
  point.open();
  await learning;
  expect(await erasing).toMatchObject({ ok: true });

  const rows = await db().sql`
    select (select count(*)::int from rewards where customer_id = 'cus_2') as rewards,
           (select count(*)::int from model_deltas where reward_id like 'dec_2/%') as deltas,
           (select count(*)::int from model_deltas) as others`;
  expect(rows[0]).toEqual({ rewards: 0, deltas: 0, others: 5 });
  const model = await modelOf(db());
  expect((armOf(model, 'tip/email')?.observed ?? 0) + (armOf(model, 'offer/email')?.observed ?? 0)).toBe(6);
  // Erased before its window closed: no reward is left to wait for.
  await tipped(db(), BUNDLE, 99);
  await eraseCustomer(deps, { workspace: SHOP, customerId: 'cus_99', actor: 'test' });
  await learn(deps);
  expect(Object.keys(await rewardsOf(db()))).not.toContain('dec_99/0');
});

test('D-15: a reward that another learner has locked is skipped and comes with a later page', async () => {
  await seed(SOME.slice(0, 3));
  const holding = barrier();
  const held = db().sql.begin(async (tx) => {
    await tx`select 1 from rewards where id = 'dec_1/0' for update`;
    holding.arrive();
    await holding.wait;
  });
  await holding.reached;
  await learn(deps);
  const states = async () => Object.values(await rewardsOf(db())).map(({ state }) => state);
  expect((await states()).sort()).toEqual(['counted', 'counted', 'open']);
  holding.open();
  await held;
  await learn(deps);
  expect(await states()).toEqual(['counted', 'counted', 'counted']);
});
