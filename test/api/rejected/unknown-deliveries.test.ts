import { afterAll, beforeAll, expect, it } from 'vitest';
import { retryUnknownDeliveries } from '../../../src/api/rejected/retry-unknown-deliveries.ts';
import resend from '../../sources/webhooks/vectors/resend.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createCustomer, sendToInbox } from '../inbox/support.ts';
import { deliver, rejectedOf, sign, startApiWithSources } from '../sources/support.ts';
import { type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApiWithSources('- { id: mail, kind: resend }');
  api.sources.set('mail', { workspace: WORKSPACE, secrets: [resend.secrets[0]] });
});
afterAll(() => api.stop());

it('a receipt that comes before its delivery is known is read again by itself, and recorded once', async () => {
  const customer = await createCustomer(api, 'early');
  const known = await sendToInbox(api, customer, 'hello');
  const early = known.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  const body = {
    type: 'email.delivered',
    created_at: new Date().toISOString(),
    data: { email_id: 'provider-1', tags: { delivery_id: early } },
  };
  await deliver(api, 'mail', sign(resend, body)).expect(200);
  expect(await rejectedOf(api, 'mail')).toMatchObject([{ code: 'unknown_delivery' }]);
  const retries = retryUnknownDeliveries(api.deps, 30);
  try {
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await rejectedOf(api, 'mail')).toHaveLength(1);
    // The provider's answer is written now.
    await api.db.sql`update deliveries set id = ${early}, channel = 'email' where id = ${known}`;
    await waitUntil(async () => (await rejectedOf(api, 'mail')).length === 0, 'the receipt to be recorded');
  } finally {
    await retries.stop();
  }
  const events = await api.db
    .sql`select name from events where customer_id = ${customer} and name = 'Delivery Delivered'`;
  expect(events).toHaveLength(1);
  await deliver(api, 'mail', sign(resend, body)).expect(200);
  expect(await rejectedOf(api, 'mail')).toEqual([]);
  const metrics = await api.deps.metrics.render();
  expect(metrics).toMatch(/throughline_receipts_total\{.*kind="delivered".*outcome="recorded"\} 1/);
});
