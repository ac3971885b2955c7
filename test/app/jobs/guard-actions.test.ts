import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBundleCache } from '../../../db/config/bundle-cache.ts';
import { pauseAction, readPausedActions, resumeAction } from '../../../db/guardrails/paused-actions.ts';
import { guardActions } from '../../../src/app/jobs/guard-actions.ts';
import type { JobDeps } from '../../../src/app/jobs/job.ts';
import { findJourneysOffering, readGuardrails } from '../../../src/app/jobs/read-guardrails.ts';
import { recordReceipts } from '../../../src/app/receipts/record-receipts.ts';
import { recompileBundle } from '../../../src/definitions/compile/recompile.ts';
import type { ActionDef, GuardrailDef } from '../../../src/domain/definition.ts';
import type { Receipt } from '../../../src/domain/receipt.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import {
  buildShop,
  buildTipsJourney,
  createDraws,
  emptyRows,
  installBundle,
  type LifeRows,
  saveRows,
} from '../../support/experiment-rows.ts';

/** A Monday in the middle of a half-year. */
const NOW = Date.UTC(2026, 9, 12);
const WEEK = 7 * DAY;
const WATCHED: GuardrailDef = { harms: ['unsubscribe', 'ticket'], tolerance: 1, within: 7 * DAY };

let database: TestDatabase;
let deps: JobDeps;
let warned: object[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  const log = { warn: (what: object) => warned.push(what) };
  deps = {
    db: database.db,
    bundles: createBundleCache((_, ...bundle) => recompileBundle(...bundle)),
    log,
  } as unknown as JobDeps;
});
afterAll(() => database?.drop());

interface Scene {
  seed: number;
  weeks?: number;
  perWeek?: number;
  /** Share of each week's customers who unsubscribe, by arm. */
  harm: { treated: number; control: number };
  until?: number;
}

/** A fifth are controls. Nine of ten treated get the tip a day after they enter; the others have no fewer problems. */
function lives({ seed, weeks = 5, perWeek = 400, harm, until = NOW - 2 * WEEK }: Scene): LifeRows {
  const draw = createDraws(seed);
  const rows = emptyRows();
  for (let n = 0; n < weeks * perWeek; n++) {
    const id = `c${seed}-${n}`;
    const enteredAt = Math.floor(until - WEEK * (1 + Math.floor(n / perWeek)) + draw() * WEEK);
    const arm = draw() < 0.2 ? 'control' : 'treated';
    rows.customers.push({ id, createdAt: enteredAt - DAY });
    rows.enrollments.push({ id: `e-${id}`, customer: id, journey: 'tips', arm, enteredAt });
    if (arm === 'treated' && draw() < 0.9)
      rows.deliveries.push({
        customer: id,
        enrollment: `e-${id}`,
        at: enteredAt + Math.floor(20 * HOUR * draw()),
      });
    if (draw() < harm[arm])
      rows.consents.push({ customer: id, at: enteredAt + HOUR + Math.floor(draw() * 6 * DAY) });
    if (draw() < 0.02) rows.tickets.push({ customer: id, at: enteredAt + Math.floor(draw() * 6 * DAY) + 1 });
  }
  return rows;
}

const guard = (workspace: string, now = NOW) => guardActions(deps, { workspace, now });
const paused = async (workspace: string) =>
  (await readPausedActions(database.db.sql, workspace)).map(({ action, cause }) => [action, cause.harm]);

describe('guardrails', () => {
  test('C-13: a harmful action is paused with an event that names the harm; the next run publishes no second event', async () => {
    const bundle = buildShop('harmed', { guardrails: WATCHED });
    await installBundle(database.db, bundle);
    await saveRows(database.db, 'harmed', lives({ seed: 1, harm: { treated: 0.09, control: 0.02 } }));
    warned = [];
    expect(await guard('harmed')).toEqual({ more: false });
    expect(await paused('harmed')).toEqual([['tip', 'unsubscribe']]);
    const [row] = await readPausedActions(database.db.sql, 'harmed');
    expect(row).toMatchObject({
      since: NOW,
      cause: { reading: { verdict: 'pause', tolerance: 1, alpha: 0.025 } },
    });
    expect(row?.cause.reading).toMatchObject({ p: expect.any(Number), breachedAt: expect.any(Number) });
    const p = (row?.cause.reading as { p: number } | undefined)?.p;
    expect(p).toBeLessThanOrEqual(0.025);
    await guard('harmed');
    expect(warned).toHaveLength(1);
  });

  test('an action about which providers report complaints is paused', async () => {
    const id = 'complained';
    await installBundle(database.db, buildShop(id, { guardrails: { ...WATCHED, harms: ['complaint'] } }));
    await saveRows(database.db, id, lives({ seed: 2, perWeek: 250, harm: { treated: 0, control: 0 } }));
    const { sql } = database.db;
    await sql`
      update deliveries set fence = 1, claimed_at = to_timestamp(at / 1000.0) where workspace = ${id}`;
    const sent = await sql<{ id: string; at: number }[]>`
      select id, at from deliveries where workspace = ${id} order by id`;
    const receipts = sent
      .filter((_, n) => n % 8 === 0)
      .map(
        (delivery): Receipt => ({
          kind: 'complained',
          channel: null,
          deliveryId: delivery.id,
          providerId: null,
          at: Number(delivery.at) + HOUR,
          id: delivery.id,
        }),
      );
    const outcomes = await recordReceipts(deps, id, receipts);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['recorded']));
    await guard(id);
    expect(await paused(id)).toEqual([['tip', 'complaint']]);
  });

  test('a simulated harm is detected within few weeks', async () => {
    await installBundle(database.db, buildShop('soon', { guardrails: WATCHED }));
    const scene = { seed: 7, weeks: 6, harm: { treated: 0.1, control: 0.02 } };
    await saveRows(database.db, 'soon', lives(scene));
    const begun = NOW - 8 * WEEK;
    const looks: number[] = [];
    for (let week = 1; week <= 8 && looks.length === 0; week++) {
      await guard('soon', begun + week * WEEK);
      if ((await paused('soon')).length > 0) looks.push(week);
    }
    // The first block closes after a week of entries, a day of lag and a week of waiting.
    expect(looks[0]).toBeGreaterThan(2);
    expect(looks[0]).toBeLessThanOrEqual(6);
  });

  test('a harmless action causes no alarm in 20 simulations with a check every week', async () => {
    let alarms = 0;
    for (let seed = 100; seed < 120; seed++) {
      const id = `calm-${seed}`;
      await installBundle(database.db, buildShop(id, { guardrails: WATCHED }));
      await saveRows(database.db, id, lives({ seed, perWeek: 250, harm: { treated: 0.04, control: 0.04 } }));
      for (let week = 4; week >= 0; week--) await guard(id, NOW - week * WEEK);
      alarms += (await paused(id)).length;
    }
    // Alpha is 5 % for an action's whole life: of 20, three or more would come about once in thirteen times.
    expect(alarms).toBeLessThanOrEqual(2);
  });

  test('a harm within the tolerated odds ratio pauses nothing', async () => {
    const rows = lives({ seed: 3, harm: { treated: 0.06, control: 0.03 } });
    for (const [id, tolerance] of [
      ['strict', 1],
      ['lenient', 2.5],
    ] as const) {
      await installBundle(database.db, buildShop(id, { guardrails: { ...WATCHED, tolerance } }));
      await saveRows(database.db, id, rows);
      await guard(id);
    }
    expect([await paused('strict'), await paused('lenient')]).toEqual([[['tip', 'unsubscribe']], []]);
  });

  test('each harm is counted by its own events, and only within its time', async () => {
    const seen: Record<string, number> = {};
    for (const harm of ['unsubscribe', 'complaint', 'ticket', 'refund'] as const) {
      const rows = emptyRows();
      const draw = createDraws(5);
      const enteredAt = NOW - 4 * WEEK;
      for (let n = 0; n < 300; n++) {
        const id = `c${n}`;
        const arm = draw() < 0.3 ? 'control' : 'treated';
        rows.customers.push({ id, createdAt: enteredAt });
        rows.enrollments.push({ id: `e${n}`, customer: id, journey: 'tips', arm, enteredAt });
        if (arm === 'treated') rows.deliveries.push({ customer: id, enrollment: `e${n}`, at: enteredAt });
        // Before it came, as it came, and when it is over: none of them counts.
        const late = enteredAt + WATCHED.within;
        const times = n < 40 ? [enteredAt + DAY] : n < 80 ? [enteredAt - DAY, enteredAt, late] : [];
        for (const at of times) {
          if (harm === 'unsubscribe') rows.consents.push({ customer: id, at });
          if (harm === 'ticket') rows.tickets.push({ customer: id, at });
          if (harm === 'complaint') rows.events.push({ customer: id, at, name: 'Delivery Complained' });
          if (harm === 'refund') rows.events.push({ customer: id, at, name: 'Order Refunded' });
        }
      }
      const bundle = buildShop(`by-${harm}`, { guardrails: { ...WATCHED, harms: [harm] } });
      await installBundle(database.db, bundle);
      await saveRows(database.db, `by-${harm}`, rows);
      const tip = bundle.actions[0] as ActionDef;
      const guardrails = await readGuardrails(database.db.sql, bundle, tip, { now: NOW, resumedAt: null });
      const [reading] = guardrails?.readings ?? [];
      seen[harm] = (reading?.treated.events ?? 0) + (reading?.control.events ?? 0);
      expect(guardrails?.exposed).toBe(rows.deliveries.length);
    }
    expect(seen).toEqual({ unsubscribe: 40, complaint: 40, ticket: 40, refund: 40 });
  });

  test('a banner’s first no is no unsubscribe, but a withdrawal of a grant is, and a no by the link', async () => {
    const counted: Record<string, number | undefined> = {};
    const enteredAt = NOW - 4 * WEEK;
    const said = {
      banner: [{ at: DAY, speaker: 'device' }],
      link: [{ at: DAY }],
      granted: [
        { at: -DAY, status: 'granted', speaker: 'device' },
        { at: DAY, speaker: 'device' },
      ],
      merge: [{ at: DAY, source: 'merge' }],
    };
    for (const [kind, statements] of Object.entries(said)) {
      const rows = emptyRows();
      for (let n = 0; n < 20; n++) {
        const [id, arm] = [`c${n}`, n < 10 ? 'control' : 'treated'] as const;
        rows.customers.push({ id, createdAt: enteredAt - 2 * DAY });
        rows.enrollments.push({ id: `e${n}`, customer: id, journey: 'tips', arm, enteredAt });
        if (arm === 'treated') rows.deliveries.push({ customer: id, enrollment: `e${n}`, at: enteredAt });
        for (const statement of statements)
          rows.consents.push({ ...statement, customer: id, at: enteredAt + statement.at });
      }
      const bundle = buildShop(`said-${kind}`, { guardrails: WATCHED });
      await installBundle(database.db, bundle);
      await saveRows(database.db, `said-${kind}`, rows);
      const tip = bundle.actions[0] as ActionDef;
      const guardrails = await readGuardrails(database.db.sql, bundle, tip, { now: NOW, resumedAt: null });
      counted[kind] = guardrails?.readings[0]?.treated.events;
    }
    expect(counted).toEqual({ banner: 0, link: 10, granted: 10, merge: 0 });
  });

  test('arms are compared as assigned, not by who received the action', async () => {
    // Only the half with few problems gets a message, and it harms none of them. Comparing only recipients would hide harm.
    const rows = emptyRows();
    const draw = createDraws(11);
    const enteredAt = NOW - 4 * WEEK;
    for (let n = 0; n < 3_000; n++) {
      const id = `c${n}`;
      const arm = draw() < 0.3 ? 'control' : 'treated';
      const calm = draw() < 0.5;
      rows.customers.push({ id, createdAt: enteredAt });
      rows.enrollments.push({ id: `e${n}`, customer: id, journey: 'tips', arm, enteredAt });
      if (arm === 'treated' && !calm)
        rows.deliveries.push({ customer: id, enrollment: `e${n}`, at: enteredAt });
      if (draw() < (calm ? 0 : 0.2)) rows.consents.push({ customer: id, at: enteredAt + DAY });
    }
    await installBundle(database.db, buildShop('picked', { guardrails: WATCHED }));
    await saveRows(database.db, 'picked', rows);
    await guard('picked');
    expect(await paused('picked')).toEqual([]);
  });

  test('customers whose merge united two arms are left out, and everyone counts once, by the first entry', async () => {
    const rows = emptyRows();
    const enteredAt = NOW - 4 * WEEK;
    for (let n = 0; n < 100; n++) {
      rows.customers.push({ id: `c${n}`, createdAt: enteredAt });
      const arm = n < 50 ? 'control' : 'treated';
      const of = { customer: `c${n}`, journey: 'tips', arm } as const;
      rows.enrollments.push({ ...of, id: `e${n}`, enteredAt, excluded: n % 10 === 0 });
      rows.enrollments.push({ ...of, id: `again${n}`, enteredAt: enteredAt + DAY });
      if (arm === 'treated') rows.deliveries.push({ customer: `c${n}`, enrollment: `e${n}`, at: enteredAt });
      rows.consents.push({ customer: `c${n}`, at: enteredAt + DAY });
    }
    const bundle = buildShop('once', { guardrails: WATCHED });
    await installBundle(database.db, bundle);
    await saveRows(database.db, 'once', rows);
    const tip = bundle.actions[0] as ActionDef;
    const guardrails = await readGuardrails(database.db.sql, bundle, tip, { now: NOW, resumedAt: null });
    expect(guardrails?.readings[0]).toMatchObject({
      treated: { customers: 45, events: 45 },
      control: { customers: 45, events: 45 },
    });
  });

  test('a resumed action is not paused again by the same evidence, but by new evidence', async () => {
    const { sql } = database.db;
    await installBundle(database.db, buildShop('resumed', { guardrails: WATCHED }));
    await saveRows(database.db, 'resumed', lives({ seed: 1, harm: { treated: 0.09, control: 0.02 } }));
    await guard('resumed');
    expect(await paused('resumed')).toHaveLength(1);
    const resume = { workspace: 'resumed', action: 'tip', by: 'ada', reason: 'the subject line is fixed' };
    expect(await resumeAction(sql, resume)).toBe(true);
    expect(await resumeAction(sql, resume)).toBe(false);
    // A person's clock is the wall's; here the journeys' runs elsewhere.
    await sql`update paused_actions set lifted_at = to_timestamp(${NOW}::bigint / 1000.0) where workspace = 'resumed'`;
    await guard('resumed', NOW + HOUR);
    expect(await paused('resumed')).toEqual([]);
    const later = NOW + 8 * WEEK;
    const more = lives({ seed: 2, harm: { treated: 0.09, control: 0.02 }, until: later - 2 * WEEK });
    more.deliveries = more.deliveries.map((row) => ({ ...row, state: 'sent' }));
    await database.db.sql`update deliveries set id = id || '/old' where workspace = 'resumed'`;
    await saveRows(database.db, 'resumed', more);
    await guard('resumed', later);
    expect(await paused('resumed')).toEqual([['tip', 'unsubscribe']]);
  });

  test('a check that started before a resume pauses nothing', async () => {
    const { sql } = database.db;
    const pause = { workspace: 'race', action: 'tip', since: NOW, cause: { harm: 'ticket' as const } };
    expect(await pauseAction(sql, { ...pause, resumedAt: null })).toBe(true);
    expect(await pauseAction(sql, pause)).toBe(false);
    await resumeAction(sql, { workspace: 'race', action: 'tip', by: 'ada', reason: 'no' });
    expect(await pauseAction(sql, { ...pause, resumedAt: null })).toBe(false);
    expect(await pauseAction(sql, { ...pause, resumedAt: Date.now() + DAY })).toBe(true);
  });

  test('workspaces are independent, and without guardrails nothing is checked', async () => {
    const rows = lives({ seed: 1, harm: { treated: 0.09, control: 0.02 } });
    await installBundle(database.db, buildShop('brand-a', { guardrails: WATCHED }));
    await installBundle(database.db, buildShop('brand-b', { guardrails: WATCHED }));
    await installBundle(database.db, buildShop('brand-c'));
    await saveRows(database.db, 'brand-a', rows);
    await saveRows(database.db, 'brand-c', rows);
    for (const id of ['brand-a', 'brand-b', 'brand-c', 'nobody']) await guard(id);
    expect(await Promise.all(['brand-a', 'brand-b', 'brand-c'].map(paused))).toEqual([
      [['tip', 'unsubscribe']],
      [],
      [],
    ]);
  });

  test('journeys with different holdouts are separate blocks, and their arms are not mixed', async () => {
    const bundle = buildShop('two', {
      guardrails: WATCHED,
      journeys: [buildTipsJourney(5_000, 'more-tips')],
    });
    expect(findJourneysOffering(bundle, 'tip').map(({ id }) => id)).toEqual(['tips', 'more-tips']);
    await installBundle(database.db, bundle);
    // Those of one journey are half controls and have much trouble; those of the other few, and little. No arm has more.
    const rows = emptyRows();
    const draw = createDraws(23);
    const enteredAt = NOW - 4 * WEEK;
    for (let n = 0; n < 4_000; n++) {
      const troubled = n % 2 === 0;
      const id = `c${n}`;
      const arm = draw() < (troubled ? 0.1 : 0.6) ? 'control' : 'treated';
      const journey = troubled ? 'tips' : 'more-tips';
      rows.customers.push({ id, createdAt: enteredAt });
      rows.enrollments.push({ id: `e${n}`, customer: id, journey, arm, enteredAt });
      if (arm === 'treated') rows.deliveries.push({ customer: id, enrollment: `e${n}`, at: enteredAt });
      if (draw() < (troubled ? 0.2 : 0.02)) rows.consents.push({ customer: id, at: enteredAt + DAY });
    }
    await saveRows(database.db, 'two', rows);
    await guard('two');
    expect(await paused('two')).toEqual([]);
  });
});
