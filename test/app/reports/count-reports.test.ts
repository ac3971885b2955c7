import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBundleCache } from '../../../db/config/bundle-cache.ts';
import { encodeRecord } from '../../../db/decisions/record/decision-record.ts';
import {
  readMerge,
  readMergedLineage,
  recordUnmerge,
  returnIdentities,
} from '../../../db/identity/unmerge-customers.ts';
import { countActionChoices } from '../../../db/reports/action-evidence.ts';
import { readCounts, requestRecount } from '../../../db/reports/counts/counts.ts';
import { eraseCustomer } from '../../../src/app/identity/erase-customer.ts';
import type { JobDeps } from '../../../src/app/jobs/job.ts';
import { readAttribution } from '../../../src/app/reports/attribution.ts';
import type { AttributionResult } from '../../../src/app/reports/attribution-counts.ts';
import { countChoices } from '../../../src/app/reports/choices.ts';
import { COUNTED_ATTRIBUTION } from '../../../src/app/reports/count/attribution-cells.ts';
import { countReports } from '../../../src/app/reports/count/count-reports.ts';
import { WINDOWS } from '../../../src/app/reports/count/periods.ts';
import { readCountedAttribution } from '../../../src/app/reports/counted/attribution.ts';
import { readCountedChoices } from '../../../src/app/reports/counted/choices.ts';
import { findCounts } from '../../../src/app/reports/counted/counted-cells.ts';
import { readCountedDecisions } from '../../../src/app/reports/counted/decisions.ts';
import { readCountedDeliveries } from '../../../src/app/reports/counted/deliveries.ts';
import { readCountedExperiments } from '../../../src/app/reports/counted/experiments.ts';
import { readCountedFunnel } from '../../../src/app/reports/counted/funnel.ts';
import { readCountedHolds } from '../../../src/app/reports/counted/holds.ts';
import { readCountedJourneys } from '../../../src/app/reports/counted/journeys.ts';
import { readRecentChoices } from '../../../src/app/reports/counted/recent-choices.ts';
import { readCountedRetention } from '../../../src/app/reports/counted/retention.ts';
import { readCountedValue } from '../../../src/app/reports/counted/value.ts';
import { readDecisionsReport } from '../../../src/app/reports/decisions.ts';
import { readDeliveriesReport } from '../../../src/app/reports/deliveries.ts';
import { readExperiments } from '../../../src/app/reports/experiments.ts';
import { readFunnel } from '../../../src/app/reports/funnel.ts';
import { readHoldsReport } from '../../../src/app/reports/holds.ts';
import { readJourneyPositions, readJourneyTotals } from '../../../src/app/reports/journey-positions.ts';
import { readJourneysReport } from '../../../src/app/reports/journeys.ts';
import { readRetentionReport } from '../../../src/app/reports/retention.ts';
import { readValueReport } from '../../../src/app/reports/value.ts';
import { recompileBundle } from '../../../src/definitions/compile/recompile.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { ATTRIBUTION_MODELS } from '../../../src/statistics/attribution/attribute.ts';
import { TOUCHPOINT_KINDS } from '../../../src/statistics/attribution/touch-paths.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { buildShop, createDraws, emptyRows, installBundle, saveRows } from '../../support/experiment-rows.ts';
import { spawnChild } from '../../support/spawn-child.ts';
import { waitUntil } from '../../support/wait-until.ts';

const TODAY = Math.floor(Date.UTC(2026, 9, 20) / DAY);
const NOW = TODAY * DAY + DAY / 2;

let database: TestDatabase;
let deps: JobDeps;
beforeAll(async () => {
  database = await createTestDatabase();
  deps = {
    db: database.db,
    bundles: createBundleCache((_, ...bundle) => recompileBundle(...bundle)),
  } as unknown as JobDeps;
});
afterAll(() => database?.drop());

async function countAll(workspace: string, now = NOW): Promise<void> {
  while ((await countReports(deps, { workspace, now })).more);
}

/** What was found, with the expected number in place of each that differs from it in the last digits only. */
function align(found: unknown, expected: unknown): unknown {
  if (typeof found === 'number' && typeof expected === 'number')
    return Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)) ? expected : found;
  if (Array.isArray(found)) return found.map((item, i) => align(item, (expected as unknown[])?.[i]));
  if (typeof found !== 'object' || found === null) return found;
  return Object.fromEntries(
    Object.entries(found).map(([key, item]) => [
      key,
      align(item, (expected as Record<string, unknown>)?.[key]),
    ]),
  );
}

function expectEqual(found: unknown, expected: unknown, what: string): void {
  const [a, b] = [found, expected].map((value) => sortLists(JSON.parse(JSON.stringify(value))));
  expect(align(a, b), what).toEqual(b);
}

/** Every report of every period from the counts equals the one from the rows. */
async function expectEqualReports(workspace: string, now = NOW): Promise<void> {
  const bundle = await deps.bundles(database.db.sql, workspace, 1);
  const day = Math.floor(now / DAY);
  const periods = [
    ...WINDOWS.map((days) => ({ from: (day + 1 - days) * DAY, to: (day + 1) * DAY })),
    { from: Date.UTC(2026, 8, 1), to: Date.UTC(2026, 9, 1) },
    { from: Date.UTC(2026, 9, 1), to: Date.UTC(2026, 10, 1) },
  ];
  for (const period of periods) {
    const counts = await findCounts(deps, workspace, period, now);
    if (!counts) throw new Error('nothing is counted');
    expect(counts.name).not.toBeNull();
    const where = JSON.stringify(counts.name);
    expectEqual(
      await readCountedValue(deps, bundle, counts),
      await readValueReport(deps, workspace, bundle, period),
      `value ${where}`,
    );
    expectEqual(
      await readCountedExperiments(deps, bundle, counts),
      await readExperiments(deps, workspace, bundle, period),
      `experiments ${where}`,
    );
    expectEqual(
      await readCountedDeliveries(deps, counts),
      await readDeliveriesReport(deps, workspace, period),
      `deliveries ${where}`,
    );
    expectEqual(
      await readCountedJourneys(deps, bundle, counts),
      await readJourneysReport(deps, workspace, bundle, period),
      `journeys ${where}`,
    );
    expectEqual(
      await readCountedDecisions(deps, bundle, counts),
      await readDecisionsReport(deps, workspace, bundle, period),
      `decisions ${where}`,
    );
    await expectEqualPositions(workspace, now);
    for (const filter of [{}, { action: 'tip' }, { journey: 'tips' }, { action: 'receipt', journey: 'care' }])
      expectEqual(
        await readCountedFunnel(deps, counts, filter),
        await readFunnel(deps, workspace, period, filter),
        `funnel ${JSON.stringify(filter)} ${where}`,
      );
    if (counts.name === '28d')
      expectEqual(
        Object.fromEntries(await readRecentChoices(deps, workspace, now)),
        Object.fromEntries(await countActionChoices(database.db.sql, { workspace, ...period }, 50_000)),
        'recent choices',
      );
    for (const action of ['tip', 'receipt'])
      expectEqual(
        await readCountedChoices(deps, counts, action),
        await countChoices(deps, { workspace, ...period }, action),
        `choices of ${action} ${where}`,
      );
    for (const journey of ['tips', 'care', 'none'])
      expectEqual(
        await readCountedHolds(deps, journey, counts),
        await readHoldsReport(deps, workspace, journey, period),
        `holds ${where}`,
      );
    for (const journey of [null, bundle.journeys[0] ?? null]) {
      const asked = { bundle, journey, now };
      expectEqual(
        await readCountedRetention(deps, counts, asked),
        await readRetentionReport(deps, workspace, { ...asked, period }),
        `retention ${where}`,
      );
      for (const by of TOUCHPOINT_KINDS) {
        const query = { by, journey, bundle, models: ATTRIBUTION_MODELS };
        expectEqual(
          listMaps(await readCountedAttribution(deps, query, counts)),
          listMaps(await readAttribution(deps, workspace, { ...query, ...COUNTED_ATTRIBUTION, period })),
          `attribution by ${by} ${where}`,
        );
      }
    }
  }
}

/** Maps as lists, which can be compared. */
function listMaps({ conversions, ...rest }: AttributionResult): object {
  return { ...rest, conversions: { ...conversions, byTouchpoint: [...conversions.byTouchpoint] } };
}

/** Sorts by what items say, and not by the last digits of their numbers. */
/** Where enrollments are, from the counts and from the rows. */
async function expectEqualPositions(workspace: string, now: number): Promise<void> {
  const read = async (mostRows: number) => ({
    all: (await readJourneyTotals(deps, workspace, now, mostRows)).counts,
    tips: await readJourneyPositions(deps, workspace, 'tips', now, mostRows),
  });
  const [counted, rows] = [await read(-1), await read(Number.POSITIVE_INFINITY)];
  expect(rows.tips.countedAt).toBe(now);
  const exact = ({ all, tips: { counts, parked, times } }: typeof counted) => ({
    ...{ all, counts, parked },
    times: times.map(({ step, customers }) => ({ step, customers })),
  });
  expectEqual(exact(counted), exact(rows), 'positions');
  for (const time of counted.tips.times) {
    const { p50, p90 } = rows.tips.times.find(({ step }) => step === time.step) as typeof time;
    const isNear = (found: number, at: number) =>
      Math.abs(found - Math.max(0, at)) <= (at < 5 * DAY ? HOUR : DAY);
    expect([isNear(time.p50, p50), isNear(time.p90, p90)], JSON.stringify([time, p50, p90])).toEqual([
      true,
      true,
    ]);
  }
}

function sortLists(value: unknown): unknown {
  const toKey = (inner: unknown) =>
    JSON.stringify(inner, (_, item) => (typeof item === 'number' ? Number(item.toPrecision(9)) : item));
  const sort = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(sort).sort((a, b) => (toKey(a) < toKey(b) ? -1 : 1));
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, sort(item)]));
  };
  return sort(value);
}

const PEOPLE = 6;
const CROWD = 200;
const customer = fc.integer({ min: 0, max: PEOPLE - 1 });
/** Days before today; sometimes in the future. */
const ago = fc.oneof(
  fc.integer({ min: -1, max: 9 }),
  fc.integer({ min: 20, max: 100 }),
  fc.constantFrom(27, 28, 29, 90, 364, 366),
);
const order = fc.integer({ min: 0, max: 3 });

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      customer,
      ago,
      order,
      total: fc.integer({ min: 1, max: 90_000 }),
      foreign: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('refund' as const, 'cancel' as const, 'update' as const),
      customer,
      ago,
      order,
      total: fc.integer({ min: 1, max: 500 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('visit' as const, 'review' as const), customer, ago }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('enter' as const),
      customer,
      ago,
      control: fc.boolean(),
      goal: fc.boolean(),
      ended: fc.boolean(),
      journey: fc.constantFrom('tips', 'care'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      customer,
      ago,
      state: fc.constantFrom('planned', 'sent', 'unknown', 'failed'),
      variant: fc.constantFrom('a', 'b', null),
      action: fc.constantFrom('tip', 'receipt'),
      channel: fc.constantFrom('email', 'sms'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sent' as const), customer }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('task' as const), customer, ago }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      customer,
      ago,
      acted: fc.boolean(),
      effect: fc.constantFrom('sent', 'planned', 'task', null),
      others: fc.array(
        fc.record({
          action: fc.constantFrom('tip', 'receipt'),
          gate: fc.constantFrom('eligibility', 'caps', null),
          isFirst: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
      reward: fc.record({
        predicted: fc.constantFrom(0.031, 0.0312, 0.4, 1, 1.5, 1234.5, null),
        action: fc.constantFrom('tip', 'receipt'),
        explored: fc.boolean(),
      }),
      move: fc.constantFrom('tell', 'exit', null),
      arm: fc.constantFrom('x', 'y', null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('learn' as const),
      customer,
      reward: fc.constantFrom(0, 1, 499),
      state: fc.constantFrom('counted', 'not_sent'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('exclude' as const), customer }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('reported' as const, 'reached' as const, 'recount' as const),
      customer,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const), customer, into: customer }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unmerge' as const), customer }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), customer }) },
  { weight: 3, arbitrary: fc.constant({ do: 'count' as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

let serial = 0;

/** Writes rows as the system would, without its use cases: what is tested is that each change of rows is counted. */
class World {
  readonly workspace = `w${serial++}`;
  readonly #merged = new Map<string, string>();
  readonly #gone = new Set<string>();

  id(n: number): string {
    const id = `${this.workspace}/c${n}`;
    return this.#merged.get(id) ?? id;
  }

  async start(): Promise<void> {
    const { sql } = database.db;
    // The reward of `tip` is an amount, and that of `receipt` is not.
    const tip = { reward: { on: { names: ['Order Completed'] }, amount: 'total' } } as never;
    await installBundle(database.db, buildShop(this.workspace, { holdout: 2_000, global: 3_000, tip }));
    for (let n = 0; n < PEOPLE; n++)
      await sql`
        insert into customers (id, workspace, profile, created_at)
        values (${`${this.workspace}/c${n}`}, ${this.workspace},
          '{"orders": [], "counts": {"Order Completed": {"n": 1}}, "orderCount": 0}',
          to_timestamp(${(TODAY - 40 * n) * DAY}::bigint / 1000.0))`;
  }

  /** Others, so that the arms are large enough to be compared. */
  async addCrowd(name = 'crowd'): Promise<void> {
    const draw = createDraws(serial);
    const rows = emptyRows();
    for (let n = 0; n < CROWD; n++) {
      const id = `${name}${n}`;
      const at = (TODAY - Math.floor(draw() * 40)) * DAY;
      rows.customers.push({ id, createdAt: at - 50 * DAY });
      const arm = n % 25 < 11 ? 'control' : 'treated';
      rows.enrollments.push({
        id: `e-${id}`,
        customer: id,
        journey: 'tips',
        arm,
        enteredAt: at,
        goalAt: n % 3 ? null : at,
      });
      for (let k = 0; k < draw() * 3; k++)
        rows.events.push({
          customer: id,
          name: 'Order Completed',
          at: at + (k - 1) * DAY,
          properties: { order_id: `o${k}`, total: Math.floor(draw() * 10_000) / 100 },
        });
    }
    await saveRows(database.db, this.workspace, rows);
    // Only logs that can hold an order are read, as the counters of events say.
    await database.db.sql`
      update customers set profile = '{"counts": {"Order Completed": {"n": 1}}}'
      where workspace = ${this.workspace} and profile = '{}'`;
  }

  async apply(step: Step): Promise<void> {
    const { sql } = database.db;
    if (step.do === 'count') return countAll(this.workspace);
    const id = this.id(step.customer);
    if (this.#gone.has(id)) return;
    const at = 'ago' in step ? (TODAY - step.ago) * DAY + 1_000 + (serial % 1_000) : NOW;
    const unique = `${this.workspace}-${serial++}`;
    switch (step.do) {
      case 'order':
        await this.#event(id, 'Order Completed', at, {
          order_id: `o${step.order}`,
          total: step.total / 100,
          ...(step.foreign ? { currency: 'USD' } : {}),
        });
        return void (await sql`
          update customers set profile = jsonb_set(jsonb_set(profile, '{orders}', profile -> 'orders' ||
            ${JSON.stringify([{ at, status: 'paid' }])}::text::jsonb), '{orderCount}',
            to_jsonb((profile ->> 'orderCount')::int + 1)) where id = ${id}`);
      case 'refund':
        return this.#event(id, 'Order Refunded', at, {
          order_id: `o${step.order}`,
          amount: step.total / 100,
          refund_id: unique,
        });
      case 'cancel':
        return this.#event(id, 'Order Cancelled', at, { order_id: `o${step.order}` });
      case 'update':
        return this.#event(id, 'Order Updated', at, { order_id: `o${step.order}`, total: step.total });
      case 'visit':
        return this.#event(id, 'Page Viewed', at, {});
      case 'review':
        return this.#event(id, 'Product Reviewed', at, {});
      case 'enter':
        return void (await sql`
          insert into enrollments (id, customer_id, workspace, journey, version, arm, entered_at, goal_at, ended_at, reason,
            step, state, since)
          values (${`enr-${unique}`}, ${id}, ${this.workspace}, ${step.journey}, 1, ${step.control ? 'control' : 'treated'}, ${at},
            ${step.goal ? at + DAY : null}, ${step.ended ? at + DAY : null}, ${step.ended ? 'completed' : null},
            ${step.goal ? 'wait' : 'tell'}, ${step.control ? 'control' : step.goal ? 'waiting' : 'poison'}, ${at + HOUR / 3})`);
      case 'learn':
        return void (await sql`
          update rewards set state = ${step.state}, reward = ${step.reward}
          where customer_id = ${id} and state = 'open'`);
      case 'exclude':
        return void (await sql`update enrollments set excluded = true where customer_id = ${id}`);
      case 'deliver': {
        const [enrollment] =
          await sql`select id from enrollments where customer_id = ${id} order by id limit 1`;
        return void (await sql`
          insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel,
            bundle_version, state, at, not_after, entry, cost, variant, receipts)
          values (${`dlv-${unique}`}, ${id}, ${this.workspace}, 'dec', ${enrollment?.id ?? 'none'}, ${step.action},
            ${step.action === 'tip' ? 'marketing' : 'transactional'}, ${step.channel}, 1, ${step.state}, ${at}, ${at}, '{}', 15,
            ${step.variant}, ${step.variant === 'a' ? '{"opened": 1, "clicked": 2}' : null}::text::jsonb)`);
      }
      case 'sent':
        return void (await sql`
          update deliveries set state = 'sent', verdict = '[{"gate": "caps", "code": "cap_reached"}]'
          where customer_id = ${id} and state = 'planned'`);
      case 'task':
        return void (await sql`
          insert into agent_tasks (id, customer_id, workspace, decision_id, enrollment_id, action, class, bundle_version,
            state, queue, cost, at, acknowledge_by, resolve_by, definition, reasons)
          values (${`tsk-${unique}`}, ${id}, ${this.workspace}, 'dec', 'none', 'tip', 'marketing', 1, 'resolved', 'q', 300,
            ${at}, ${at}, ${at}, '{}', '[]')`);
      case 'decide':
        return this.#decide(id, unique, at, step);
      case 'merge': {
        const into = this.id(step.into);
        if (into === id || this.#gone.has(into)) return;
        return this.#merge(id, into);
      }
      case 'reported':
        return void (await sql`
          update deliveries set receipts = '{"opened": 3, "complained": 4}' where customer_id = ${id} and state = 'sent'`);
      case 'reached':
        return void (await sql`
          update enrollments set goal_at = entered_at + 1, ended_at = entered_at + 1, reason = 'goal'
          where customer_id = ${id} and goal_at is null and ended_at is null`);
      case 'recount':
        return requestRecount(sql, this.workspace);
      case 'unmerge':
        return this.#unmerge(`${this.workspace}/c${step.customer}`);
      case 'erase': {
        this.#gone.add(id);
        const erased = await eraseCustomer(
          { db: database.db },
          { workspace: this.workspace, customerId: id, actor: 'test' },
        );
        expect(erased.ok).toBe(true);
        const [left] = await sql`
          select count(*) as n from report_customers where customer_id = any(${erased.ok ? erased.ids : []})`;
        expect(left?.n).toBe(0);
      }
    }
  }

  async #event(id: string, name: string, at: number, properties: object): Promise<void> {
    const { sql } = database.db;
    const event = `evt-${this.workspace}-${serial++}`;
    await sql`
      with next as (update customers set seq = seq + 1 where id = ${id} returning seq)
      insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
      select ${id}, seq, ${this.workspace}, ${event}, ${event}, 'track', ${name}, to_timestamp(${at}::bigint / 1000.0),
        clock_timestamp(), false, 'web', ${JSON.stringify({ properties, traits: {}, context: {} })}::text::jsonb from next`;
  }

  async #decide(
    id: string,
    unique: string,
    at: number,
    { acted, effect, others, reward, move, arm }: Extract<Step, { do: 'decide' }>,
  ) {
    const { sql } = database.db;
    const [enrollment, first] = await sql`
      select id, entered_at as since from enrollments where customer_id = ${id} order by id desc`;
    const decidedAt = Math.max(at, enrollment?.since ?? 0);
    const of = enrollment?.id ?? 'none';
    const blocked = { gate: 'caps', code: 'cap_reached', rule: 'caps[0]', pass: false };
    const candidates = [
      {
        action: 'tip',
        enrollmentId: of,
        gates: acted ? [] : [blocked],
        verdict: acted ? 'chosen' : 'blocked',
      },
      {
        action: 'receipt',
        enrollmentId: of,
        gates: [blocked, { gate: 'spacing', code: 'too_soon', pass: false }],
        verdict: 'blocked',
      },
      {
        action: 'tip',
        enrollmentId: 'gone',
        gates: [blocked, { gate: 'consent', pass: false }],
        verdict: 'blocked',
      },
      ...others.map(({ action, gate, isFirst }) => ({
        action,
        enrollmentId: isFirst ? (first?.id ?? 'none') : of,
        gates: gate === null ? [] : [{ gate, code: 'no', pass: false }],
        verdict: gate === null ? 'outranked' : 'blocked',
      })),
    ];
    const task = acted && effect === 'task' ? `tsk-${unique}` : null;
    const record = encodeRecord({
      context: null,
      arbitrations: null,
      actions: task === null ? [] : [{ action: 'tip', task: { id: task } }],
      changes: [],
      candidates,
    } as never);
    const moves = [...(move ? [[of, 'start', move]] : []), ...(arm ? [[of, 'split', arm, 'exposed']] : [])];
    await sql`
      insert into decisions (id, customer_id, workspace, epoch, ordinal, at, from_seq, to_seq, bundle_version, outcome,
        changed, moves, policies, replayable, record)
      values (${`dec-${unique}`}, ${id}, ${this.workspace}, 1, ${serial}, ${decidedAt}, 0, 0, 1, ${acted ? 'acted' : 'held'}, true,
        ${moves.length > 0 ? JSON.stringify(moves) : null}::text::jsonb,
        '[{"policy": "thompson", "autonomy": "choose", "propensity": 0.25, "model": 1}]', false,
        ${`\\x${Buffer.from(record).toString('hex')}`}::text::bytea)`;
    await sql`
      insert into rewards (id, workspace, customer_id, decision_id, arm, action, channel, enrollment_id, bundle_version,
        feature_schema, features, propensity, explored, expected, at, within, due_at)
      values (${`dec-${unique}/0`}, ${this.workspace}, ${id}, ${`dec-${unique}`}, 'a', ${reward.action}, 'email', ${of}, 1,
        's', '[]', 0.25, ${reward.explored}, ${reward.predicted}, ${decidedAt}, 1, ${decidedAt})`;
    if (task !== null)
      await sql`
        insert into agent_tasks (id, customer_id, workspace, decision_id, enrollment_id, action, class, bundle_version,
          state, queue, cost, at, acknowledge_by, resolve_by, definition, reasons)
        values (${task}, ${id}, ${this.workspace}, ${`dec-${unique}`}, ${of}, 'tip', 'marketing', 1, 'open', 'q', 0,
          ${decidedAt}, 0, 0, '{}', '[]')`;
    else if (acted && effect !== null)
      await sql`
        insert into deliveries (id, customer_id, workspace, decision_id, decided_at, enrollment_id, action, class, channel,
          bundle_version, state, at, not_after, entry)
        values (${`dlv-${unique}`}, ${id}, ${this.workspace}, ${`dec-${unique}`}, ${decidedAt}, ${of}, 'tip', 'marketing',
          'email', 1, ${effect}, ${decidedAt + DAY}, 0, '{}')`;
  }

  /** As a merge does, with the events that were not processed moved to the other log. */
  async #merge(loser: string, winner: string): Promise<void> {
    const { sql } = database.db;
    await sql.begin(async (tx) => {
      await tx`update events set customer_id = ${winner}, seq = seq + 10000 + ${serial++}, origin = coalesce(origin, ${loser})
        where customer_id = ${loser} and seq % 2 = 0`;
      for (const table of ['enrollments', 'deliveries', 'agent_tasks', 'rewards'])
        await tx.unsafe(`update ${table} set customer_id = $1 where customer_id = $2`, [winner, loser]);
      await tx`update customers set merged_into = ${winner} where id = ${loser} or merged_into = ${loser}`;
      await tx`
        insert into merges (id, workspace, winner, loser, reason, actor)
        values (${`mrg-${serial++}`}, ${this.workspace}, ${winner}, ${loser}, 'test', 'test')`;
    });
    for (const [from, to] of this.#merged) if (to === loser) this.#merged.set(from, winner);
    this.#merged.set(loser, winner);
  }

  /** As an unmerge does: a new customer has what came for the merged ids, and moved events stay in the other log. */
  async #unmerge(loser: string): Promise<void> {
    const { sql } = database.db;
    const root = this.#merged.get(loser);
    const merge = await readMerge(sql, this.workspace, loser);
    if (root === undefined || !merge || this.#gone.has(root)) return;
    const kin = await readMergedLineage(sql, loser);
    const parted = `${this.workspace}/parted${serial++}`;
    await sql.begin(async (tx) => {
      await tx`
        insert into customers (id, workspace, profile, created_at)
        select ${parted}, workspace, profile, created_at from customers where id = ${loser}`;
      await tx`
        insert into journeys (customer_id, workspace, epoch, state)
        values (${parted}, ${this.workspace}, 1, ${JSON.stringify({ enrollments: [], seed: root })}::text::jsonb)`;
      await returnIdentities(tx, { loser, kin, root, to: parted });
      await recordUnmerge(tx, merge.id, { from: root, into: parted });
    });
    for (const id of kin) this.#merged.set(id, parted);
  }
}

/** Sequences that once counted differently. */
const FOUND: Step[][] = [
  // Entered a journey before the customer was known.
  [
    { do: 'enter', customer: 0, ago: 20, control: false, goal: false, ended: false, journey: 'tips' },
    { do: 'order', customer: 0, ago: 27, order: 0, total: 1, foreign: true },
  ],
];

test('after any sequence of changes the counts equal a recount of the rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = new World();
      await world.start();
      await world.addCrowd();
      for (const change of steps) await world.apply(change);
      await countAll(world.workspace);
      await expectEqualReports(world.workspace);
      // A day later windows hold something else, though nothing has changed.
      await countAll(world.workspace, NOW + DAY);
      await expectEqualReports(world.workspace, NOW + DAY);
    }),
    { numRuns: Number(process.env.RUNS ?? 8), examples: FOUND.map((steps) => [steps]) },
  );
}, 300_000);

test('a page that dies before its commit is counted again, and one that died after it is not', async () => {
  const world = new World();
  await world.start();
  await world.apply({ do: 'order', customer: 0, ago: 1, order: 1, total: 5_000, foreign: false });
  await world.apply({
    do: 'enter',
    customer: 0,
    ago: 2,
    control: false,
    goal: true,
    ended: false,
    journey: 'tips',
  });
  for (const point of ['counting', 'counted', 'counting']) {
    const dying = {
      ...deps,
      failpoint: async (name: string) => {
        if (name === point) throw new Error('killed');
      },
    } as JobDeps;
    await expect(countReports(dying, { workspace: world.workspace, now: NOW })).rejects.toThrow('killed');
    await world.apply({ do: 'visit', customer: 1, ago: 1 });
  }
  await countAll(world.workspace);
  await expectEqualReports(world.workspace);
});

test('a process that is killed while it counts neither loses nor repeats anything', async () => {
  const world = new World();
  await world.start();
  for (const name of ['one', 'two', 'three', 'four']) await world.addCrowd(name);
  const count = (env: Record<string, string>) =>
    spawnChild('test/app/reports/count-child.ts', {
      DATABASE_URL: database.url,
      WORKSPACE: world.workspace,
      NOW: String(NOW),
      ...env,
    });
  for (const [n, { line, ...env }] of [
    { line: 'reached', POINT: 'counting', PAGE: '2' },
    { line: 'reached', POINT: 'counted', PAGE: '1' },
    // Wherever it is after its first page.
    { line: 'page 1', POINT: '', PAGE: '' },
  ].entries()) {
    const child = count(env);
    await waitUntil(async () => child.lines.includes(line), `${line}: ${child.lines.join(' ')}`, 60_000);
    await child.kill();
    await world.apply({ do: 'order', customer: n, ago: n, order: n, total: 5_000 + n, foreign: false });
  }
  await world.apply({ do: 'merge', customer: 0, into: 1 });
  const other = count({});
  expect(await other.gone, other.lines.join('\n')).toBe(0);
  // Postgres may have kept the lock of a killed process for a moment, and then the other one had nothing to do.
  const isCounted = async () => {
    await countAll(world.workspace);
    const { length } = await database.db.sql`select from report_changes where workspace = ${world.workspace}`;
    return length === 0 && (await readCounts(database.db.sql, world.workspace))?.cursor === null;
  };
  await waitUntil(isCounted, 'the counts to be complete');
  await expectEqualReports(world.workspace);
}, 240_000);

test('two processes that count at once count everything once', async () => {
  const world = new World();
  await world.start();
  for (let n = 0; n < 20; n++)
    await world.apply({
      do: 'order',
      customer: n % PEOPLE,
      ago: n,
      order: n,
      total: 100 * n + 1,
      foreign: false,
    });
  await Promise.all([1, 2, 3, 4].map(() => countAll(world.workspace)));
  await countAll(world.workspace);
  await expectEqualReports(world.workspace);
});

test('what was counted of a dropped month stays counted', async () => {
  const world = new World();
  await world.start();
  const { sql } = database.db;
  await world.apply({ do: 'order', customer: 0, ago: 20, order: 1, total: 5_000, foreign: false });
  await world.apply({
    do: 'enter',
    customer: 0,
    ago: 21,
    control: false,
    goal: true,
    ended: false,
    journey: 'tips',
  });
  await world.apply({
    do: 'decide',
    customer: 0,
    ago: 20,
    acted: true,
    effect: 'sent',
    others: [{ action: 'tip', gate: 'caps', isFirst: true }],
    reward: { predicted: 0.4, action: 'receipt', explored: false },
    move: 'tell',
    arm: 'x',
  });
  await countAll(world.workspace);
  const bundle = await deps.bundles(sql, world.workspace, 1);
  const period = { from: (TODAY - 27) * DAY, to: (TODAY + 1) * DAY };
  const read = async () => {
    const counts = await findCounts(deps, world.workspace, period, NOW);
    if (!counts) throw new Error('nothing is counted');
    const value = await readCountedValue(deps, bundle, counts);
    const { rules, calibration } = await readCountedDecisions(deps, bundle, counts);
    return sortLists([value, rules, calibration, await readCountedFunnel(deps, counts, { action: 'tip' })]);
  };
  const before = await read();
  await sql`delete from events where workspace = ${world.workspace}`;
  await sql`delete from decisions where workspace = ${world.workspace}`;
  await sql`
    insert into retention (name, kept_since) values ('events', clock_timestamp()), ('decisions', clock_timestamp())
    on conflict (name) do update set kept_since = excluded.kept_since`;
  try {
    await world.apply({ do: 'exclude', customer: 3 });
    await sql`update enrollments set reason = null where customer_id = ${world.id(0)}`;
    await countAll(world.workspace);
    expect(await read()).toEqual(before);
    // Also where all is counted again.
    await sql`update report_counts set settings = jsonb_set(settings, '{version}', '0') where workspace = ${world.workspace}`;
    await countAll(world.workspace);
    expect((await readCounts(sql, world.workspace))?.generation).toBe(2);
    expect(await read()).toEqual(before);
  } finally {
    await sql`delete from retention`;
  }
});

test('while all is counted again for other holdouts, reports keep the arms that were counted', async () => {
  const world = new World();
  await world.start();
  await world.addCrowd();
  await countAll(world.workspace);
  await database.db.sql`
    update report_counts set generation = generation + 1, cursor = '',
      settings = jsonb_set(settings, '{holdouts}', '[0, 100, 200, 3000]')
    where workspace = ${world.workspace}`;
  await expectEqualReports(world.workspace);
});
