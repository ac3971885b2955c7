import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import pino from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../db/client.ts';
import { countRepairs } from '../../../db/maintenance/reconciliations.ts';
import { createApp } from '../../../src/api/app.ts';
import { openApiDocument } from '../../../src/api/openapi/document.ts';
import { serializeOpenApi } from '../../../src/api/openapi/serialize.ts';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { ROOT } from '../../support/paths.ts';
import { serve, startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

describe('the document', () => {
  it('openapi.json is up to date (UPDATE=1 writes it)', async () => {
    const file = path.join(ROOT, 'openapi.json');
    if (process.env.UPDATE) await writeFile(file, serializeOpenApi());
    expect(await readFile(file, 'utf8')).toBe(serializeOpenApi());
  });

  it('describes every operation, and is served', async () => {
    const { paths } = openApiDocument() as { paths: Record<string, Record<string, unknown>> };
    for (const { method, path: at } of OPERATIONS)
      expect(paths[at]?.[method], `${method} ${at}`).toBeDefined();
    expect((await request(api.app).get('/openapi.json')).body).toEqual(
      JSON.parse(JSON.stringify(openApiDocument())),
    );
  });

  it('resolves every reference', () => {
    const document = JSON.parse(serializeOpenApi());
    const refs = [...serializeOpenApi().matchAll(/"\$ref": ?"#\/components\/schemas\/(\w+)"/g)].map(
      (m) => m[1] as string,
    );
    expect(refs.length).toBeGreaterThan(20);
    for (const ref of refs) expect(document.components.schemas[ref], ref).toBeDefined();
  });

  it('serves its reader without external resources and without inline scripts', async () => {
    const page = await request(api.app).get('/docs');
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/<script>|https?:/);
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((m) => m[1] as string);
    expect(links).toHaveLength(3);
    for (const link of links) expect([link, (await request(api.app).get(link)).status]).toEqual([link, 200]);
    expect((await request(api.app).get('/docs/package.json')).status).toBe(404);
  });
});

describe('health', () => {
  it('reports health always, and readiness when database, Temporal and a bundle are available', async () => {
    expect((await request(api.app).get('/healthz')).body).toEqual({ status: 'ok' });
    expect((await request(api.app).get('/readyz')).status).toBe(200);
    api.journeys.up = false;
    const away = await request(api.app).get('/readyz');
    api.journeys.up = true;
    expect([away.status, away.body]).toEqual([
      503,
      { ready: false, reasons: [{ code: 'temporal_away', detail: expect.any(String) }] },
    ]);
    await api.db.sql`update workspaces set config_version = 0`;
    const bare = await request(api.app).get('/readyz');
    await api.db.sql`update workspaces set config_version = 1 where id = 'aroma'`;
    expect([bare.status, bare.body.reasons[0].code]).toEqual([503, 'no_bundle']);
  });

  it('I4: readiness says that customers wait and nobody is decided', async () => {
    await api.track('waiting', 'Order Completed', { order_id: 'o-1', total: 1 });
    expect((await request(api.app).get('/readyz')).status).toBe(200);
    const { sql } = api.db;
    await sql`update events set accepted_at = accepted_at - interval '40 seconds'`;
    await sql`update decisions set at = at - 40000`;
    const stalled = await request(api.app).get('/readyz');
    expect([stalled.status, stalled.body.reasons]).toEqual([
      503,
      [{ code: 'decisions_stalled', detail: expect.stringContaining('none was decided for 30 s') }],
    ]);
    // One decision of anybody is enough: the others wait in a backlog.
    await api.decide();
    await api.track('waiting', 'Order Completed', { order_id: 'o-2', total: 1 });
    await sql`update events set accepted_at = accepted_at - interval '40 seconds'`;
    expect((await request(api.app).get('/readyz')).status).toBe(200);
    await api.decide();
  });

  it('shows what the relay has compared and repaired', async () => {
    expect((await request(api.app).get('/statusz')).body).toEqual({
      reconciliations: [],
      parkedCustomers: 0,
    });
    await countRepairs(api.db.sql, 'journeys', 'missing', 2);
    await countRepairs(api.db.sql, 'journeys', 'missing', 1);
    const { status, body } = await request(api.app).get('/statusz');
    expect([status, body]).toMatchObject([
      200,
      { reconciliations: [{ kind: 'journeys', repaired: { missing: 3 } }] },
    ]);
  });

  it('fault 7: without a database readiness names the reason, and every operation returns a 503 problem', async () => {
    const db = openDatabase('postgres://nobody@127.0.0.1:1/none');
    const app = createApp({ ...api.deps, db, log: pino({ level: 'silent' }) });
    const ready = await request(app).get('/readyz');
    expect([ready.status, ready.body.reasons[0].code]).toEqual([503, 'database_away']);
    for (const test of [
      request(app).get('/v1/customers').auth(api.keys.api, ''),
      request(app).post('/v1/track').auth(api.keys.write, '').send({ userId: 'u', event: 'X' }),
    ]) {
      const { status, body, headers } = await test;
      expect([status, body.code, headers['retry-after']]).toEqual([503, 'unavailable', '1']);
    }
    await db.close();
  });
});

describe('errors', () => {
  it('are problem documents with the request id and without a stack', async () => {
    for (const [method, url] of [
      ['get', '/nothing'],
      ['get', '/v1/nothing'],
      ['delete', '/v1/customers'],
      ['get', '/v1/customers/%E0%A4%A'],
      ['get', '/docs/../../etc/passwd'],
    ] as const) {
      const { status, body, type } = await request(api.app)
        [method](url)
        .auth(api.keys.api, '')
        .set('X-Request-Id', 'mine-1');
      expect([url, type]).toEqual([url, 'application/problem+json']);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(body).toMatchObject({ status, requestId: 'mine-1', code: expect.stringMatching(/^[a-z_]+$/) });
      expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:/);
    }
  });

  it('an internal error is a 500 without details', async () => {
    const broken = { ...api.deps, bundles: () => Promise.reject(new Error('secret detail')) };
    await api.track('breaks', 'X');
    const { status, body } = await request(createApp(broken))
      .get('/v1/customers/user:breaks')
      .auth(api.keys.api, '');
    expect([status, body.code]).toEqual([500, 'internal']);
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});

describe('the server', () => {
  it('fault 17: closes connections that send their headers too slowly', async () => {
    const { server, stop } = await serve(api.app);
    const { headersTimeout, requestTimeout, keepAliveTimeout } = server;
    expect({ headersTimeout, requestTimeout, keepAliveTimeout }).toEqual({
      headersTimeout: 5_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 65_000,
    });
    const begun = performance.now();
    const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
    socket.write('POST /v1/track HTTP/1.1\r\nHost: x\r\n');
    const response = await new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(response).toContain('408');
    expect(performance.now() - begun).toBeLessThan(10_000);
    await stop();
  });
});
