import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDatabaseTime, readSourceActivity, saveSourceActivity } from '../../../db/sources/activity.ts';
import standard from '../../sources/webhooks/vectors/standard-webhooks.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { type TestApi, WORKSPACE } from '../support/harness.ts';
import { deliver, sign, startApiWithSources } from './support.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApiWithSources('- { id: crm, kind: standard-webhooks }\n');
  api.sources.set('crm', { workspace: WORKSPACE, secrets: [standard.secrets[0]] });
});
afterAll(() => api.stop());

const read = (since = 0) => readSourceActivity(api.db.sql, { workspace: WORKSPACE, source: 'crm', since });

test('what became of the last request of each outcome is noted, with its reason', async () => {
  await deliver(api, 'crm', sign(standard, { type: 7 })).expect(200);
  await deliver(api, 'crm', sign(standard, standard.body, { secret: standard.secrets[1] })).expect(401);
  await deliver(api, 'crm', sign(standard)).expect(200);
  await waitUntil(async () => (await read()).length === 3, 'three outcomes');
  expect((await read()).map(({ outcome, reason }) => [outcome, reason]).sort()).toEqual([
    ['accepted', null],
    ['refused', 'webhook-signature is not that of this body under a secret of this source'],
    ['unreadable', null],
  ]);
});

test('a reason that repeats what a sender wrote is kept, shortened and without what Postgres cannot store', async () => {
  const reason = `type\u0000 ${'x'.repeat(600)} means nothing`;
  await saveSourceActivity(api.db.sql, { workspace: WORKSPACE, source: 'crm', outcome: 'ignored', reason });
  const noted = (await read()).find(({ outcome }) => outcome === 'ignored');
  expect(noted?.reason).toBe(`type\ufffd ${'x'.repeat(494)}`);
});

test('a flood of forged requests is one write a second', async () => {
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const since = await readDatabaseTime(api.db.sql);
  const forged = () =>
    deliver(api, 'crm', sign(standard, standard.body, { secret: standard.secrets[1] })).expect(401);
  const began = performance.now();
  await forged();
  await waitUntil(async () => (await read(since)).length === 1, 'the first of them');
  const [first] = await read(since);
  await Promise.all(Array.from({ length: 20 }, forged));
  const after = await read(since);
  // On a slow machine a second may be over, and then there is another write.
  if (performance.now() - began < 1_000) expect(after).toEqual([first]);
  expect(after).toHaveLength(1);
});
