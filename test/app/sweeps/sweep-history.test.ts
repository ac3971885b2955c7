import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSweepPage } from '../../../db/sweeps/sweep-page.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { startApi, type TestApi, WORKSPACE } from '../../api/support/harness.ts';
import { seed } from '../../api/support/report-rows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

test('a sweep counts the events of the customer, and not those of colleagues that were copied to the log', async () => {
  const at = Date.now() - DAY;
  const event = { customer_id: 'cus_1', name: 'Question Asked' };
  await seed(api.db, WORKSPACE, {
    customers: [{ id: 'cus_1' }],
    events: [
      { ...event, at },
      { ...event, at: at + 1, source: 'account' },
    ],
  });
  const [customer] = await readSweepPage(api.db.sql, {
    workspace: WORKSPACE,
    cursor: '',
    limit: 10,
    countedEvents: ['Question Asked'],
    since: at - DAY,
    enrollments: false,
  });
  expect(customer?.eventHistory).toEqual({ 'Question Asked': [at] });
});
