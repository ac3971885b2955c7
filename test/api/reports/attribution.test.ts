import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATTRIBUTION_LIMITS } from '../../../src/app/reports/attribution.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { ATTRIBUTION_MODELS } from '../../../src/statistics/attribution/attribute.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { OTHER, startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { type Rows, seed, wipe } from '../support/report-rows.ts';

const FROM = Date.UTC(2026, 2, 1);
const TO = Date.UTC(2026, 4, 1);
const PERIOD = 'from=2026-03-01&to=2026-05-01';
const URL = `/v1/reports/attribution?${PERIOD}`;

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, (files) => {
    const held = (text: string) => text.replace('holdout: 0%', 'holdout: 10%');
    return treatEveryCustomer(files).map((file) =>
      file.path === 'journeys/tips.yaml' ? { ...file, text: held(file.text) } : file,
    );
  });
});
afterAll(() => api.stop());

const CHANNELS = ['email', 'sms', 'web'];

/** Random logs: instants on a grid of hours, so that ties happen. */
const anyLog = fc.record({
  touches: fc.array(
    fc.record({
      who: fc.integer({ min: 0, max: 5 }),
      channel: fc.constantFrom(...CHANNELS),
      hour: fc.integer({ min: -40 * 24, max: 61 * 24 }),
      state: fc.constantFrom('sent', 'sent', 'sent', 'failed', 'cancelled'),
    }),
    { maxLength: 40 },
  ),
  orders: fc.array(
    fc.record({
      who: fc.integer({ min: 0, max: 5 }),
      hour: fc.integer({ min: -35 * 24, max: 62 * 24 }),
      order: fc.integer({ min: 0, max: 12 }),
      cents: fc.integer({ min: 0, max: 90_000 }),
      back: fc.boolean(),
    }),
    { maxLength: 20 },
  ),
});
type Log = typeof anyLog extends fc.Arbitrary<infer T> ? T : never;

const customers = Array.from({ length: 6 }, (_, n) => ({ id: `cus_${n}` }));

function rowsOf({ touches, orders }: Log): Rows {
  const events = orders.flatMap(({ who, hour, order, cents, back }) => {
    const at = FROM + hour * HOUR;
    const row = {
      customer_id: `cus_${who}`,
      at,
      properties: { order_id: `o-${order}`, total: cents / 100 },
    };
    const completed = { ...row, name: 'Order Completed' };
    // A refund that names no amount gives the whole order back.
    const whole = { order_id: row.properties.order_id };
    return back
      ? [completed, { ...row, name: 'Order Refunded', at: at + DAY, properties: whole }]
      : [completed];
  });
  const deliveries = touches.map(({ who, channel, hour, state }) => ({
    customer_id: `cus_${who}`,
    action: `act-${channel}`,
    channel,
    at: FROM + hour * HOUR,
    state,
  }));
  return { customers, events, deliveries };
}

/** Computed by definition, one conversion at a time, from the rows. */
function bruteForce({ touches, orders }: Log) {
  const credit = { last: new Map<string, number>(), first: new Map<string, number>() };
  let value = 0;
  let conversions = 0;
  for (let who = 0; who < 6; who++) {
    const back = new Set(orders.filter((o) => o.who === who && o.back).map((o) => o.order));
    const sorted = orders
      .filter((o) => o.who === who && o.hour < (TO - FROM) / HOUR)
      .sort((a, b) => a.hour - b.hour);
    // An order that was completed before the period is not completed again.
    const firsts = sorted.filter((o, i) => sorted.findIndex((p) => p.order === o.order) === i);
    let since = Number.NEGATIVE_INFINITY;
    for (const hour of [...new Set(firsts.map((o) => o.hour))]) {
      const contacts = touches
        .filter((t) => t.who === who && t.state === 'sent' && t.hour > since && t.hour <= hour)
        .filter((t) => t.hour >= hour - 30 * 24)
        .sort((a, b) => a.hour - b.hour || (a.channel < b.channel ? -1 : 1));
      since = hour;
      if (hour < 0) continue;
      const bought = firsts.filter((o) => o.hour === hour);
      conversions += bought.length;
      value += bought.reduce((sum, o) => sum + (back.has(o.order) ? 0 : o.cents), 0);
      const [first, last] = [contacts[0]?.channel ?? 'direct', contacts.at(-1)?.channel ?? 'direct'];
      credit.first.set(first, (credit.first.get(first) ?? 0) + bought.length);
      credit.last.set(last, (credit.last.get(last) ?? 0) + bought.length);
    }
  }
  return { credit, value, conversions };
}

test('C-10: over random logs the credits of every model sum to the conversions and equal a brute-force computation', async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, async (log) => {
      await wipe(api.db);
      await seed(api.db, WORKSPACE, rowsOf(log));
      const { body, status } = await api.get(URL);
      expect(status).toBe(200);
      const expected = bruteForce(log);
      expect(body.total.conversions).toBe(expected.conversions);
      expect(body.total.value.amount).toBe((expected.value / 100).toFixed(2));
      expect(body.models).toEqual([...ATTRIBUTION_MODELS]);
      if (body.touchpoints.length > 0)
        for (const model of ATTRIBUTION_MODELS) {
          const credits = body.touchpoints.flatMap((row: Row) => row.credits[model] ?? []);
          const sum = (of: (c: Credit) => number) => credits.reduce((s: number, c: Credit) => s + of(c), 0);
          expect(sum((c) => c.milliConversions)).toBe(1000 * expected.conversions);
          expect(Math.round(sum((c) => 100 * Number(c.value.amount)))).toBe(expected.value);
        }
      for (const model of ['first', 'last'] as const) {
        const credits = new Map(
          body.touchpoints
            .map((row: Row) => [
              row.touchpoint ?? 'direct',
              (row.credits[model]?.milliConversions ?? 0) / 1000,
            ])
            .filter(([, n]: [string, number]) => n > 0),
        );
        expect(credits).toEqual(expected.credit[model]);
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

interface Credit {
  milliConversions: number;
  value: { amount: string };
}
interface Row {
  touchpoint: string | null;
  credits: Record<string, Credit | undefined>;
}

test('C-10: credit by action and by journey includes calls of agents and shown actions, and excludes other workspaces', async () => {
  await wipe(api.db);
  const at = FROM + 10 * DAY;
  await seed(api.db, WORKSPACE, {
    customers: [{ id: 'cus_1' }, { id: 'cus_2' }, { id: 'cus_old', merged_into: 'cus_2' }],
    deliveries: [
      { customer_id: 'cus_1', action: 'tip', channel: 'email', at, enrollment_id: 'enr_1' },
      { customer_id: 'cus_1', action: 'banner', channel: 'web', at: at + HOUR },
    ],
    tasks: [
      { customer_id: 'cus_2', action: 'call', at, state: 'resolved', outcome: 'placed' },
      { customer_id: 'cus_2', action: 'call', at: at + HOUR, state: 'expired' },
    ],
    enrollments: [{ id: 'enr_1', customer_id: 'cus_1', journey: 'tips', arm: 'treated', entered_at: at }],
    events: [
      { customer_id: 'cus_1', name: 'Order Completed', at: at + DAY, properties: { total: 10, order_id: 1 } },
      // Orders of a merged customer belong to the winner.
      {
        customer_id: 'cus_old',
        name: 'Order Completed',
        at: at + DAY,
        properties: { total: 5, currency: 'EUR' },
      },
      {
        customer_id: 'cus_2',
        name: 'Order Completed',
        at: at + 2 * DAY,
        properties: { total: 7, currency: 'IDR' },
      },
      { customer_id: 'cus_2', name: 'Order Completed', at, source: 'account', properties: { total: 99 } },
    ],
  });
  const last = async (query: string) => {
    const { body } = await api.get(`${URL}&model=last&${query}`);
    return Object.fromEntries(
      body.touchpoints.map((row: Row) => [row.touchpoint, row.credits.last?.milliConversions]),
    );
  };
  expect(await last('by=channel')).toEqual({ agent_desk: 1000, email: 0, web: 1000, null: 1000 });
  expect(await last('by=action')).toEqual({ banner: 1000, call: 1000, tip: 0, null: 1000 });
  expect(await last('by=action_on_channel')).toMatchObject({ 'call@agent_desk': 1000, 'banner@web': 1000 });
  expect(await last('by=journey')).toEqual({ tips: 1000, null: 2000 });
  expect(await last('by=channel&journey=tips')).toEqual({ email: 1000 });
  const { body } = await api.get(`${URL}&model=last`);
  expect(body).toMatchObject({ otherCurrency: 1, customers: { touched: 2, converted: 2 } });
  expect(body.total.value.amount).toBe('15.00');

  expect((await api.get(`${URL}&journey=nobody`)).status).toBe(404);
  expect((await api.get(`${URL}&model=best`)).status).toBe(400);
  expect((await api.get(URL, api.keys.otherApi)).body.code).toBe('no_bundle');
  await seed(api.db, OTHER, {
    customers: [{ id: 'cus_9' }],
    events: [{ customer_id: 'cus_9', name: 'Order Completed', at, properties: { total: 1 } }],
  });
  expect((await api.get(URL)).body.total.conversions).toBe(3);
});

test('C-10: returns the incremental effect against a holdout beside the credit; no_control without one', async () => {
  await wipe(api.db);
  const people = Array.from({ length: 400 }, (_, n) => `cus_${n}`);
  const control = (n: number) => n % 10 === 0;
  await seed(api.db, WORKSPACE, {
    customers: people.map((id) => ({ id })),
    enrollments: people.map((id, n) => ({
      id: `enr_${n}`,
      customer_id: id,
      journey: 'tips',
      arm: control(n) ? ('control' as const) : ('treated' as const),
      entered_at: FROM + HOUR,
    })),
    deliveries: people
      .filter((_, n) => !control(n))
      .map((id, n) => ({
        customer_id: id,
        action: 'tip',
        channel: 'email',
        at: FROM + DAY,
        enrollment_id: `enr_${n}`,
      })),
    // Treated customers order twice as often; orders before the entry do not count.
    events: people.flatMap((id, n) => {
      const buys = n % (control(n) ? 40 : 2) === 0 || (!control(n) && n % 3 === 0);
      return [
        ...(buys
          ? [{ customer_id: id, name: 'Order Completed', at: FROM + 2 * DAY, properties: { total: 20 } }]
          : []),
        { customer_id: id, name: 'Order Completed', at: FROM, properties: { total: 1000 } },
      ];
    }),
  });
  const { body } = await api.get(`${URL}&by=journey`);
  const tips = body.touchpoints.find((row: Row) => row.touchpoint === 'tips');
  const treated = people.filter((_, n) => !control(n));
  const rate = (arm: string[]) =>
    arm.filter((id) => {
      const n = Number(id.slice(4));
      return n % (control(n) ? 40 : 2) === 0 || (!control(n) && n % 3 === 0);
    }).length / arm.length;
  const caused = (rate(treated) - rate(people.filter((_, n) => control(n)))) * treated.length;
  expect(tips.incremental.conversions.kind).toBe('incremental');
  expect(tips.incremental.conversions.amount).toBeCloseTo(caused, 8);
  expect(Number(tips.incremental.value.amount.amount)).toBeCloseTo(caused * 20, 1);
  expect(body.total.incremental.value).toEqual({ kind: 'no_control', treated: 0 });
  const channels = (await api.get(`${URL}&by=channel`)).body.touchpoints;
  for (const row of channels) expect(row.incremental.value.kind).toBe('no_control');
  const journey = (await api.get(`${URL}&journey=tips`)).body;
  expect(journey.total.incremental.conversions.amount).toBeCloseTo(caused, 8);
  // The sizes of the arms contradict the assignment: no number is returned.
  await api.db.sql`update enrollments set arm = 'control' where right(id, 1) in ('0', '1', '2', '3')`;
  const broken = (await api.get(`${URL}&journey=tips`)).body.total.incremental.value;
  expect(broken).toMatchObject({ kind: 'invalid', sampleRatio: { verdict: 'invalid' } });
  expect(broken).not.toHaveProperty('amount');
});

test('a conversion counts although its counter went for lack of room', async () => {
  await wipe(api.db);
  const at = (n: number) => new Date(FROM + DAY + n).toISOString();
  const track = (event: string, n: number) => ({ type: 'track', userId: 'busy', event, timestamp: at(n) });
  await api.batch(
    track('Roastery Visited', 0),
    ...Array.from({ length: 210 }, (_, n) => track(`Kind ${n}`, n + 1)),
  );
  const [row] = await api.db.sql`select profile -> 'counts' as counts from customers`;
  expect(row?.counts).not.toHaveProperty('Roastery Visited');
  const { body } = await api.get(`${URL}&event=Roastery%20Visited`).expect(200);
  expect(body.customers.converted).toBe(1);
});

test('C-10: refuses a period with too many rows, with one clear message', async () => {
  await wipe(api.db);
  await seed(api.db, WORKSPACE, {
    customers,
    deliveries: customers.map(({ id }) => ({ customer_id: id, action: 'a', channel: 'email', at: FROM })),
  });
  const { customers: most } = ATTRIBUTION_LIMITS;
  ATTRIBUTION_LIMITS.customers = 5;
  const refused = await api.get(URL);
  ATTRIBUTION_LIMITS.customers = 6;
  const fine = await api.get(URL);
  ATTRIBUTION_LIMITS.customers = most;
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({
    code: 'too_much',
    detail: expect.stringContaining('choose a shorter one'),
  });
  expect(fine.status).toBe(200);
});
