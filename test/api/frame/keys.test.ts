import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKey, revokeKey } from '../../../db/access/keys.ts';
import { SCOPES } from '../../../db/schema/values.ts';
import { createApp } from '../../../src/api/app.ts';
import type { Operation } from '../../../src/api/frame/operation.ts';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { createKey, hashKey } from '../../../src/app/api-keys/keys.ts';
import { bodyOf } from '../support/bodies.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

function call(op: Operation, key: string | null) {
  const { method } = op;
  const path = op.path.replaceAll(/\{\w+\}/g, 'x');
  const test = request(api.app)[method](path);
  if (key !== null) test.auth(key, { type: 'bearer' });
  return method === 'get' ? test : test.send(bodyOf(op));
}

const matrix = OPERATIONS.map((op) => [`${op.method} ${op.path}`, op] as const);

describe('every operation', () => {
  it.each(matrix)(
    '%s: returns 401 without a key, 403 with a write key or without its scope',
    async (_name, op) => {
      expect((await call(op, null)).status).toBe(401);
      expect((await call(op, 'ak_nobody-has-ever-made-this-key-at-all')).status).toBe(401);
      expect((await call(op, api.keys.write)).body.code).toBe('wrong_kind_of_key');
      const scopes = SCOPES.filter((s) => s !== op.scope);
      const narrow = await createKey(api.db, { workspace: WORKSPACE, kind: 'api', scopes, label: 'narrow' });
      expect((await call(op, narrow)).body.code).toBe('missing_scope');
    },
  );

  it('operations that cannot be undone need the scope operate; reading needs only read', () => {
    const scopes = Object.fromEntries(OPERATIONS.map((op) => [`${op.method} ${op.path}`, op.scope]));
    expect(scopes['post /v1/customers/{ref}/erase']).toBe('operate');
    expect(scopes['get /v1/customers/{ref}/export']).toBe('operate');
    const reading = ['/v1/customers/lookup', '/v1/content/preview'];
    for (const op of OPERATIONS)
      if (op.method !== 'get' && !reading.includes(op.path))
        expect([op.path, op.scope]).not.toEqual([op.path, 'read']);
  });
});

describe('keys', () => {
  it('an API key is refused for sending events', async () => {
    const answer = await request(api.app)
      .post('/v1/track')
      .auth(api.keys.api, '')
      .send({ userId: 'u', event: 'X' });
    expect([answer.status, answer.body.code]).toEqual([403, 'wrong_kind_of_key']);
  });

  it('are accepted as the user name of Basic authentication, as curl -u sends them', async () => {
    expect((await request(api.app).get('/v1/journeys').auth(api.keys.api, '')).status).toBe(200);
  });

  it('are stored only as hashes', async () => {
    const rows = await api.db.sql`select * from keys`;
    expect(rows.map((row) => row.hash)).toContain(hashKey(api.keys.api));
    expect(JSON.stringify(rows)).not.toContain(api.keys.api.slice(3));
    expect(api.keys.api).toMatch(/^ak_[\w-]{43}$/);
    expect(api.keys.write).toMatch(/^wk_[\w-]{43}$/);
  });

  it('are refused within seconds after they are revoked, although they are cached', async () => {
    const key = await createKey(api.db, {
      workspace: WORKSPACE,
      kind: 'api',
      scopes: ['read'],
      label: 'brief',
    });
    const KEPT_MS = 600;
    const app = createApp({ ...api.deps, limits: { keyCacheMs: KEPT_MS } });
    const read = () => request(app).get('/v1/journeys').auth(key, '');
    const since = performance.now();
    expect((await read()).status).toBe(200);
    const { id } = (await findKey(api.db.sql, hashKey(key))) ?? { id: '' };
    expect(await revokeKey(api.db.sql, id)).toBe(true);
    const cached = await read();
    // On a slow machine its time may be over.
    if (performance.now() - since < KEPT_MS) expect(cached.status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, KEPT_MS + 20));
    const refused = await read();
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      401,
      'revoked_key',
      'this key was revoked: use another one',
    ]);
    const event = await request(app).post('/v1/track').auth(key, '').send({ userId: 'a', event: 'A' });
    expect([event.status, event.body.code]).toEqual([401, 'revoked_key']);
  });
});
