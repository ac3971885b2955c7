import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revokeKey } from '../../db/queries/keys.ts';
import { createApp } from '../../src/api/app.ts';
import { createKey, hashKey } from '../../src/api/keys.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import { startApi, type TestApi, WORKSPACE } from './harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const BODIES: Record<string, object> = {
  '/v1/customers/lookup': { userId: 'mine' },
  '/v1/customers/{ref}/pause': { reason: 'r', actor: 'a' },
  '/v1/customers/{ref}/resume': { reason: 'r', actor: 'a' },
  '/v1/customers/{ref}/exit': { reason: 'r', actor: 'a' },
  '/v1/tasks/{id}/claim': { assignee: 'a' },
  '/v1/tasks/{id}/resolve': { outcome: 'placed' },
  '/v1/tasks/{id}/dismiss': { reason: 'r' },
  '/v1/config': { files: [] },
};

function call(method: 'get' | 'post' | 'put', path: string, key: string | null, template = path) {
  const test = request(api.app)[method](path);
  if (key !== null) test.auth(key, { type: 'bearer' });
  return method === 'get' ? test : test.send(BODIES[template] ?? {});
}

const matrix = OPERATIONS.map(
  ({ method, path, scope }) => [`${method} ${path}`, method, path, scope] as const,
);

describe('every call', () => {
  it.each(matrix)(
    '%s: 401 without a key, 403 with a write key or without its scope',
    async (_name, method, path, scope) => {
      const url = path.replaceAll(/\{\w+\}/g, 'x');
      expect((await call(method, url, null, path)).status).toBe(401);
      expect((await call(method, url, 'ak_nobody-has-ever-made-this-key-at-all', path)).status).toBe(401);
      expect((await call(method, url, api.keys.write, path)).body.code).toBe('wrong_kind_of_key');
      const scopes = (['read', 'act', 'configure', 'operate'] as const).filter((s) => s !== scope);
      const narrow = await createKey(api.db, { workspace: WORKSPACE, kind: 'api', scopes, label: 'narrow' });
      expect((await call(method, url, narrow, path)).body.code).toBe('missing_scope');
    },
  );

  it('fault 32: another workspace’s ids are 404 on every route that takes one', async () => {
    await api.batch({
      type: 'identify',
      userId: 'mine',
      anonymousId: 'mine-anon',
      traits: { email: 'mine@example.com' },
    });
    await api.track('mine', 'Order Completed', { order_id: 'm', total: 5_000 });
    await api.decide();
    await api.track('mine', 'Payment Failed', { order_id: 'm-2', value: 412 });
    await api.batch({ type: 'track', messageId: 'mine-message', userId: 'mine', event: 'X' });
    await api.decide();
    const customerId = await api.customerOf('mine');
    const first = async (table: string) =>
      (await api.db.sql`select id from ${api.db.sql(table)} where customer_id = ${customerId}`)[0]?.id;
    const ids: Record<string, string> = {
      '/v1/decisions/{id}': await first('decisions'),
      '/v1/deliveries/{id}': await first('deliveries'),
      '/v1/events/{messageId}': 'mine-message',
      '/v1/journeys/{id}': 'order-confirmation',
    };
    const taskId = await first('agent_tasks');
    const tried: string[] = [];
    for (const { method, path } of OPERATIONS) {
      if (!path.includes('{')) continue;
      const refs = path.includes('{ref}')
        ? [customerId, 'user:mine', 'anon:mine-anon']
        : [ids[path] ?? taskId];
      for (const ref of refs) {
        const url = path.replace(/\{\w+\}/, encodeURIComponent(ref));
        if (method === 'get')
          expect([url, (await call(method, url, api.keys.api, path)).status]).toEqual([url, 200]);
        const { status } = await call(method, url, api.keys.otherApi, path);
        expect([method, url, status]).toEqual([method, url, 404]);
        tried.push(url);
      }
    }
    expect(tried.length).toBeGreaterThan(25);
    for (const body of [{ email: 'mine@example.com' }, { userId: 'mine' }])
      expect((await api.post('/v1/customers/lookup', body, api.keys.otherApi)).status).toBe(404);
    for (const list of [
      '/v1/customers',
      '/v1/customers?q=mine',
      `/v1/customers?q=${customerId}`,
      '/v1/tasks?state=any',
      '/v1/rejected',
      '/v1/journeys',
    ])
      expect([list, (await api.get(list, api.keys.otherApi)).body.data]).toEqual([list, []]);
    const [row] = await api.db
      .sql`select count(*) as n from events where customer_id = ${customerId} and source = 'api'`;
    expect(row?.n).toBe(0);
  });
});

describe('keys', () => {
  it('an API key cannot send events', async () => {
    const answer = await request(api.app)
      .post('/v1/track')
      .auth(api.keys.api, '')
      .send({ userId: 'u', event: 'X' });
    expect([answer.status, answer.body.code]).toEqual([403, 'wrong_kind_of_key']);
  });

  it('work as the user name of Basic, as curl -u sends them', async () => {
    expect((await request(api.app).get('/v1/journeys').auth(api.keys.api, '')).status).toBe(200);
  });

  it('are kept as hashes alone', async () => {
    const rows = await api.db.sql`select * from keys`;
    expect(rows.map((row) => row.hash)).toContain(hashKey(api.keys.api));
    expect(JSON.stringify(rows)).not.toContain(api.keys.api.slice(3));
    expect(api.keys.api).toMatch(/^ak_[\w-]{43}$/);
    expect(api.keys.write).toMatch(/^wk_[\w-]{43}$/);
  });

  it('end within seconds of being revoked, though they are remembered', async () => {
    const key = await createKey(api.db, {
      workspace: WORKSPACE,
      kind: 'api',
      scopes: ['read'],
      label: 'brief',
    });
    const app = createApp({ ...api.deps, limits: { keyCacheMs: 300 } });
    const status = async () => (await request(app).get('/v1/journeys').auth(key, '')).status;
    expect(await status()).toBe(200);
    const [row] = await api.db.sql`select id from keys where hash = ${hashKey(key)}`;
    await revokeKey(api.db.sql, row?.id);
    expect(await status()).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 320));
    expect(await status()).toBe(401);
  });
});
