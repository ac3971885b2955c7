import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { value as schema } from '../../../src/api/reports/value-schema.ts';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { isInGlobalControl, isInHoldout } from '../../../src/domain/holdout.ts';
import { DAY } from '../../../src/domain/time/time.ts';
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
const HOLDOUT = 3_000;
const GLOBAL = 2_000;
/** As `shopWith` has it. */
const MARGIN = 0.5;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.stop());

async function report(workspace: string, query = PERIOD) {
  const key = await createKey(api.db, { workspace, kind: 'api', scopes: ['read'], label: workspace });
  return api.get(`/v1/reports/value?${query}`, key);
}

interface Order {
  customer: string;
  id: string;
  at: number;
  minor: number;
  kept: boolean;
}

/** Customers who order, sometimes twice, in other currencies, or with a refund; treated ones order more. */
function lives(workspace: string, seed: number, people = 1_200): { rows: LifeRows; orders: Order[] } {
  const draw = createDraws(seed);
  const rows = emptyRows();
  const orders: Order[] = [];
  for (let n = 0; n < people; n++) {
    const id = `c${n}`;
    const subject = `${workspace}/${id}`;
    const global = isInGlobalControl(workspace, subject, GLOBAL);
    const arm = global || isInHoldout(workspace, 'tips', subject, HOLDOUT) ? 'control' : 'treated';
    const createdAt = FROM - 60 * DAY + Math.floor(draw() * 100 * DAY);
    rows.customers.push({ id, createdAt });
    if (draw() < 0.7) {
      const enteredAt = Math.max(FROM, createdAt) + Math.floor(draw() * 30 * DAY);
      rows.enrollments.push({ id: `e${n}`, customer: id, journey: 'tips', arm, enteredAt });
      const contacts = arm === 'treated' ? Math.floor(draw() * 4) : 0;
      for (let k = 0; k < contacts; k++) {
        const state = draw() < 0.1 ? 'cancelled' : 'sent';
        rows.deliveries.push({ customer: id, enrollment: `e${n}`, at: enteredAt + k * DAY, cost: 15, state });
      }
    }
    const bought = Math.floor(draw() * (arm === 'treated' ? 4.4 : 4));
    for (let k = 0; k < bought; k++) {
      const order = `o${n}-${k}`;
      const at = FROM - 50 * DAY + Math.floor(draw() * 150 * DAY);
      const minor = 100 + Math.floor(draw() * 9_000);
      const foreign = draw() < 0.05;
      const undone = draw() < 0.1;
      const shape = Math.floor(draw() * 3);
      const amount =
        shape === 0
          ? { total: minor / 100 }
          : shape === 1
            ? { revenue: String(minor / 100) }
            : { value: minor / 100 };
      const properties = { order_id: order, ...amount, ...(foreign ? { currency: 'USD' } : {}) };
      rows.events.push({ customer: id, name: 'Order Completed', at, properties });
      if (draw() < 0.2) rows.events.push({ customer: id, name: 'Order Completed', at: at + 1, properties });
      const back = draw() < 0.5 ? 'Order Refunded' : 'Order Cancelled';
      if (undone)
        rows.events.push({ customer: id, name: back, at: at + 40 * DAY, properties: { order_id: order } });
      orders.push({ customer: id, id: order, at, minor, kept: !undone && !foreign });
    }
    if (draw() < 0.1)
      rows.events.push({ customer: id, name: 'Product Reviewed', at: FROM + Math.floor(draw() * 90 * DAY) });
    if (draw() < 0.3)
      rows.events.push({
        customer: id,
        name: 'Page Viewed',
        at: FROM - 20 * DAY + Math.floor(draw() * 90 * DAY),
      });
  }
  return { rows, orders };
}

interface Counted {
  customers: number;
  value: number;
  frequency: number;
  loyalty: number;
  advocacy: number;
}

/** The oracle: per customer from an instant on, then the means. */
function count(scene: ReturnType<typeof lives>, members: { id: string; since: number }[]): Counted {
  let [value, bought, loyal, advocates] = [0, 0, 0, 0];
  for (const { id, since } of members) {
    const kept = scene.orders.filter((order) => order.customer === id && order.kept);
    const after = kept.filter((order) => order.at >= since && order.at < TO);
    value += MARGIN * after.reduce((sum, order) => sum + order.minor, 0);
    bought += after.length;
    if (after.length > 1 || (after.length === 1 && kept.some((order) => order.at < since))) loyal++;
    const events = scene.rows.events.filter(
      (event) => event.customer === id && event.name === 'Product Reviewed',
    );
    if (events.some((event) => event.at >= since && event.at < TO)) advocates++;
  }
  const n = members.length;
  return {
    customers: n,
    value: value / n,
    frequency: bought / n,
    loyalty: loyal / n,
    advocacy: advocates / n,
  };
}

function expectSide(
  found: Record<string, Record<'treated' | 'control', { customers: number; mean: unknown }>>,
  arm: 'treated' | 'control',
  counted: Counted,
) {
  for (const kpi of ['frequency', 'loyalty', 'advocacy'] as const) {
    expect(found[kpi]?.[arm].customers).toBe(counted.customers);
    expect(found[kpi]?.[arm].mean).toBeCloseTo(counted[kpi], 10);
  }
  expect(found.value?.[arm].mean).toEqual(euros(counted.value));
}

const euros = (minor: number) => ({ amount: (Math.round(minor) / 100).toFixed(2), currency: 'EUR' });

describe('GET /v1/reports/value', () => {
  it('B-4, C-9: value, frequency, loyalty and advocacy per arm equal a count over the rows', async () => {
    for (const seed of [1, 2]) {
      const workspace = `worth-${seed}`;
      await installBundle(api.db, buildShop(workspace, { holdout: HOLDOUT, global: GLOBAL }));
      const scene = lives(workspace, seed);
      await saveRows(api.db, workspace, scene.rows);
      const { status, body } = await report(workspace);
      expect(status).toBe(200);
      schema.parse(body);

      const [journey] = body.journeys;
      const entered = (arm: string) =>
        scene.rows.enrollments
          .filter((row) => row.arm === arm && row.enteredAt < TO)
          .map((row) => ({ id: row.customer, since: row.enteredAt }));
      const [treated, control] = [count(scene, entered('treated')), count(scene, entered('control'))];
      expectSide(journey, 'treated', treated);
      expectSide(journey, 'control', control);
      expect(journey.value.difference).toEqual(euros(treated.value - control.value));
      expect(journey.incremental.amount).toEqual({
        amount: (((treated.value - control.value) * treated.customers) / 100).toFixed(2),
        currency: 'EUR',
      });

      const everyone = scene.rows.customers.filter((row) => row.createdAt < TO);
      const held = (id: string) => isInGlobalControl(workspace, `${workspace}/${id}`, GLOBAL);
      const customers = (arm: boolean) =>
        everyone
          .filter(({ id }) => held(id) === arm)
          .map(({ id, createdAt }) => ({ id, since: Math.max(FROM, createdAt) }));
      expectSide(body.global, 'treated', count(scene, customers(false)));
      expectSide(body.global, 'control', count(scene, customers(true)));
      const foreign = new Set(
        scene.rows.events
          .filter(
            ({ name, properties }) => name === 'Order Completed' && properties && 'currency' in properties,
          )
          .map(({ properties }) => (properties as { order_id: string }).order_id),
      );
      const undone = new Set(
        scene.rows.events
          .filter(({ name }) => name === 'Order Refunded' || name === 'Order Cancelled')
          .map(({ properties }) => (properties as { order_id: string }).order_id),
      );
      const counted = scene.orders.filter(
        (order) => order.at < TO && foreign.has(order.id) && !undone.has(order.id),
      );
      expect(body.otherCurrencies).toBe(counted.length);
    }
  });

  it('B-5, D-18: contacts, spend and value per spend count only what was sent', async () => {
    const [journey, scene] = [(await report('worth-1')).body.journeys[0], lives('worth-1', 1)];
    const made = scene.rows.deliveries.filter((row) => row.state === 'sent' && row.at < TO);
    const { efficiency, incremental } = journey;
    expect(efficiency).toMatchObject({
      contacts: made.length,
      spend: euros(15 * made.length),
      costPerContact: euros(15),
    });
    expect(efficiency.valuePerSpend.amount).toBeCloseTo(
      Number(incremental.amount.amount) / Number(efficiency.spend.amount),
      3,
    );
    if (Number(incremental.low.amount) <= 0) expect(efficiency.costPerUnit).toBeNull();
    const all = scene.rows.deliveries.filter((row) => row.state === 'sent' && row.at >= FROM && row.at < TO);
    expect((await report('worth-1')).body.global.efficiency.contacts).toBe(all.length);
  });

  it('C-12: acquisition, engagement and retention are computed over separate groups of customers', async () => {
    const { body } = await report('worth-1');
    const scene = lives('worth-1', 1);
    const customers = scene.rows.customers.filter((row) => row.createdAt < TO);
    const held = (id: string) => isInGlobalControl('worth-1', `worth-1/${id}`, GLOBAL);
    const kept = (id: string) => scene.orders.filter((order) => order.customer === id && order.kept);
    const before = (id: string) => kept(id).some((order) => order.at < FROM);
    const within = (id: string) => kept(id).some((order) => order.at >= FROM && order.at < TO);
    const shareOf = (ids: string[], did: (id: string) => boolean) => ids.filter(did).length / ids.length;
    const active = (id: string) =>
      scene.rows.events.some(
        (event) =>
          event.customer === id &&
          event.at >= FROM &&
          event.at < TO &&
          !/Refunded|Cancelled/.test(event.name),
      );
    for (const [arm, control] of [
      ['treated', false],
      ['control', true],
    ] as const) {
      const ids = customers.filter(({ id }) => held(id) === control).map(({ id }) => id);
      const [fresh, regular] = [ids.filter((id) => !before(id)), ids.filter(before)];
      const { acquisition, retention, engagement } = body.global.lifecycle;
      expect(acquisition[arm]).toEqual({
        customers: fresh.length,
        mean: expect.closeTo(shareOf(fresh, within), 10),
      });
      expect(retention[arm]).toEqual({
        customers: regular.length,
        mean: expect.closeTo(shareOf(regular, within), 10),
      });
      expect(engagement[arm]).toEqual({
        customers: ids.length,
        mean: expect.closeTo(shareOf(ids, active), 10),
      });
    }
  });

  it('B-4: cohorts by month of entry add up to the total, each with its own controls', async () => {
    const [journey] = (await report('worth-1')).body.journeys;
    expect(journey.cohorts.map((item: { cohort: string }) => item.cohort)).toEqual(
      [...journey.cohorts.map((item: { cohort: string }) => item.cohort)].sort(),
    );
    const sizes = journey.cohorts.map((item: { sampleRatio: { arms: { customers: number }[] } }) =>
      item.sampleRatio.arms.map((arm) => arm.customers),
    );
    const total = sizes.reduce(
      (sum: number[], item: number[]) => sum.map((n, i) => n + (item[i] as number)),
      [0, 0],
    );
    expect(total).toEqual([journey.customers.treated, journey.customers.control]);
    expect(journey.cohorts[0].value.kind).not.toBe('no_control');
  });

  it('purchases before a merge count once, for the remaining customer', async () => {
    await installBundle(api.db, buildShop('merged', { holdout: 0, global: 5_000 }));
    const rows = emptyRows();
    for (let n = 0; n < 400; n++) rows.customers.push({ id: `c${n}`, createdAt: FROM });
    const order = { name: 'Order Completed', at: FROM + DAY, properties: { order_id: 'same', total: 100 } };
    for (let n = 0; n < 100; n++) {
      rows.customers.push({ id: `lost${n}`, createdAt: FROM });
      rows.events.push(
        { ...order, customer: `lost${n}` },
        { ...order, customer: `c${n}`, at: FROM + 2 * DAY },
      );
      // An event copied from another member of the account does not count.
      rows.events.push({
        ...order,
        customer: `c${n}`,
        properties: { order_id: 'told', total: 9 },
        source: 'account',
      });
    }
    await saveRows(api.db, 'merged', rows);
    await api.db.sql`
      update customers set merged_into = 'merged/c' || substr(id, 12) where workspace = 'merged' and id like 'merged/lost%'`;
    const { body } = await report('merged');
    expect(body.global.customers.treated + body.global.customers.control).toBe(400);
    const { treated, control } = body.global.frequency;
    expect(treated.mean * treated.customers + control.mean * control.customers).toBeCloseTo(100, 8);
  });

  it('E-4: without a control returns costs, but no mean and no incremental value', async () => {
    await installBundle(api.db, buildShop('alone', { holdout: 0 }));
    const rows = emptyRows();
    for (let n = 0; n < 100; n++) {
      rows.customers.push({ id: `c${n}`, createdAt: FROM });
      rows.enrollments.push({
        id: `e${n}`,
        customer: `c${n}`,
        journey: 'tips',
        arm: 'treated',
        enteredAt: FROM,
      });
      rows.deliveries.push({ customer: `c${n}`, enrollment: `e${n}`, at: FROM + DAY, cost: 7 });
      rows.events.push({
        customer: `c${n}`,
        name: 'Order Completed',
        at: FROM + 2 * DAY,
        properties: { total: 10 },
      });
    }
    await saveRows(api.db, 'alone', rows);
    const { body } = await report('alone');
    for (const group of [body.journeys[0], body.global]) {
      expect(group.value).toEqual({ kind: 'no_control', treated: 100 });
      expect([group.incremental, group.efficiency.valuePerSpend, group.efficiency.costPerUnit]).toEqual([
        null,
        null,
        null,
      ]);
      expect(group.efficiency).toMatchObject({ contacts: 100, spend: euros(700), costPerContact: euros(7) });
    }
    expect(JSON.stringify(body)).not.toMatch(/"(mean|difference|lift)"/);
  });

  it('C-13: with a sample ratio mismatch no value is computed', async () => {
    await installBundle(api.db, buildShop('gone', { holdout: HOLDOUT, global: GLOBAL }));
    const { rows } = lives('gone', 5);
    rows.enrollments = rows.enrollments.filter((row, n) => row.arm === 'treated' || n % 2 === 0);
    await saveRows(api.db, 'gone', rows);
    const [journey] = (await report('gone')).body.journeys;
    expect([journey.value.kind, journey.loyalty.kind, journey.incremental]).toEqual([
      'invalid',
      'invalid',
      null,
    ]);
    expect(journey.efficiency.valuePerSpend).toBeNull();
  });

  it('excludes other workspaces, refuses unknown parameters, and returns 404 without a bundle', async () => {
    await installBundle(api.db, buildShop('bare'));
    const { status, body } = await report('bare');
    expect((await report('bare', `${PERIOD}&x=1`)).body.errors).toMatchObject([{ path: 'query.x' }]);
    expect([status, body.journeys[0].customers]).toEqual([200, { treated: 0, control: 0, excluded: 0 }]);
    expect(body.global.efficiency).toMatchObject({ contacts: 0, costPerContact: null });
    expect((await report('nowhere')).status).toBe(404);
  });
});
