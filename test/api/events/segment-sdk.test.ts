import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from '../../../src/api/app.ts';
import { Unavailable } from '../../../src/app/intake/incoming-event.ts';
import { serve, startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

it("accepts the requests of Segment's Node library", async () => {
  const { url, stop } = await serve(api.app);
  const analytics = new Analytics({ writeKey: api.keys.write, host: url });
  const errors: unknown[] = [];
  analytics.on('error', (error) => errors.push(error));
  analytics.identify({ userId: 'sdk', traits: { email: 'sdk@example.com', plan: 'gold' } });
  analytics.track({ userId: 'sdk', event: 'Order Completed', properties: { order_id: 'sdk-1', total: 30 } });
  analytics.page({ userId: 'sdk', name: 'Home' });
  analytics.screen({ userId: 'sdk', name: 'Cart' });
  analytics.group({ userId: 'sdk', groupId: 'g-1' });
  analytics.alias({ userId: 'sdk', previousId: 'before' });
  await analytics.closeAndFlush();
  await stop();
  expect(errors).toEqual([]);
  const rows = await api.db.sql`
    select name from events e join identities i using (customer_id) where i.type = 'user' and i.value = 'sdk' order by seq`;
  expect(rows.map((row) => row.name)).toEqual([
    'Customer Identified',
    'Order Completed',
    'Page Viewed',
    'Screen Viewed',
    'Group Joined',
    'Alias Made',
  ]);
  const { body } = await api.get('/v1/customers/user:sdk');
  expect(body).toMatchObject({
    traits: { plan: 'gold' },
    orders: [{ id: 'sdk-1', total: { amount: '30.00' } }],
  });
});

it('I1 returns 503 while Postgres is not reachable, and the library retries', async () => {
  let tries = 0;
  const app = createApp({
    ...api.deps,
    intake: {
      accept(events) {
        if (++tries === 1) return Promise.reject(new Unavailable('away'));
        return api.deps.intake.accept(events);
      },
    },
  });
  const { url, stop } = await serve(app);
  const analytics = new Analytics({ writeKey: api.keys.write, host: url });
  analytics.track({ userId: 'again', event: 'Sent Again' });
  await analytics.closeAndFlush();
  await stop();
  expect(tries).toBe(2);
  expect(await api.customerOf('again')).toMatch(/^cus_/);
});

it('returns 429 with Retry-After per key', async () => {
  const app = createApp({ ...api.deps, limits: { ...api.deps.limits, eventsPerSecond: 5 } });
  const { url, stop } = await serve(app);
  const send = (key: string, n: number) =>
    fetch(`${url}/v1/batch`, {
      method: 'POST',
      body: JSON.stringify({
        writeKey: key,
        batch: Array(n).fill({ type: 'track', userId: 'u', event: 'Flood' }),
      }),
    });
  expect((await send(api.keys.write, 20)).status).toBe(200);
  const refused = await send(api.keys.write, 1);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(((await refused.json()) as { code: string }).code).toBe('too_many_events');
  expect((await send(api.keys.otherWrite, 1)).status).toBe(200);
  await stop();
});
