import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLinkToken } from '../../../src/content/link-token.ts';
import { SECRET, startApi, type TestApi } from '../support/harness.ts';
import { shop } from '../support/shop.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, shop);
});
afterAll(() => api.stop());

/** A page view with the banner's answer on this device. */
async function visit(userId: string, anonymousId: string, marketing: boolean): Promise<void> {
  const context = { consent: { categoryPreferences: { marketing } } };
  await api.batch({ type: 'track', event: 'Product Viewed', userId, anonymousId, context });
}

async function consentOf(userId: string) {
  const { consents } = (await api.get(`/v1/customers/user:${userId}`)).body;
  return consents.find((c: { channel: string; topic: string }) => c.channel === '*' && c.topic === '*')
    ?.status;
}

it('banners that never changed do not undo an unsubscribe; a change of mind on one of them does', async () => {
  const userId = 'banner';
  await api.batch({ type: 'identify', userId, traits: { email: 'banner@example.com' } });
  await visit(userId, 'laptop', true);
  await api.batch({ type: 'track', userId, event: 'Signed Up' });
  await api.decide();
  const { body } = await api.get(`/v1/customers/user:${userId}/deliveries`);
  const tip = body.data.find((delivery: { action: string }) => delivery.action === 'tip');
  const link = { id: tip.id, expiresAt: Date.now() + 60_000 };
  await request(api.app).post(`/unsubscribe/${createLinkToken('unsubscribe', link, SECRET)}?all=1`);
  for (const [device, answer] of [
    ['laptop', true],
    ['phone', false],
    ['laptop', true],
    ['phone', false],
    ['laptop', true],
  ] as const) {
    await visit(userId, device, answer);
    expect(await consentOf(userId)).toBe('withdrawn');
  }
  await visit(userId, 'phone', true);
  expect(await consentOf(userId)).toBe('granted');
});

it('two strangers under the id "undefined" stay two customers, each with a note', async () => {
  for (const name of ['one', 'two'])
    await api.batch({
      type: 'identify',
      userId: 'undefined',
      anonymousId: `stranger-${name}`,
      traits: { email: `${name}@example.com` },
    });
  const ids = await Promise.all(
    ['one', 'two'].map(async (name) => (await api.get(`/v1/customers/anon:stranger-${name}`)).body.id),
  );
  expect(new Set(ids).size).toBe(2);
  expect((await api.get('/v1/customers/user:undefined')).status).toBe(404);
  const { body } = await api.get('/v1/event-notes');
  expect(body.data).toContainEqual(
    expect.objectContaining({ code: 'placeholder_id', field: 'userId', count: 2 }),
  );
});
