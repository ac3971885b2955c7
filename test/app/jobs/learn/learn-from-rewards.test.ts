import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JobDeps } from '../../../../src/app/jobs/job.ts';
import { DAY, HOUR } from '../../../../src/domain/time/time.ts';
import { baselineArmId } from '../../../../src/learning/model/reward-kind.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import {
  activate,
  armOf,
  customer,
  decided,
  delivery,
  expected,
  happened,
  learn,
  learnDeps,
  modelOf,
  REWARDS,
  rewardsOf,
  SHOP,
  shopOf,
  T0,
  tip,
  tipped,
  vector,
  WEEK,
} from './learn-shop.ts';

let system: TestDatabase;
let deps: JobDeps;
const db = () => system.db;

beforeEach(async () => {
  system = await createTestDatabase();
  deps = learnDeps(system.db);
});
afterEach(() => system?.drop());

test('D-15, A-9: after clicks the next decision expects more of an action, without clicks less', async () => {
  const bundle = shopOf([tip('tip'), tip('offer')]);
  await activate(db(), bundle);
  await learn(deps, T0);
  const before = await modelOf(db());
  for (let n = 0; n < 6; n++) await tipped(db(), bundle, n, { clicked: true });
  for (let n = 6; n < 12; n++) await tipped(db(), bundle, n, { action: 'offer' });
  await learn(deps);

  const after = await modelOf(db());
  const x = vector(bundle);
  expect(expected(after, 'tip/email', x)).toBeGreaterThan(2 * expected(before, 'tip/email', x));
  expect(expected(after, 'offer/email', x)).toBeLessThan(expected(before, 'offer/email', x));
  expect(armOf(after, 'tip/email')).toMatchObject({ observed: 6, lastAt: T0 });
  // Decisions load this model by its version.
  const served = await deps.models(db().sql, SHOP, after?.version ?? null);
  expect(served?.arms.get('tip/email')?.evidence).toBeGreaterThan(1);
});

test('A-9: hundreds of rewards that close at once do not make the model overshoot', async () => {
  const bundle = shopOf([tip('tip')]);
  await activate(db(), bundle);
  for (let n = 0; n < 200; n++) await tipped(db(), bundle, n, { clicked: n % 10 < 3 });
  await learn(deps, T0 + WEEK);
  const rate = expected(await modelOf(db()), 'tip/email', vector(bundle));
  expect(rate).toBeGreaterThan(0.22);
  expect(rate).toBeLessThan(0.38);
});

test('A-9: a reward is learned only after its window ends, with or without a click', async () => {
  const bundle = shopOf([tip('tip')]);
  await activate(db(), bundle);
  const [clicked, silent] = [await tipped(db(), bundle, 1, { clicked: true }), await tipped(db(), bundle, 2)];
  await learn(deps, T0 + WEEK - 1);
  expect(await rewardsOf(db())).toMatchObject({ [clicked]: { state: 'open' }, [silent]: { state: 'open' } });
  expect(armOf(await modelOf(db()), 'tip/email')?.observed).toBe(0);

  await learn(deps, T0 + WEEK);
  expect(await rewardsOf(db())).toMatchObject({
    [clicked]: { state: 'counted', reward: 1 },
    [silent]: { state: 'counted', reward: 0 },
  });
  expect(armOf(await modelOf(db()), 'tip/email')?.observed).toBe(2);
});

test('A-9: a later message has its whole window, an unfinished one is waited for, an unsent one teaches nothing', async () => {
  const bundle = shopOf([tip('tip')]);
  await activate(db(), bundle);
  const states = {
    late: 'sent',
    under: 'sending',
    planned: 'planned',
    held: 'held',
    unknown: 'unknown',
    failed: 'failed',
    cancelled: 'cancelled',
  };
  for (const [id, state] of Object.entries(states)) {
    await customer(db(), id);
    const reward = { arm: 'tip/email', action: 'tip', channel: 'email' };
    await decided(db(), { id, customerId: id, bundle, rewards: [reward] });
    const at = id === 'late' ? T0 + 2 * DAY : T0 + HOUR;
    await delivery(db(), { id: `dlv_${id}`, decisionId: id, customerId: id, action: 'tip', state, at });
  }
  await customer(db(), 'never');
  const reward = { arm: 'tip/email', action: 'tip', channel: 'email' };
  await decided(db(), { id: 'never', customerId: 'never', bundle, rewards: [reward] });
  const now = T0 + WEEK + DAY;
  await learn(deps, now);
  expect(await rewardsOf(db())).toMatchObject({
    'late/0': { state: 'open', dueAt: T0 + 2 * DAY + WEEK },
    'under/0': { state: 'open', dueAt: now + WEEK },
    'planned/0': { state: 'open', dueAt: now + WEEK },
    'held/0': { state: 'not_sent', reward: null },
    'unknown/0': { state: 'not_sent' },
    'failed/0': { state: 'not_sent' },
    'cancelled/0': { state: 'not_sent' },
    'never/0': { state: 'not_sent' },
  });
  expect(armOf(await modelOf(db()), 'tip/email')?.observed).toBe(0);

  // A click on the eighth day is within the window of a message sent on the third.
  const click = { delivery_id: 'dlv_late' };
  await happened(db(), {
    customerId: 'late',
    name: 'Delivery Clicked',
    at: T0 + 8 * DAY,
    properties: click,
  });
  await learn(deps, T0 + 2 * DAY + WEEK);
  expect(await rewardsOf(db())).toMatchObject({ 'late/0': { state: 'counted', reward: 1 } });
});

test('A-9: with an action on all channels, a click on any channel rewards the chosen arm', async () => {
  const bundle = shopOf([tip('tip', { channels: ['email', 'sms'] })]);
  await activate(db(), bundle);
  await tipped(db(), bundle, 1);
  await delivery(db(), {
    id: 'dlv_1s',
    decisionId: 'dec_1',
    customerId: 'cus_1',
    action: 'tip',
    channel: 'sms',
  });
  await happened(db(), {
    customerId: 'cus_1',
    name: 'Delivery Clicked',
    at: T0 + HOUR,
    properties: { delivery_id: 'dlv_1s' },
  });
  await learn(deps);
  expect(await rewardsOf(db())).toMatchObject({ 'dec_1/0': { state: 'counted', reward: 1 } });
  expect(armOf(await modelOf(db()), 'tip/sms')?.observed).toBe(0);
});

test('A-9: an agent task is rewarded after it is resolved', async () => {
  const task = { queue: 'sales', acknowledge: HOUR, escalate: [], resolve: DAY, outcomes: [], attach: [] };
  const bundle = shopOf([tip('call', { reward: REWARDS.order, mode: 'human', task })]);
  await activate(db(), bundle);
  for (const [id, state] of [
    ['done', 'resolved'],
    ['open', 'open'],
    ['gone', 'withdrawn'],
  ] as const) {
    await customer(db(), id);
    const reward = { arm: 'call/agent_desk', action: 'call', channel: 'agent_desk' };
    await decided(db(), { id, customerId: id, bundle, rewards: [reward] });
    await db().sql`
      insert into agent_tasks (id, customer_id, workspace, decision_id, enrollment_id, action, class, bundle_version, state,
                               queue, at, acknowledge_by, resolve_by, definition, reasons)
      values (${`tsk_${id}`}, ${id}, ${SHOP}, ${id}, ${`enr_${id}`}, 'call', 'marketing', 1, ${state}, 'sales', ${T0},
              ${T0 + HOUR}, ${T0 + DAY}, '{}', '{}')`;
    await happened(db(), { customerId: id, name: 'Order Completed', at: T0 + DAY });
  }
  const now = T0 + WEEK;
  await learn(deps, now);
  expect(await rewardsOf(db())).toMatchObject({
    'done/0': { state: 'counted', reward: 1 },
    'open/0': { state: 'open', dueAt: now + HOUR },
    'gone/0': { state: 'not_sent' },
  });
});

test('A-3: doing nothing learns per kind of reward from the decision on, and never from a click', async () => {
  const bundle = shopOf([tip('tip'), tip('offer', { reward: REWARDS.order })]);
  await activate(db(), bundle);
  const [clicks, orders] = [baselineArmId(REWARDS.click), baselineArmId(REWARDS.order)];
  await customer(db(), 'rests');
  const rewards = [
    { arm: clicks, action: 'tip', channel: null },
    { arm: orders, action: 'offer', channel: null },
  ];
  await decided(db(), { id: 'rests', customerId: 'rests', bundle, rewards });
  await happened(
    db(),
    { customerId: 'rests', name: 'Order Completed', at: T0 + DAY },
    // A click in a message of an earlier decision.
    {
      customerId: 'rests',
      name: 'Delivery Clicked',
      at: T0 + DAY,
      properties: { delivery_id: 'dlv_earlier' },
    },
  );
  await learn(deps);
  expect(await rewardsOf(db())).toMatchObject({
    'rests/0': { state: 'counted', reward: 0 },
    'rests/1': { state: 'counted', reward: 1 },
  });
  const model = await modelOf(db());
  expect([clicks, orders].map((arm) => armOf(model, arm)?.observed)).toEqual([1, 1]);
  const x = vector(bundle);
  expect(expected(model, orders, x)).toBeGreaterThan(expected(model, clicks, x));
});

test('language reference, match: key, customer and account select whose events are a reward', async () => {
  const byKey = { ...REWARDS.order, match: 'key' as const };
  const byAccount = { ...REWARDS.order, match: 'account' as const };
  const bundle = shopOf([
    tip('keyed', { reward: byKey }),
    tip('own', { reward: REWARDS.order }),
    tip('shared', { reward: byAccount }),
  ]);
  await activate(db(), bundle);
  const reward = (action: string) => ({ arm: `${action}/email`, action, channel: 'email' });
  const cases = {
    'key-right': { action: 'keyed', event: { properties: { order_id: 'o-1' } }, reward: 1 },
    'key-wrong': { action: 'keyed', event: { properties: { order_id: 'o-2' } }, reward: 0 },
    'own-any': { action: 'own', event: { properties: { order_id: 'o-9' } }, reward: 1 },
    'own-echo': { action: 'own', event: { source: 'account' }, reward: 0 },
    'shared-echo': { action: 'shared', event: { source: 'account' }, reward: 1 },
    'shared-own': { action: 'shared', event: {}, reward: 1 },
    backfill: { action: 'own', event: { historical: true }, reward: 0 },
    'too-early': { action: 'own', event: { at: T0 - 1 }, reward: 0 },
    'too-late': { action: 'own', event: { at: T0 + WEEK }, reward: 0 },
    'just-in': { action: 'own', event: { at: T0 + WEEK - 1 }, reward: 1 },
  };
  for (const [id, { action, event }] of Object.entries(cases)) {
    await customer(db(), id);
    await decided(db(), { id, customerId: id, bundle, rewards: [{ ...reward(action), key: 'o-1' }] });
    await db().sql`
      insert into enrollments (id, customer_id, workspace, journey, version, key, arm, entered_at)
      values (${`enr_${id}`}, ${id}, ${SHOP}, 'visits', 1, 'o-1', 'treated', ${T0})`;
    await delivery(db(), { id: `dlv_${id}`, decisionId: id, customerId: id, action });
    await happened(db(), { customerId: id, name: 'Order Completed', at: T0 + DAY, ...event });
  }
  await learn(deps);
  const rewards = await rewardsOf(db());
  for (const [id, { reward: wanted }] of Object.entries(cases))
    expect(rewards[`${id}/0`], id).toMatchObject({ state: 'counted', reward: wanted });
});

test('A-9: decisions made before a journey’s key changed are matched by their own key', async () => {
  const action = tip('keyed', { reward: { ...REWARDS.order, match: 'key' } });
  const bundle = shopOf([action]);
  await activate(db(), bundle);
  await customer(db(), 'a');
  const reward = { arm: 'keyed/email', action: 'keyed', channel: 'email', key: 'o-1' };
  await decided(db(), { id: 'a', customerId: 'a', bundle, rewards: [reward] });
  await db().sql`
    insert into enrollments (id, customer_id, workspace, journey, version, key, arm, entered_at)
    values ('enr_a', 'a', ${SHOP}, 'visits', 1, 'o-1', 'treated', ${T0})`;
  await delivery(db(), { id: 'dlv_a', decisionId: 'a', customerId: 'a', action: 'keyed' });
  await happened(db(), {
    customerId: 'a',
    name: 'Order Completed',
    at: T0 + DAY,
    properties: { order_id: 'o-1', cart_id: 'c-1' },
  });
  const [visits] = bundle.journeys;
  if (!visits) throw new Error('the shop has a journey');
  await activate(db(), shopOf([action], { version: 2, journeys: [{ ...visits, key: 'cart_id' }] }));
  await learn(deps);
  expect(await rewardsOf(db())).toMatchObject({ 'a/0': { state: 'counted', reward: 1 } });
});

test('A-9: a condition can read the event and the customer’s facts; a failing condition is false', async () => {
  const order = REWARDS.order;
  const bundle = shopOf([
    tip('large', { reward: { ...order, when: 'event.properties.total >= 50.0' } }),
    tip('gold', { reward: { ...order, when: "traits.tier == 'gold'" } }),
    tip('missing', { reward: { ...order, when: 'event.properties.nothing > 1.0' } }),
  ]);
  await activate(db(), bundle);
  const cases = {
    'large-60': { action: 'large', total: 60, reward: 1 },
    'large-40': { action: 'large', total: 40, reward: 0 },
    'gold-1': { action: 'gold', tier: 'gold', reward: 1 },
    'gold-2': { action: 'gold', tier: 'tin', reward: 0 },
    'missing-1': { action: 'missing', reward: 0 },
  } as Record<string, { action: string; total?: number; tier?: string; reward: number }>;
  for (const [id, { action, total = 1, tier }] of Object.entries(cases)) {
    await customer(db(), id);
    if (tier)
      await db().sql`
        update customers set profile = jsonb_set(profile, '{traits}', ${JSON.stringify({
          tier: { value: tier, at: T0, seq: 1, source: 'crm' },
        })}::text::jsonb) where id = ${id}`;
    const reward = { arm: `${action}/email`, action, channel: 'email' };
    await decided(db(), { id, customerId: id, bundle, rewards: [reward] });
    await delivery(db(), { id: `dlv_${id}`, decisionId: id, customerId: id, action });
    await happened(db(), {
      customerId: id,
      name: 'Order Completed',
      at: T0 + DAY,
      properties: { total },
    });
  }
  await learn(deps);
  const rewards = await rewardsOf(db());
  for (const [id, { reward }] of Object.entries(cases))
    expect(rewards[`${id}/0`], id).toMatchObject({ state: 'counted', reward });
});

test('D-14: amounts are summed in minor units; an unreadable amount or another currency is not counted as 0', async () => {
  const bundle = shopOf([tip('offer', { reward: REWARDS.spend })]);
  await activate(db(), bundle);
  const cases = {
    two: { orders: [{ total: 12.5 }, { total: '7.49' }], state: 'counted', reward: 1999 },
    none: { orders: [], state: 'counted', reward: 0 },
    words: { orders: [{ total: 'much' }], state: 'not_finite', reward: null },
    missing: { orders: [{ total: 5 }, {}], state: 'not_finite', reward: null },
    dollars: { orders: [{ total: 5, currency: 'USD' }], state: 'other_currency', reward: null },
    euros: { orders: [{ total: 5, currency: 'eur' }], state: 'counted', reward: 500 },
  };
  for (const [id, { orders }] of Object.entries(cases)) {
    await customer(db(), id);
    const reward = { arm: 'offer/email', action: 'offer', channel: 'email' };
    await decided(db(), { id, customerId: id, bundle, rewards: [reward] });
    await delivery(db(), { id: `dlv_${id}`, decisionId: id, customerId: id, action: 'offer' });
    for (const properties of orders)
      await happened(db(), { customerId: id, name: 'Order Completed', at: T0 + DAY, properties });
  }
  await learn(deps);
  const rewards = await rewardsOf(db());
  for (const [id, { state, reward }] of Object.entries(cases))
    expect(rewards[`${id}/0`], id).toMatchObject({ state, reward });
  expect(armOf(await modelOf(db()), 'offer/email')).toMatchObject({
    observed: 3,
    likelihood: { kind: 'money' },
  });
});

test('A-9: a new action starts with the measured spread of amounts of its kind of reward', async () => {
  const offer = tip('offer', { reward: REWARDS.spend });
  const bundle = shopOf([offer]);
  await activate(db(), bundle);
  for (let n = 0; n < 60; n++) {
    const id = `c${n}`;
    await customer(db(), id);
    await decided(db(), {
      id,
      customerId: id,
      bundle,
      rewards: [{ arm: 'offer/email', action: 'offer', channel: 'email' }],
    });
    await delivery(db(), { id: `dlv_${id}`, decisionId: id, customerId: id, action: 'offer' });
    const total = n % 2 === 0 ? 30 : 10;
    await happened(db(), { customerId: id, name: 'Order Completed', at: T0 + DAY, properties: { total } });
  }
  await learn(deps);
  const second = tip('second', { reward: REWARDS.spend });
  await activate(db(), shopOf([offer, second], { version: 2 }));
  await learn(deps);
  const arm = armOf(await modelOf(db()), 'second/email');
  expect(arm?.likelihood).toEqual({ kind: 'money', variance: 1000 ** 2 });
  expect(arm?.prior.mean[0]).toBe(2000);
});

test('C-11: a new variant of a content group starts with the prior of its group', async () => {
  const first = tip('tip', { contentGroup: 'tips' });
  const bundle = shopOf([first]);
  await activate(db(), bundle);
  for (let n = 0; n < 20; n++) await tipped(db(), bundle, n, { clicked: true });
  await learn(deps);
  await activate(db(), shopOf([first, tip('new', { contentGroup: 'tips' }), tip('other')], { version: 2 }));
  await learn(deps);
  const model = await modelOf(db());
  const x = vector(bundle);
  expect(expected(model, 'new/email', x)).toBeGreaterThan(2 * expected(model, 'other/email', x));
});

test('A-9: without rewards in the bundle there is no model; without new rewards there is one version a day', async () => {
  await activate(db(), shopOf([tip('tip', { reward: null })]));
  await learn(deps);
  expect(await modelOf(db())).toBeNull();

  const bundle = shopOf([tip('tip')], { version: 2 });
  await activate(db(), bundle);
  await learn(deps, T0);
  for (let n = 0; n < 30; n++) await tipped(db(), bundle, n, { clicked: true });
  await learn(deps, T0 + WEEK);
  const full = await modelOf(db());
  await learn(deps, T0 + WEEK + HOUR);
  expect((await modelOf(db()))?.version).toBe(full?.version);
  await learn(deps, T0 + WEEK + 60 * DAY);
  const faded = await modelOf(db());
  expect(faded).toMatchObject({ version: (full?.version ?? 0) + 1, at: T0 + WEEK + 60 * DAY });
  const evidence = async (version: number | undefined) =>
    (await deps.models(db().sql, SHOP, version ?? null))?.arms.get('tip/email')?.evidence ?? 0;
  expect(await evidence(faded?.version)).toBeLessThan(await evidence(full?.version));
});

test('E-4: the newest two hundred versions are kept, and the last of each older day', async () => {
  const bundle = shopOf([tip('tip')]);
  await activate(db(), bundle);
  await learn(deps, T0);
  const first = await modelOf(db());
  // 250 further versions: fifty a day for five days; the newest two hundred are those of the last four.
  for (let n = 2; n <= 250; n++)
    await db().sql`
      insert into model_snapshots (workspace, version, feature_schema, hash, folded_to, body, created_at)
      values (${SHOP}, ${n}, ${first?.featureSchema ?? ''}, ${first?.hash ?? ''}, 0, ${JSON.stringify(first)}::text::jsonb,
              timestamp '2026-11-01' + ${Math.floor((n - 1) / 50)} * interval '1 day')`;
  await db().sql`update model_snapshots set created_at = timestamp '2026-11-01' where version = 1`;
  await learn(deps, T0 + 2 * DAY);
  const versions = await db().sql`select version from model_snapshots order by version`;
  expect(versions.map((row) => row.version)).toEqual([50, ...Array.from({ length: 200 }, (_, i) => i + 52)]);
});
