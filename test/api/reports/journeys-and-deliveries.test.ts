import { afterAll, beforeAll, expect, test } from 'vitest';
import { COUNTED_RECEIPTS } from '../../../db/reports/deliveries.ts';
import { isInGlobalControl } from '../../../src/domain/holdout.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { OTHER, startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { seed, wipe } from '../support/report-rows.ts';

const AT = Date.UTC(2026, 2, 5);
const PERIOD = 'from=2026-03-01&to=2026-04-01';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, (files) =>
    treatEveryCustomer(files).map(({ path, text }) => ({
      path,
      text:
        path === 'workspace.yaml'
          ? `${text}\nholdout: 20%\n`
          : path === 'journeys/tips.yaml'
            ? text.replace('holdout: 0%', 'holdout: 10%')
            : text,
    })),
  );
});
afterAll(() => api.stop());

test('C-11: enrollments by arm, goal against the controls, and progress by step equal a count over the rows', async () => {
  await wipe(api.db);
  const people = Array.from({ length: 500 }, (_, n) => n);
  // 28 % are controls: a fifth of all, and a tenth of the rest.
  const arm = (n: number) => (n % 25 < 7 ? ('control' as const) : ('treated' as const));
  const goal = (n: number) => (arm(n) === 'treated' ? n % 2 === 0 : n % 5 === 0);
  const ended = (n: number) => n % 3 === 0;
  await seed(api.db, WORKSPACE, {
    enrollments: [
      ...people.map((n) => ({
        id: `enr_${n}`,
        customer_id: `cus_${n}`,
        journey: 'tips',
        arm: arm(n),
        entered_at: AT,
        goal_at: goal(n) ? AT + DAY : null,
        ended_at: ended(n) ? AT + DAY : null,
        reason: ended(n) ? (n % 2 === 0 ? 'completed' : 'left') : null,
      })),
      {
        id: 'enr_x',
        customer_id: 'cus_x',
        journey: 'tips',
        arm: 'control',
        entered_at: AT,
        excluded: true,
        goal_at: AT,
      },
      { id: 'enr_early', customer_id: 'cus_e', journey: 'tips', arm: 'treated', entered_at: AT - 30 * DAY },
      { id: 'enr_gone', customer_id: 'cus_g', journey: 'bygone', arm: 'treated', entered_at: AT },
    ],
    // Every fourth moved on to the week of waiting, and half of them back to the tip.
    decisions: people
      .filter((n) => n % 4 === 0)
      .map((n) => ({
        id: `dec_${n}`,
        customer_id: `cus_${n}`,
        at: AT + HOUR,
        changes: [
          { kind: 'entered', enrollment: `enr_${n}`, journey: 'tips' },
          {
            kind: 'moved',
            enrollment: `enr_${n}`,
            journey: 'tips',
            from: 'tip',
            to: 'week',
            reason: 'sent',
          },
          ...(n % 8 === 0
            ? [
                {
                  kind: 'moved',
                  enrollment: `enr_${n}`,
                  journey: 'tips',
                  from: 'week',
                  to: 'exit',
                  reason: 'time',
                },
              ]
            : []),
        ],
      })),
  });
  const { body, status } = await api.get(`/v1/reports/journeys?${PERIOD}`);
  expect(status).toBe(200);
  const tips = body.journeys.find((one: { journey: string }) => one.journey === 'tips');
  const treated = people.filter((n) => arm(n) === 'treated');
  const control = people.filter((n) => arm(n) === 'control');
  expect(tips).toMatchObject({ owner: 'care', stage: 'adoption' });
  expect(tips.treated).toEqual({
    entered: treated.length,
    open: treated.filter((n) => !ended(n)).length,
    goal: treated.filter(goal).length,
    excluded: 0,
    ended: ['completed', 'left']
      .map((reason) => ({
        reason,
        ended: treated.filter((n) => ended(n) && (n % 2 === 0) === (reason === 'completed')).length,
      }))
      .sort((a, b) => b.ended - a.ended || (a.reason < b.reason ? -1 : 1)),
  });
  expect(tips.control).toMatchObject({ entered: control.length + 1, excluded: 1 });
  expect(tips.goal.kind).toBe('compared');
  expect(tips.goal.difference).toBeCloseTo(
    treated.filter(goal).length / treated.length - control.filter(goal).length / control.length,
    12,
  );
  const [first, week] = tips.steps;
  const last = (n: number) => (n % 4 === 0 ? 'week' : 'tip');
  for (const [step, found] of [
    ['tip', first],
    ['week', week],
  ]) {
    const here = treated.filter((n) => last(n) === step);
    const reached = step === 'tip' ? treated.length : here.length;
    expect(found).toMatchObject({ step, reached, current: here.filter((n) => !ended(n)).length });
    expect(found.movedOn).toBe(reached - here.length);
    for (const { reason, ended: n } of found.ended)
      expect(n).toBe(here.filter((m) => ended(m) && (m % 2 === 0) === (reason === 'completed')).length);
  }
  expect(body.journeys.at(-1)).toMatchObject({
    journey: 'bygone',
    owner: null,
    goal: null,
    treated: { entered: 1 },
  });
  expect((await api.get(`/v1/reports/journeys?${PERIOD}`, api.keys.otherApi)).body.code).toBe('no_bundle');
});

test('B-5: deliveries by channel, action and variant have states, refusals and costs', async () => {
  await wipe(api.db);
  const one = { customer_id: 'cus_1', action: 'tip', channel: 'email', at: AT };
  const held = {
    state: 'held',
    verdict: [
      { gate: 'caps', pass: false, code: 'cap_reached' },
      { gate: 'consent', pass: false },
    ],
  };
  await seed(api.db, WORKSPACE, {
    deliveries: [
      { ...one, cost: 10, variant: 'a' },
      { ...one, cost: 12, variant: 'a', state: 'unknown' },
      { ...one, cost: 5, variant: 'a', state: 'failed' },
      { ...one, cost: 7, variant: 'b', state: 'planned', verdict: held.verdict.slice(0, 1) },
      { ...one, cost: 9, variant: 'b', ...held },
      { ...one, channel: 'sms' },
      { ...one, at: Date.UTC(2026, 3, 1) },
    ],
    tasks: [
      { customer_id: 'cus_1', action: 'call', at: AT, state: 'resolved', outcome: 'placed', cost: 300 },
      { customer_id: 'cus_1', action: 'call', at: AT, state: 'open', cost: 300 },
      { customer_id: 'cus_1', action: 'call', at: AT, state: 'withdrawn', cost: 300 },
    ],
  });
  await seed(api.db, OTHER, { deliveries: [one] });
  const clicked = JSON.stringify({ clicked: AT, openedAutomatically: AT, bounced: AT });
  await api.db.sql`update deliveries set receipts = ${clicked}::text::jsonb where cost in (10, 12)`;
  const { body } = await api.get(`/v1/reports/deliveries?${PERIOD}`);
  const none = { planned: 0, held: 0, sending: 0, sent: 0, failed: 0, unknown: 0, cancelled: 0 };
  const common = { channel: 'email', action: 'tip', class: 'marketing' };
  const unreported = (share: number | null) =>
    Object.fromEntries(COUNTED_RECEIPTS.map((kind) => [kind, { deliveries: 0, share }]));
  const reported = { deliveries: 2, share: 2 };
  const euro = (amount: string) => ({ amount, currency: 'EUR' });
  expect(body.deliveries).toEqual([
    {
      ...common,
      variant: 'a',
      states: { ...none, sent: 1, unknown: 1, failed: 1 },
      receipts: {
        ...unreported(0),
        delivered: reported,
        clicked: reported,
        openedAutomatically: reported,
        bounced: reported,
      },
      refusals: [],
      spent: euro('0.22'),
      reserved: euro('0.00'),
    },
    {
      ...common,
      variant: 'b',
      states: { ...none, planned: 1, held: 1 },
      receipts: unreported(null),
      refusals: [
        { gate: 'caps', code: 'cap_reached', deliveries: 2 },
        { gate: 'consent', code: 'blocked', deliveries: 1 },
      ],
      spent: euro('0.00'),
      reserved: euro('0.16'),
    },
    {
      ...common,
      channel: 'sms',
      variant: null,
      states: { ...none, sent: 1 },
      receipts: unreported(0),
      refusals: [],
      spent: euro('0.00'),
      reserved: euro('0.00'),
    },
  ]);
  expect(body.tasks).toEqual([
    {
      action: 'call',
      class: 'service',
      states: { planned: 0, open: 1, acknowledged: 0, resolved: 1, expired: 0, withdrawn: 1 },
      outcomes: [{ outcome: 'placed', tasks: 1 }],
      spent: euro('3.00'),
      reserved: euro('3.00'),
    },
  ]);
});

test('C-12, B-4: repeat purchases n months after the first order, treated and control, equal a count over the rows', async () => {
  await wipe(api.db);
  const people = Array.from({ length: 300 }, (_, n) => `cus_${n}`);
  const order = (at: number, status = 'paid') => ({
    id: String(at),
    status,
    total: 1000,
    currency: 'EUR',
    at,
  });
  // First orders in January, half of them in the last hour of December in Berlin; every third again in February.
  const first = (n: number) =>
    n % 2 === 0 ? Date.UTC(2025, 11, 31, 22, 30) : Date.UTC(2025, 11, 31, 23, 30);
  await seed(api.db, WORKSPACE, {
    customers: [
      ...people.map((id, n) => {
        const orders = [
          order(first(n)),
          ...(n % 3 === 0 ? [order(Date.UTC(2026, 1, 10))] : []),
          ...(n % 5 === 0 ? [order(Date.UTC(2026, 2, 10), 'refunded')] : []),
        ];
        return { id, profile: { orders, orderCount: orders.length } };
      }),
      { id: 'cus_none' },
      { id: 'cus_lost', merged_into: 'cus_1', profile: { orders: [order(first(0))], orderCount: 1 } },
    ],
    enrollments: people.slice(0, 200).map((id, n) => ({
      id: `enr_${n}`,
      customer_id: id,
      journey: 'tips',
      arm: n % 25 < 7 ? ('control' as const) : ('treated' as const),
      entered_at: AT,
    })),
  });
  const url = '/v1/reports/retention?from=2025-12-01&to=2026-03-01';
  const { body } = await api.get(url);
  expect(body.cohorts.map((one: { month: string }) => one.month)).toEqual(['2025-12', '2026-01']);
  for (const [parity, cohort] of body.cohorts.entries()) {
    const its = people.filter((_, n) => n % 2 === parity);
    const isControl = (id: string) => isInGlobalControl(WORKSPACE, id, 2000);
    const treated = its.filter((id) => !isControl(id));
    expect(cohort).toMatchObject({ treated: treated.length, control: its.length - treated.length });
    const again = (ids: string[]) => ids.filter((id) => Number(id.slice(4)) % 3 === 0).length / ids.length;
    const february = cohort.months[parity === 0 ? 1 : 0];
    expect(february.treated).toBeCloseTo(again(treated), 12);
    expect(february.control).toBeCloseTo(again(its.filter(isControl)), 12);
    expect(cohort.months[parity === 0 ? 2 : 1]).toMatchObject({ treated: 0, control: 0 });
    // Up to the last completed month.
    const now = new Date();
    const months = now.getUTCFullYear() * 12 + now.getUTCMonth() - 1 - (2025 * 12 + 11 + parity);
    expect(Math.abs(cohort.months.length - months)).toBeLessThanOrEqual(1);
  }
  const tips = (await api.get(`${url}&journey=tips`)).body;
  expect(tips.cohorts[0]).toMatchObject({ treated: 72, control: 28, sampleRatio: { verdict: 'ok' } });
  expect((await api.get(`${url}&journey=nobody`)).status).toBe(404);
});
