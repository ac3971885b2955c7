import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { decodeRecord } from '../../../db/decisions/record/decision-record.ts';
import type { DecisionContext } from '../../../src/app/decide/decision-context.ts';
import { runWhatIf } from '../../../src/app/what-if/what-if.ts';
import type { ArbitrationRecord, JudgedCandidate } from '../../../src/domain/candidate.ts';
import type { DeliveryFact } from '../../../src/domain/delivery.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { snapshotOf } from '../../engine/arbitration/arbitration-support.ts';
import type { BundleFile } from '../../support/bundles.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

const PEOPLE = 400;

/** A shop with one decision: a tip, an offer, or nothing. */
interface Shop {
  autonomy?: string;
  caps?: string;
  explore?: string;
  tip?: string;
  offer?: string;
  actions?: string;
}

function shopOf({
  autonomy = 'ai_auto',
  caps = '{ max: 3, per: 7d }',
  explore = '0%',
  tip = '',
  offer = '',
  actions = 'tip, offer',
}: Shop = {}): BundleFile[] {
  const content = '---\nsubject: Hello\n---\n<p>Hello</p>';
  const reward = 'reward: { on: Order Completed, within: 7d }';
  return [
    {
      path: 'workspace.yaml',
      text: `
id: aroma
name: Aroma
currency: EUR
timezone: UTC
locales: [en]
spacing: 0s
caps: [${caps}]
arbitration: { explore: ${explore} }
stages: [{ id: regular, owner: growth, when: "has(traits.regular)" }, { id: visiting, owner: growth, when: "count('Product Viewed') > 0" }]
sender: { name: Aroma, email: hello@aroma.example }
`,
    },
    {
      path: 'journeys/visits.yaml',
      text: `
id: visits
owner: growth
stage: visiting
holdout: 0%
goal: { on: Order Completed, match: customer, within: 30d, kpi: margin, exit: false }
enter: { on: Product Viewed }
key: product_id
exit: [{ after: 60d }]
steps:
  - id: pick
    decide: { actions: [${actions}], hold: 2d, autonomy: ${autonomy} }
  - id: rest
    wait: { until: [{ after: 30d }] }
`,
    },
    {
      path: 'actions/all.yaml',
      text: `
- { id: tip, class: marketing, channels: [email], ${reward}, value: "10.0"${tip} }
- { id: offer, class: marketing, channels: [email], ${reward}, value: "10.0"${offer} }
- { id: gift, class: marketing, channels: [email], ${reward}, value: "10.0" }
`,
    },
    ...['tip', 'offer', 'gift'].map((id) => ({ path: `content/${id}/email.en.liquid`, text: content })),
  ];
}

interface Decided {
  id: string;
  customerId: string;
  candidates: JudgedCandidate[];
  arbitrated: ArbitrationRecord[];
  deliveries: DeliveryFact[];
}

let api: TestApi;
let log: Decided[];

async function visit(product: string): Promise<void> {
  for (let from = 0; from < PEOPLE; from += 80) {
    const some = Array.from({ length: Math.min(80, PEOPLE - from) }, (_, i) => from + i);
    await api.batch(
      ...some.map((n) => ({
        type: 'track',
        userId: `u-${n}`,
        event: 'Product Viewed',
        properties: { product_id: product },
        context: {
          traits: { email: `u${n}@example.com`, ...(n % 4 === 0 ? { regular: true } : {}) },
          consent: { categoryPreferences: { marketing: true } },
        },
      })),
    );
  }
  await api.decide();
}

async function decisions(): Promise<Decided[]> {
  const rows = await api.db.sql<{ id: string; customerId: string; record: Uint8Array }[]>`
    select id, customer_id as "customerId", record from decisions where replayable order by at desc, id desc`;
  return rows.map(({ record, ...row }) => {
    const { candidates, arbitrations, context } = decodeRecord(record);
    const { deliveries } = (context as DecisionContext).facts;
    return { ...row, candidates, arbitrated: arbitrations ?? [], deliveries };
  });
}

const whatIf = async (shop: Shop, more: object = {}) => {
  const { body, status } = await api.post('/v1/what-if', { files: shopOf(shop), limit: 10_000, ...more });
  expect(status, JSON.stringify(body).slice(0, 500)).toBe(200);
  return body;
};

/** An offer brings an order for two in five, a tip for one in five, nothing for one in twenty. */
function rewarded(row: Decided): number {
  const n = Number.parseInt(row.id.replaceAll(/[^0-9a-f]/g, '').slice(-9, -3), 16) % 100;
  const [item] = row.arbitrated;
  return n < ({ 'offer/email': 40, 'tip/email': 20 }[item?.chosen ?? ''] ?? 5) ? 1 : 0;
}

beforeAll(async () => {
  api = await startApi({}, () => shopOf());
  const bundle = await api.deps.bundles(api.db.sql, WORKSPACE, 1);
  // The model has little evidence, so that it explores.
  const snapshot = snapshotOf(bundle, { rewards: { 'tip/email': [0], 'offer/email': [0] } });
  const { featureSchema: shape } = snapshot;
  await api.db.sql`
    insert into model_snapshots (workspace, version, feature_schema, hash, folded_to, body)
    values (${WORKSPACE}, 1, ${shape}, ${snapshot.hash}, 0, ${JSON.stringify(snapshot)}::text::jsonb)`;
  await visit('first');
  await visit('second');
  log = await decisions();
  const rewards = log.map((row) => ({ id: row.id, reward: rewarded(row) }));
  await api.db.sql`
    update rewards r set state = 'counted', reward = t.reward
    from json_to_recordset(${JSON.stringify(rewards)}::text::json) as t(id text, reward float8)
    where r.decision_id = t.id`;
}, 240_000);
afterAll(() => api.stop());

test('what-if: an unchanged bundle changes no decision, and the logged policy is valued at its mean reward', async () => {
  expect(log.length).toBe(2 * PEOPLE);
  expect(new Set(log.map((row) => row.arbitrated[0]?.policy))).toEqual(new Set(['thompson']));
  const body = await whatIf({}, { minimumEffect: 0.1 });
  expect(body.decisions).toEqual({
    total: log.length,
    read: log.length,
    replayed: log.length,
    notReplayable: [],
    changed: 0,
    customers: 0,
  });
  expect(body.gates).toEqual({ candidates: 2 * log.length, summary: [], examples: [] });
  const [value] = body.value.rewards;
  const mean = log.reduce((sum, row) => sum + rewarded(row), 0) / log.length;
  expect(value).toMatchObject({
    unit: 'share',
    unchanged: true,
    decisions: log.length,
    actions: ['offer', 'tip'],
  });
  expect(value.weights).toMatchObject({ effectiveRows: log.length, largest: 1, mean: 1, unsupportedRows: 0 });
  expect(value.verdict).toBe('hold');
  expect(body.value.verdict).not.toBe('ship');
  for (const estimate of [value.estimate.logged, value.estimate.snips, value.estimate.doublyRobust])
    expect(estimate.value).toBeCloseTo(mean, 12);
  expect(value.estimate.uplift).toEqual({ value: 0, low: 0, high: 0 });
  expect(value.contacts.logged).toBe(value.contacts.target);
  expect(value.stages.map((item: { stage: string }) => item.stage)).toEqual(['regular', 'visiting']);
});

test('what-if: a tighter cap blocks exactly the customers who had a message before', async () => {
  const body = await whatIf({ caps: '{ max: 1, per: 7d }' });
  const had = log.filter((row) => row.deliveries.length > 0);
  expect(had.length).toBeGreaterThan(PEOPLE / 4);
  const blocked = had.flatMap((row) => row.candidates.map((item) => ({ ...item, customer: row.customerId })));
  expect(body.gates.summary).toEqual(
    ['offer', 'tip'].map((action) => ({
      change: 'blocked',
      action,
      gate: 'caps',
      code: 'cap_reached',
      candidates: blocked.filter((item) => item.action === action).length,
      chosenBefore: blocked.filter((item) => item.action === action && item.verdict === 'chosen').length,
      chosenAfter: 0,
      customers: new Set(blocked.filter((item) => item.action === action).map((item) => item.customer)).size,
    })),
  );
  const changed = had.filter((row) => row.candidates.some((item) => item.verdict === 'chosen'));
  expect(body.decisions).toMatchObject({ changed: changed.length, notReplayable: [] });
  expect(body.gates.examples).toHaveLength(100);
  const ids = new Set(had.map((row) => row.id));
  for (const { decisionId, before, after } of body.gates.examples) {
    expect(ids).toContain(decisionId);
    expect(before.gates).toEqual([]);
    expect(after.verdict).toBe('blocked');
    expect(after.gates).toMatchObject([{ gate: 'caps', code: 'cap_reached', observed: 1, needed: 1 }]);
    expect(Date.parse(after.gates[0].liftsAt)).toBeGreaterThan(Date.now() + 6 * DAY);
  }
  // Blocked customers get nothing, which the log contains.
  const [value] = body.value.rewards;
  expect(value.weights.unsupportedRows).toBe(0);
  expect(value.contacts.target).toBeLessThan(value.contacts.logged);
  expect((await api.get('/v1/config')).body.version).toBe(1);
});

test('what-if: another policy gets the inverse-propensity estimate computed from the rows', async () => {
  const body = await whatIf({ explore: '100%' }, { minimumEffect: 0.2 });
  const rows = log.map((row) => {
    const { arms, propensity } = row.arbitrated[0] as ArbitrationRecord;
    return { weight: 1 / arms.length / propensity, reward: rewarded(row) };
  });
  const weights = rows.reduce((sum, row) => sum + row.weight, 0);
  const snips = rows.reduce((sum, row) => sum + row.weight * row.reward, 0) / weights;
  const squares = rows.reduce((sum, row) => sum + row.weight ** 2, 0);
  const [value] = body.value.rewards;
  expect(value.weights.effectiveRows).toBeCloseTo(weights ** 2 / squares, 6);
  expect(value.weights.mean).toBeCloseTo(weights / rows.length, 10);
  if (value.verdict !== 'insufficient') expect(value.estimate.snips.value).toBeCloseTo(snips, 10);
  expect(value.contacts.target).toBeCloseTo(2 / 3, 10);
  expect(value.verdict, JSON.stringify(value)).not.toBe('insufficient');
});

test('what-if: choices that the log never made, and open rewards, are excluded from the value', async () => {
  const added = await whatIf({ actions: 'tip, offer, gift' });
  const gift = added.gates.summary.find((row: { change: string }) => row.change === 'new');
  expect(gift).toMatchObject({ action: 'gift', gate: null, candidates: log.length, chosenBefore: 0 });
  expect(gift.chosenAfter).toBeGreaterThan(log.length / 10);
  expect(added.value.rewards[0], JSON.stringify(added.value)).toMatchObject({
    verdict: 'insufficient',
    estimate: null,
  });
  expect(added.value.rewards[0].reasons).toContain('unsupported');
  for (const stage of added.value.rewards[0].stages) expect(stage.estimate).toBeNull();

  const other = await whatIf({ offer: ', eligible: "false"', caps: '{ max: 3, per: 30d }' });
  expect(other.gates.summary).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ change: 'blocked', action: 'offer', gate: 'eligibility' }),
    ]),
  );
  const longer = await whatIf({ caps: '{ max: 3, per: 60d }' });
  expect(longer.decisions).toMatchObject({
    replayed: 0,
    notReplayable: [{ reason: 'longer_window', decisions: log.length }],
  });
  expect(longer.value).toEqual({ verdict: 'insufficient', excluded: [], rewards: [] });

  await api.db
    .sql`update rewards set state = 'open', reward = null where decision_id = any(${log.slice(0, 50).map((r) => r.id)})`;
  await api.db
    .sql`update rewards set state = 'not_sent', reward = null where decision_id = any(${log.slice(50, 150).map((r) => r.id)})`;
  const open = await whatIf({}, { minimumEffect: 0.1 });
  const excluded = Object.fromEntries(
    open.value.excluded.map((item: { reason: string; decisions: number }) => [item.reason, item.decisions]),
  );
  expect(excluded).toEqual({ open: 50, unknown_reward: 100 });
  expect(open.value.rewards[0]).toMatchObject({
    verdict: 'insufficient',
    reasons: ['unrewarded'],
    estimate: null,
  });
});

test('what-if: a log of rules decisions supports no estimate of another policy', async () => {
  const applied = await api.put('/v1/config', {
    files: shopOf({ autonomy: 'rules_only', tip: ', priority: 5' }),
  });
  expect(applied.status, JSON.stringify(applied.body)).toBe(200);
  const from = Date.now();
  await visit('third');
  const ruled = (await decisions()).filter((row) => row.arbitrated?.[0]?.policy === 'rules');
  expect(ruled.length).toBeGreaterThan(PEOPLE / 3);
  await api.db.sql`
    update rewards set state = 'counted', reward = 0 where decision_id = any(${ruled.map((row) => row.id)})`;
  await api.db.sql`update decisions set at = at - ${40 * DAY}::bigint where at < ${from}`;
  const since = new Date(from - DAY).toISOString().slice(0, 10);
  const swapped = await whatIf({ autonomy: 'rules_only', offer: ', priority: 5' }, { from: since });
  expect(swapped.value.rewards[0]).toMatchObject({ verdict: 'insufficient', estimate: null });
  expect(swapped.value.rewards[0].reasons).toContain('unsupported');
  expect(swapped.decisions.changed).toBe(ruled.length);
  const chosen = swapped.gates.summary.map(
    (row: { change: string; action: string }) => `${row.change} ${row.action}`,
  );
  expect(chosen).toEqual(['chosen offer', 'not_chosen tip']);
  const same = await whatIf({ autonomy: 'rules_only', tip: ', priority: 5' }, { from: since });
  expect(same.gates.summary).toEqual([]);
  expect(same.value.verdict).not.toBe('ship');
});

test('what-if: weights change the active bundle as the same files would, and the changed files can be applied', async () => {
  const weights = { levers: { offer: 2 }, explore: 0.1, priorities: { offer: 10 } };
  const { status, body } = await api.post('/v1/what-if', { weights, limit: 200 });
  expect(status, JSON.stringify(body).slice(0, 500)).toBe(200);
  expect(body.changedFiles.map(({ path }: BundleFile) => path).sort()).toEqual([
    'actions/all.yaml',
    'workspace.yaml',
  ]);
  const active = (await api.get('/v1/config?text=true')).body.files as BundleFile[];
  const texts = new Map(body.changedFiles.map(({ path, text }: BundleFile) => [path, text]));
  const files = active.map(({ path, text }) => ({ path, text: texts.get(path) ?? text }));
  const { changedFiles: _, ...same } = (await api.post('/v1/what-if', { files, limit: 200 })).body;
  expect({ ...body, changedFiles: [] }).toEqual({ ...same, changedFiles: [] });
  expect(body.decisions.changed).toBeGreaterThan(0);
  const offer = body.actions.find(({ action }: { action: string }) => action === 'offer');
  expect(offer.chosenAfter).toBeGreaterThan(offer.chosenBefore);
  const sum = (side: 'chosenBefore' | 'chosenAfter') =>
    body.actions.reduce((total: number, row: Record<string, number>) => total + (row[side] as number), 0);
  const summary = body.gates.summary as { chosenBefore: number; chosenAfter: number }[];
  const difference = summary.reduce((total, row) => total + row.chosenAfter - row.chosenBefore, 0);
  expect(sum('chosenAfter') - sum('chosenBefore')).toBe(difference);
});

test('what-if: weights of unknown actions and beyond their limits are refused', async () => {
  const post = (weights: object) => api.post('/v1/what-if', { weights });
  expect((await post({ levers: { gone: 1 } })).body).toMatchObject({ code: 'unknown_action' });
  expect((await post({ levers: { tip: 3 } })).status).toBe(400);
  expect((await post({ levers: { constructor: 1, tip: 1 } })).status).toBe(422);
  expect((await api.post('/v1/what-if', { version: 1, weights: {} })).body.errors).toMatchObject([
    { code: 'files_or_version' },
  ]);
});

test('what-if: stops when the caller no longer waits', async () => {
  const next = await api.deps.bundles(api.db.sql, WORKSPACE, 1);
  let asked = 0;
  const request = { next, period: { from: 0, to: Date.now() + DAY }, limit: 500, minimumEffect: null };
  const result = await runWhatIf(api.deps, WORKSPACE, { ...request, isWanted: () => ++asked < 10 });
  expect(result.read).toBeLessThan(10);
});

test('what-if: a caller who goes away ends the run on the server', async () => {
  const server = api.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bundles = vi.spyOn(api.deps, 'bundles');
  try {
    const { port } = server.address() as AddressInfo;
    const gone = new AbortController();
    const answer = fetch(`http://127.0.0.1:${port}/v1/what-if`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.keys.api}`, 'content-type': 'application/json' },
      body: JSON.stringify({ weights: { priorities: { tip: 1 } }, limit: 10_000 }),
      signal: gone.signal,
    });
    await waitUntil(async () => bundles.mock.calls.length > 20, 'the replay of the first decisions');
    gone.abort();
    await expect(answer).rejects.toThrow();
    await setTimeout(500);
    const asked = bundles.mock.calls.length;
    await setTimeout(500);
    expect(bundles.mock.calls.length).toBe(asked);
    expect(asked).toBeLessThan(log.length);
  } finally {
    bundles.mockRestore();
    server.close();
  }
});

test('what-if: limits the number of decisions, refuses invalid requests, and reads no other workspace', async () => {
  const post = (body: object, key?: string) => api.post('/v1/what-if', body, key);
  expect((await post({})).body.errors).toMatchObject([{ code: 'files_or_version' }]);
  expect((await post({ version: 1, limit: 10_001 })).status).toBe(400);
  expect((await post({ version: 77 })).status).toBe(404);
  const tooLong = await post({ version: 1, from: '2020-01-01', to: '2026-01-01' });
  expect(tooLong.body).toMatchObject({ code: 'invalid_period', errors: [{ path: 'from' }] });
  expect((await post({ files: [] })).body.code).toBe('invalid_bundle');
  const other = shopOf().map((file) => ({ ...file, text: file.text.replace('id: aroma', 'id: tealeaf') }));
  expect((await post({ files: other })).body).toMatchObject({ code: 'invalid_bundle' });
  expect((await post({ version: 1 }, api.keys.otherApi)).body.code).toBe('no_bundle');
  const few = (await post({ version: 1, limit: 7 })).body;
  expect(few.decisions).toMatchObject({ read: 7, replayed: 7 });
  expect(few).toMatchObject({ comparedVersion: 'b-1', value: { verdict: 'insufficient' } });
});
