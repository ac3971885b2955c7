import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobDeps } from '../../../src/app/jobs/job.ts';
import { countReports } from '../../../src/app/reports/count/count-reports.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { seed, wipe } from '../support/report-rows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await wipe(api.db);
});
afterAll(() => api.stop());

async function countAll(): Promise<void> {
  const deps = { db: api.db, bundles: api.deps.bundles } as unknown as JobDeps;
  while ((await countReports(deps, { workspace: WORKSPACE, now: Date.now() })).more);
}

const ask = (path: string, headers: Record<string, string> = {}) =>
  request(api.app)
    .get(path)
    .set({ authorization: `Bearer ${api.keys.api}`, ...headers });

const deliver = () =>
  seed(api.db, WORKSPACE, {
    deliveries: [
      { customer_id: 'cus_1', action: 'tip', channel: 'email', at: Date.now() - 1_000, state: 'sent' },
    ],
  });

test('a report is as old as its counts, and unchanged until they change', async () => {
  await seed(api.db, WORKSPACE, { customers: [{ id: 'cus_1' }] });
  await deliver();
  const path = '/v1/reports/deliveries';
  const sent = async () => (await ask(path)).body.deliveries[0]?.states.sent;

  await countAll();
  const first = await ask(path);
  expect(first.body.deliveries[0].states.sent).toBe(1);
  await deliver();
  expect(await sent()).toBe(1);
  const { etag } = first.headers as { etag: string };
  const again = await ask(path, { 'if-none-match': `"other", ${etag}` });
  expect([again.status, again.text]).toEqual([304, '']);

  await countAll();
  const second = await ask(path, { 'if-none-match': etag });
  expect(second.status).toBe(200);
  expect(second.body.deliveries[0].states.sent).toBe(2);
  expect(second.body.countedAt > first.body.countedAt).toBe(true);
});

test.each([
  'value',
  'experiments',
  'retention',
  'journeys',
  'deliveries',
  'decisions',
  'attribution',
  'funnel',
])('the report %s of the last 90 days comes from the counts', async (report) => {
  await countAll();
  const [first, second] = [await ask(`/v1/reports/${report}`), await ask(`/v1/reports/${report}`)];
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(second.body.countedAt).toBe(first.body.countedAt);
  expect(second.body).toEqual(first.body);
});

test('attribution comes from the counts, with the incremental number; other events and look-backs do not', async () => {
  await wipe(api.db);
  const at = Date.now() - 3 * DAY;
  const order = { name: 'Order Completed', at: at + HOUR, properties: { order_id: 'o', total: 12 } };
  await seed(api.db, WORKSPACE, {
    customers: [{ id: 'cus_1' }, { id: 'cus_2' }],
    enrollments: [{ id: 'enr_1', customer_id: 'cus_1', journey: 'tips', arm: 'treated', entered_at: at }],
    deliveries: [{ customer_id: 'cus_1', action: 'tip', channel: 'email', at, enrollment_id: 'enr_1' }],
    events: [
      { customer_id: 'cus_1', ...order },
      { customer_id: 'cus_2', ...order },
    ],
  });
  const path = '/v1/reports/attribution';
  await countAll();
  const { countedAt } = (await ask(path)).body;
  for (const query of ['', 'by=action', 'by=journey', 'journey=tips']) {
    const { body } = await ask(`${path}?${query}`);
    expect(body.countedAt).toBe(countedAt);
    // A look-back of another length has the same contacts here, and is counted from the rows.
    const { body: recounted } = await ask(`${path}?${query}&lookbackDays=29`);
    expect(recounted.countedAt > countedAt).toBe(true);
    const rest = { countedAt, lookbackDays: 30 };
    expect({ ...recounted, ...rest }).toEqual(body);
  }
  const { body } = await ask(`${path}?by=journey`);
  expect(body.total.conversions).toBe(2);
  expect(body.touchpoints.map((row: { touchpoint: string | null }) => row.touchpoint)).toEqual([
    'tips',
    null,
  ]);
  expect(body.touchpoints[0].incremental.conversions).toEqual({ kind: 'no_control', treated: 1 });
  expect((await ask(`${path}?event=Page%20Viewed`)).body.countedAt > countedAt).toBe(true);
});

test('while a newer build counts, what the older one did not count comes from the rows', async () => {
  await countAll();
  const path = '/v1/reports/attribution';
  const { countedAt } = (await ask(path)).body;
  await api.db.sql`
    update report_counts set published_settings = jsonb_set(published_settings, '{version}', '1')
    where workspace = ${WORKSPACE}`;
  expect((await ask(path)).body.countedAt > countedAt).toBe(true);
  expect((await ask('/v1/reports/deliveries')).body.countedAt).toBe(countedAt);
  await countAll();
  expect((await ask(path)).body.countedAt > countedAt).toBe(true);
});

test('the funnel of any period comes from the counts, of all decisions', async () => {
  const at = Date.UTC(2026, 2, 5);
  const candidate = { enrollmentId: 'enr_1', action: 'tip', channel: 'email', verdict: 'chosen', gates: [] };
  const decisions = Array.from({ length: 2_100 }, (_, n) => ({
    id: `dec_${n}`,
    customer_id: `cus_${n % 3}`,
    at: at + n,
    candidates: [candidate],
  }));
  await wipe(api.db);
  await seed(api.db, WORKSPACE, { customers: [0, 1, 2].map((n) => ({ id: `cus_${n}` })), decisions });
  await countAll();
  const { body } = await ask('/v1/reports/funnel?from=2026-03-04&to=2026-03-07&action=tip');
  expect(body.decisions).toEqual({ total: 2_100, examined: 2_100, sampled: false });
  expect(body.days).toMatchObject([{ day: '2026-03-05', decisions: 2_100, chosen: 2_100 }]);
  const sent = [{ customer_id: 'cus_0', action: 'tip', channel: 'email', at: at + 3, decided_at: at }];
  await seed(api.db, WORKSPACE, { deliveries: sent });
  const path = '/v1/reports/funnel?from=2026-03-04&to=2026-03-07';
  expect((await ask(path)).body.days[0].sent).toBe(0);
  await countAll();
  expect((await ask(path)).body.days[0].sent).toBe(1);
});
