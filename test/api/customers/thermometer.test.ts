import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { customer } from '../../../src/api/customers/schema.ts';
import type { JobDeps } from '../../../src/app/jobs/job.ts';
import { runJob } from '../../../src/app/jobs/run-job.ts';
import { DAY, iso } from '../../../src/domain/time/time.ts';
import { insertBuyers } from '../../support/insert-buyers.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

const NOW = Date.now();

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await api.batch(
    { type: 'identify', userId: 'ann', traits: { email: 'ann@example.com' } },
    order('ann', 'o-1', 200, 40, 'beans'),
    order('ann', 'o-2', 110, 55, 'cups'),
    order('ann', 'o-3', 20, 60, 'beans'),
    { ...event('ann', 'Product Reviewed', 12), properties: { product_id: 'p' } },
    { ...event('ann', 'Product Added', 1), properties: { product_id: 'p', category: 'cups' } },
    event('vera', 'Product Viewed', 1),
  );
}, 60_000);
afterAll(() => api?.stop());

const event = (userId: string, name: string, daysAgo: number) => ({
  type: 'track',
  userId,
  event: name,
  timestamp: iso(NOW - daysAgo * DAY),
});
const order = (userId: string, order_id: string, daysAgo: number, total: number, category: string) => ({
  ...event(userId, 'Order Completed', daysAgo),
  properties: { order_id, total, channel: 'web', products: [{ product_id: 'p', category, price: total }] },
});

const night = (now: number) =>
  runJob(api.deps as unknown as JobDeps, { job: 'fit', workspace: WORKSPACE, now });

async function view(userId: string): Promise<{ body: z.infer<typeof customer>; etag: string }> {
  const { status, body, headers } = await api.get(`/v1/customers/user:${userId}`);
  expect([status, customer.safeParse(body).error?.issues]).toEqual([200, undefined]);
  return { body, etag: headers.etag as string };
}

test('B-9, D-12: before the first nightly fit there is no thermometer, and the scores name what is missing', async () => {
  const { body } = await view('ann');
  expect(body.valueThermometer).toBe(null);
  expect(body.scores).toMatchObject({
    fit: null,
    rfm: null,
    clv: null,
    alive: null,
    clvUnavailable: { code: 'not_fitted' },
    datesFrom: 'rhythm',
  });
  expect(body.scores?.recency.factors.map(({ name }) => name)).toContain('not fitted yet');
  expect(body.scores?.intent.value).toBeGreaterThan(0.2);
  expect(body.scores?.intent.factors[0]).toMatchObject({ name: 'cart cups' });
});

test('B-9: with too few buyers the fit is refused with a code, and the thermometer has no future value', async () => {
  await night(NOW - DAY);
  const { body } = await view('ann');
  expect(body.scores).toMatchObject({
    clv: null,
    clvUnavailable: { code: 'too_few_customers' },
    datesFrom: 'rhythm',
    fit: { version: '1', buying: { ok: false, code: 'too_few_customers' } },
  });
  expect(body.valueThermometer?.parts.futureValue).toBe(30);
  const { low, high } = body.valueThermometer ?? { low: 0, high: 0 };
  expect(high - low).toBe(60);
});

test('B-9, D-12, D-17: after a fit the view has the thermometer with parts, interval, change and areas, and scores with factors', async () => {
  await insertBuyers(api.db.sql, WORKSPACE, 300);
  const before = await view('ann');
  await night(NOW);
  const { body, etag } = await view('ann');
  expect(etag).not.toBe(before.etag);
  const { valueThermometer: thermometer, scores } = body;
  if (!thermometer || !scores) throw new Error('nothing is shown');
  const { value, low, high, parts, areas } = thermometer;
  expect(Object.values(parts).reduce((sum, points) => sum + points, 0)).toBe(value);
  expect(low).toBeLessThanOrEqual(value);
  expect(high).toBeGreaterThan(value);
  expect(thermometer.band).toBe(value >= 80 ? 'hot' : value >= 50 ? 'warm' : 'cold');
  // The last order and the review are younger than thirty days.
  expect(thermometer.change).toBeGreaterThan(0);
  expect(areas.category.map(({ name }) => name)).toEqual(['beans', 'cups']);
  expect(areas.channel.map(({ name }) => name)).toEqual(['web']);
  for (const shares of [areas.category, areas.channel])
    expect(shares.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(100, 6);
  expect(scores.rfm?.cell).toMatch(/^[1-5]{3}$/);
  const spent = scores.monetary.factors.find(({ name }) => name === 'spend');
  expect(spent?.observed).toMatch(/^\d+\.\d{2} EUR$/);
  expect(Number(scores.clv?.low.amount)).toBeLessThanOrEqual(Number(scores.clv?.value.amount));
  expect(Number(scores.clv?.high.amount)).toBeGreaterThanOrEqual(Number(scores.clv?.value.amount));
  expect(scores).toMatchObject({
    datesFrom: 'fit',
    clvUnavailable: null,
    fit: { version: '2', buying: { ok: true } },
  });
  expect(Date.parse(scores.overdueAt ?? '')).toBeGreaterThan(NOW - 20 * DAY);
  for (const name of ['recency', 'frequency', 'intent', 'monetary', 'engagement'] as const) {
    expect(scores[name].factors.length).toBeGreaterThan(0);
    const adds = scores[name].factors.reduce((sum, { contribution }) => sum + contribution, 0);
    expect(adds).toBeCloseTo(scores[name].value, 2);
  }
  const visitor = await view('vera');
  expect(visitor.body.valueThermometer?.parts).toMatchObject({ futureValue: 0, margin: 0 });
  expect(visitor.body.scores).toMatchObject({
    rfm: null,
    clvUnavailable: { code: 'no_purchase' },
    overdueAt: null,
  });
}, 60_000);

test('B-9: a refund lowers the value, and the cost of service is a negative area', async () => {
  const before = (await view('ann')).body.valueThermometer;
  await api.batch({ ...event('ann', 'Order Refunded', 0), properties: { order_id: 'o-3' } });
  const after = (await view('ann')).body.valueThermometer;
  expect(after?.value).toBeLessThan(before?.value ?? 0);
  const category = after?.areas.category ?? [];
  expect(category.map(({ name }) => name)).toEqual(['cups', 'beans']);
  const [cups, beans] = category.map(({ amount }) => Number(amount.amount));
  expect((cups ?? 0) / (beans ?? 1)).toBeCloseTo(55 / 40, 2);

  const id = await api.customerOf('ann');
  await api.track('ann', 'Ticket Opened', { ticket_id: 'T1' });
  await api.decide();
  const rows = await api.db.sql`
    update deliveries set state = 'sent', cost = 250 where customer_id = ${id} and class = 'service' returning id`;
  expect(rows.length).toBeGreaterThan(0);
  const channel = (await view('ann')).body.valueThermometer?.areas.channel ?? [];
  const service = channel.find(({ kind }) => kind === 'service');
  expect(service?.amount.amount).toBe((-2.5 * rows.length).toFixed(2));
  expect(channel.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(100, 6);
});
