import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobDeps } from '../../../src/app/jobs/job.ts';
import { countReports } from '../../../src/app/reports/count/count-reports.ts';
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

test.each(['value', 'experiments', 'retention', 'journeys', 'deliveries', 'decisions'])(
  'the report %s of the last 90 days comes from the counts',
  async (report) => {
    await countAll();
    const [first, second] = [await ask(`/v1/reports/${report}`), await ask(`/v1/reports/${report}`)];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.countedAt).toBe(first.body.countedAt);
    expect(second.body).toEqual(first.body);
  },
);
