import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { experiments as schema } from '../../../src/api/reports/experiments-schema.ts';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { isInGlobalControl, isInHoldout } from '../../../src/domain/holdout.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { bucket } from '../../../src/domain/values/hash.ts';
import { buildJourney, decideStep, entryByEvent, trigger } from '../../support/bundle-builders.ts';
import {
  buildShop,
  createDraws,
  emptyRows,
  installBundle,
  type LifeRows,
  saveRows,
} from '../../support/experiment-rows.ts';
import { startApi, type TestApi } from '../support/harness.ts';

const TO = Date.UTC(2026, 8, 1);
const FROM = TO - 90 * DAY;
const PERIOD = 'from=2026-06-03&to=2026-09-01';
const HOLDOUT = 2_000;
const GLOBAL = 1_000;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.stop());

async function report(workspace: string, query = PERIOD) {
  const key = await createKey(api.db, { workspace, kind: 'api', scopes: ['read'], label: workspace });
  return api.get(`/v1/reports/experiments?${query}`, key);
}

interface Scene {
  workspace: string;
  seed: number;
  people?: number;
  goal?: { treated: number; control: number };
}

/** Customers by the assignment; some enter twice, or before the period. */
function lives({ workspace, seed, people = 2_000, goal = { treated: 0.2, control: 0.2 } }: Scene): LifeRows {
  const draw = createDraws(seed);
  const rows = emptyRows();
  for (let n = 0; n < people; n++) {
    const id = `c${seed}-${n}`;
    const subject = `${workspace}/${id}`;
    const control =
      isInGlobalControl(workspace, subject, GLOBAL) || isInHoldout(workspace, 'tips', subject, HOLDOUT);
    const arm = control ? 'control' : 'treated';
    rows.customers.push({ id, createdAt: FROM - Math.floor(draw() * 300 * DAY) });
    for (let k = 0; k < (draw() < 0.2 ? 2 : 1); k++) {
      const enteredAt = FROM - 5 * DAY + Math.floor(draw() * 100 * DAY);
      const goalAt = draw() < goal[arm] ? enteredAt + 3 * HOUR : null;
      const excluded = draw() < 0.01;
      rows.enrollments.push({
        id: `e${id}-${k}`,
        customer: id,
        journey: 'tips',
        arm,
        enteredAt,
        goalAt,
        excluded,
      });
    }
  }
  return rows;
}

/** The oracle: first entries within the period. */
function firstEntries(rows: LifeRows) {
  const first = new Map<string, LifeRows['enrollments'][number]>();
  for (const row of [...rows.enrollments].sort((a, b) => a.enteredAt - b.enteredAt)) {
    if (row.enteredAt < FROM || row.enteredAt >= TO || first.has(row.customer)) continue;
    first.set(row.customer, row);
  }
  return [...first.values()];
}

const share = (rows: { goalAt?: number | null }[]) => rows.filter((row) => row.goalAt).length / rows.length;

describe('GET /v1/reports/experiments', () => {
  it('C-9, C-13: an A/A test passes, and every number equals a count over the rows', async () => {
    for (const seed of [1, 2, 3]) {
      const workspace = `aa-${seed}`;
      await installBundle(api.db, buildShop(workspace, { holdout: HOLDOUT, global: GLOBAL }));
      const rows = lives({ workspace, seed });
      await saveRows(api.db, workspace, rows);
      const { status, body } = await report(workspace);
      expect(status).toBe(200);
      schema.parse(body);

      const first = firstEntries(rows);
      const of = (arm: string) => first.filter((row) => row.arm === arm && !row.excluded);
      const [journey] = body.journeys;
      const sizes = { treated: of('treated').length, control: of('control').length };
      expect(journey).toMatchObject({
        journey: 'tips',
        stage: 'adoption',
        kpi: 'repeat_rate',
        customers: { ...sizes, excluded: first.filter((row) => row.excluded).length },
        sampleRatio: { verdict: 'ok' },
        goal: { treated: { customers: sizes.treated }, control: { customers: sizes.control } },
      });
      // A tenth are in the global control, and a fifth of the others in the journey's own.
      expect(journey.expectedControlShare).toBeCloseTo(0.28, 12);
      expect(journey.goal.treated.mean).toBeCloseTo(share(of('treated')), 12);
      expect(journey.goal.control.mean).toBeCloseTo(share(of('control')), 12);
      expect(journey.goal.difference).toBeCloseTo(share(of('treated')) - share(of('control')), 12);
      expect(journey.goal.low).toBeLessThanOrEqual(0);
      expect(journey.goal.high).toBeGreaterThanOrEqual(0);

      const everyone = rows.customers.map(({ id }) => id);
      const held = everyone.filter((id) => isInGlobalControl(workspace, `${workspace}/${id}`, GLOBAL));
      const within = rows.enrollments.filter(
        (row) => row.enteredAt >= FROM && row.enteredAt < TO && row.goalAt,
      );
      const reached = new Set(within.map((row) => row.customer));
      expect(body.global).toMatchObject({
        sample: 1,
        expectedControlShare: 0.1,
        customers: { treated: everyone.length - held.length, control: held.length, excluded: 0 },
        sampleRatio: { verdict: 'ok' },
      });
      const rate = held.filter((id) => reached.has(id)).length / held.length;
      expect(body.global.goal.control.mean).toBeCloseTo(rate, 12);
      expect(body.global.goal.low).toBeLessThanOrEqual(0);
      expect(body.global.goal.high).toBeGreaterThanOrEqual(0);
    }
  });

  it('C-9: returns a comparison for a detectable effect, and the detectable difference otherwise', async () => {
    await installBundle(api.db, buildShop('effect', { holdout: HOLDOUT, global: GLOBAL }));
    const large = lives({
      workspace: 'effect',
      seed: 5,
      people: 3_000,
      goal: { treated: 0.3, control: 0.15 },
    });
    await saveRows(api.db, 'effect', large);
    const [found] = (await report('effect')).body.journeys;
    expect(found.goal.kind).toBe('compared');
    expect(found.goal.low).toBeGreaterThan(0);
    expect(found.goal.p).toBeLessThan(0.001);

    await installBundle(api.db, buildShop('weak', { holdout: HOLDOUT, global: GLOBAL }));
    await saveRows(api.db, 'weak', lives({ workspace: 'weak', seed: 6, people: 500 }));
    const [weak] = (await report('weak')).body.journeys;
    expect(weak.goal.kind).toBe('underpowered');
    expect(weak.goal.detectable).toBeGreaterThan(0.1 * weak.goal.control.mean);
    expect(weak.goal).not.toHaveProperty('p');
  });

  it('C-13: with a sample ratio mismatch the headline is invalid and has no mean', async () => {
    await installBundle(api.db, buildShop('lost', { holdout: HOLDOUT, global: GLOBAL }));
    const rows = lives({ workspace: 'lost', seed: 9 });
    rows.enrollments = rows.enrollments.filter((row, n) => row.arm === 'treated' || n % 3 > 0);
    await saveRows(api.db, 'lost', rows);
    const [journey] = (await report('lost')).body.journeys;
    expect(journey.sampleRatio).toMatchObject({ verdict: 'invalid' });
    expect(journey.sampleRatio.p).toBeLessThan(0.001);
    expect(journey.goal.kind).toBe('invalid');
    expect(JSON.stringify(journey)).not.toContain('"mean"');
  });

  it('C-13: an edited holdout is no mismatch: the expected share follows the bundle at entry', async () => {
    await installBundle(api.db, buildShop('edited', { holdout: 5_000 }), FROM - 9 * DAY);
    await installBundle(api.db, buildShop('edited', { holdout: 1_000, version: 2 }), FROM + 30 * DAY);
    const rows = emptyRows();
    for (let n = 0; n < 2_000; n++) {
      const version = n % 2 === 0 ? 1 : 2;
      const arm = isInHoldout('edited', 'tips', `edited/c${n}`, version === 1 ? 5_000 : 1_000)
        ? 'control'
        : 'treated';
      rows.customers.push({ id: `c${n}`, createdAt: FROM });
      rows.enrollments.push({
        id: `e${n}`,
        customer: `c${n}`,
        journey: 'tips',
        arm,
        version,
        enteredAt: FROM + n,
      });
    }
    await saveRows(api.db, 'edited', rows);
    const [journey] = (await report('edited')).body.journeys;
    expect([journey.sampleRatio.verdict, journey.expectedControlShare]).toEqual(['ok', 0.3]);
  });

  it('an edit of the global holdout excludes customers whose arm changed', async () => {
    await installBundle(api.db, buildShop('moved', { global: 2_000 }), FROM - 9 * DAY);
    await installBundle(api.db, buildShop('moved', { global: 500, version: 2 }), FROM + 30 * DAY);
    const rows = emptyRows();
    for (let n = 0; n < 2_000; n++) rows.customers.push({ id: `c${n}`, createdAt: FROM });
    await saveRows(api.db, 'moved', rows);
    const at = (lowest: number, highest: number) =>
      rows.customers.filter(({ id }) => {
        const arm = bucket('moved', '*', `moved/${id}`);
        return arm >= lowest && arm < highest;
      }).length;
    const { body } = await report('moved');
    expect(body.global.customers).toEqual({
      control: at(0, 500),
      excluded: at(500, 2_000),
      treated: at(2_000, 10_000),
    });
    expect(body.global.sampleRatio.verdict).toBe('ok');
  });

  it('E-4: without a control returns no mean', async () => {
    await installBundle(api.db, buildShop('all', { holdout: 0 }));
    const rows = emptyRows();
    for (let n = 0; n < 300; n++) {
      rows.customers.push({ id: `c${n}`, createdAt: FROM });
      const goalAt = n % 2 === 0 ? FROM + DAY : null;
      rows.enrollments.push({
        id: `e${n}`,
        customer: `c${n}`,
        journey: 'tips',
        arm: 'treated',
        enteredAt: FROM,
        goalAt,
      });
    }
    await saveRows(api.db, 'all', rows);
    const { body } = await report('all');
    expect(body.journeys[0].goal).toEqual({ kind: 'no_control', treated: 300 });
    expect(body.global.goal).toEqual({ kind: 'no_control', treated: 300 });
    expect(JSON.stringify(body)).not.toMatch(/"(mean|rate|difference|lift)"/);
  });

  it('C-13: checks the sizes of a split, compares each arm with the first, and names a winner only if there is one', async () => {
    const branch = buildJourney(
      'tips',
      [entryByEvent('Signed Up')],
      [
        {
          id: 'split',
          kind: 'branch',
          arms: [
            { kind: 'share', share: 5_000, salt: 's', next: 'short' },
            { kind: 'share', share: 3_000, salt: 's', next: 'long' },
            { kind: 'share', share: 2_000, salt: 's', next: 'short' },
          ],
        },
        decideStep('short', ['tip']),
        decideStep('long', ['tip']),
      ],
      {
        class: 'marketing',
        holdout: 0,
        goal: { ...trigger('Order Completed'), within: 30 * DAY, kpi: 'repeat_rate', exit: false },
      },
    );
    const scene = async (workspace: string, rates: Record<string, number>, lost = 0) => {
      await installBundle(api.db, { ...buildShop(workspace, { holdout: 0 }), journeys: [branch] });
      const rows = emptyRows();
      const draw = createDraws(17);
      for (let n = 0; n < 3_000; n++) {
        const arm = draw() < 0.3 ? 'long' : 'short';
        if (arm === 'long' && draw() < lost) continue;
        const goalAt = draw() < (rates[arm] as number) ? FROM + 2 * DAY : null;
        const of = { customer: `c${n}`, enrollment: `e${n}` };
        rows.customers.push({ id: `c${n}`, createdAt: FROM });
        rows.enrollments.push({
          id: `e${n}`,
          customer: `c${n}`,
          journey: 'tips',
          arm: 'treated',
          enteredAt: FROM,
          goalAt,
        });
        rows.exposures.push({ ...of, step: 'split', arm, at: FROM + HOUR });
        // A second exposure to the same arm does not count again.
        rows.exposures.push({ ...of, step: 'split', arm, at: FROM + 2 * HOUR });
      }
      await saveRows(api.db, workspace, rows);
      const [split] = (await report(workspace)).body.splits;
      return { split, rows };
    };
    const { split, rows } = await scene('split', { short: 0.1, long: 0.25 });
    expect(split).toMatchObject({
      journey: 'tips',
      step: 'split',
      sampleRatio: { verdict: 'ok' },
      winner: 'long',
      unknownArms: 0,
    });
    const long = rows.exposures.filter((row) => row.arm === 'long').length / 2;
    expect(split.arms.map((arm: { arm: string; customers: number }) => [arm.arm, arm.customers])).toEqual([
      ['short', rows.customers.length - long],
      ['long', long],
    ]);
    expect(split.arms[0].comparison).toBeNull();
    expect(split.arms[1].comparison.low).toBeGreaterThan(0);
    const { low, mean, high } = split.arms[1].rate;
    expect([low < mean, mean < high]).toEqual([true, true]);

    const equal = (await scene('split-aa', { short: 0.2, long: 0.2 })).split;
    expect([equal.winner, equal.arms[1].comparison.low < 0, equal.arms[1].comparison.high > 0]).toEqual([
      null,
      true,
      true,
    ]);

    const broken = (await scene('split-lost', { short: 0.1, long: 0.25 }, 0.4)).split;
    expect([broken.sampleRatio.verdict, broken.winner]).toEqual(['invalid', null]);
    expect(JSON.stringify(broken)).not.toContain('"mean"');
  });

  it('C-5, C-13: compares content variants; a variant with few customers is no winner', async () => {
    const bundle = buildShop('variants', { tip: { variants: { email: ['a', 'b', 'c'] } } });
    await installBundle(api.db, bundle);
    const scene = (people: number, best: number) => {
      const rows = emptyRows();
      const draw = createDraws(31);
      for (let n = 0; n < people; n++) {
        const id = `v${people}-${n}`;
        const variant = ['a', 'b', 'c'][Math.floor(draw() * 3)] as string;
        const goalAt = draw() < (variant === 'c' ? best : 0.1) ? FROM + 5 * DAY : null;
        rows.customers.push({ id, createdAt: FROM });
        rows.enrollments.push({
          id: `e${id}`,
          customer: id,
          journey: 'tips',
          arm: 'treated',
          enteredAt: FROM,
          goalAt,
        });
        for (const at of [FROM + DAY, FROM + 2 * DAY])
          rows.deliveries.push({ customer: id, enrollment: `e${id}`, at, variant });
      }
      return rows;
    };
    await saveRows(api.db, 'variants', scene(60, 0.3));
    const [few] = (await report('variants')).body.variants;
    expect(few).toMatchObject({ action: 'tip', channel: 'email', winner: null });
    await api.db.sql`update deliveries set id = id || '/few' where workspace = 'variants'`;
    const rows = scene(3_000, 0.25);
    await saveRows(api.db, 'variants', rows);
    const [many] = (await report('variants')).body.variants;
    expect([many.winner, many.sampleRatio.verdict]).toEqual(['c', 'ok']);
    expect(many.arms.reduce((sum: number, arm: { customers: number }) => sum + arm.customers, 0)).toBe(3_060);
  });

  it('refuses a period with too many rows', async () => {
    await installBundle(api.db, buildShop('crowd'));
    await api.db.sql`
      insert into enrollments (id, customer_id, workspace, journey, version, arm, entered_at)
      select 'crowd/' || n, 'crowd/' || n, 'crowd', 'tips', 1, 'treated', ${FROM}::bigint + n
      from generate_series(1, 200001) n`;
    const { status, body } = await report('crowd');
    expect([status, body.code]).toEqual([422, 'too_much']);
    expect((await report('crowd', 'from=2026-07-01&to=2026-09-01')).status).toBe(200);
  });

  it('excludes other workspaces, refuses unknown parameters, and empty and too long periods', async () => {
    await installBundle(api.db, buildShop('empty'));
    const { body } = await report('empty');
    expect((await report('empty', `${PERIOD}&form=x`)).body.errors).toMatchObject([{ path: 'query.form' }]);
    expect(body.journeys[0].customers).toEqual({ treated: 0, control: 0, excluded: 0 });
    expect(body.period).toEqual({ from: new Date(FROM).toISOString(), to: new Date(TO).toISOString() });
    for (const query of [
      'from=2026-09-01&to=2026-06-03',
      'from=2024-01-01&to=2026-01-01',
      'from=2026-09-01&to=2026-09-01',
    ])
      expect((await report('empty', query)).body.code).toBe('invalid_period');
    for (const query of ['from=yesterday', 'to=2026-02-31'])
      expect((await report('empty', query)).status).toBe(400);
    const usual = (await report('empty', '')).body.period;
    expect(Date.parse(usual.to) - Date.parse(usual.from)).toBe(90 * DAY);
    expect(Date.parse(usual.to)).toBeGreaterThan(Date.now());
    expect((await report('nowhere')).status).toBe(404);
  });
});
