import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/api/app.ts';
import { listSent } from '../../support/events-page.ts';
import { startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const post = (path: string) => request(api.app).post(path).auth(api.keys.write, '');

async function bodyOf(messageId: string) {
  const [row] = await api.db.sql`select body from events where message_id = ${messageId}`;
  return row?.body;
}

/** The rows of docs/events.md: what libraries do, and what comes of it. */
const ROWS: Record<string, () => Promise<void>> = {
  'an `identify` with its traits in `context.traits`': async () => {
    await api.batch({
      type: 'identify',
      messageId: 'carried',
      userId: 'r-1',
      traits: { plan: 'gold' },
      context: { traits: { email: 'ria@example.com', plan: 'old', firstName: 'Ria' } },
    });
    const { body } = await api.get('/v1/customers/user:r-1');
    expect(body.traits).toMatchObject({ email: 'ria@example.com', plan: 'gold', firstName: 'Ria' });
    const timeline = await api.get('/v1/customers/user:r-1/timeline');
    expect(timeline.body.data[0].data.traits).toMatchObject({ plan: 'gold', firstName: 'Ria' });
  },
  '`context.consentManagement` of RudderStack': async () => {
    const call = (deniedConsentIds: unknown, allowedConsentIds: unknown = ['analytics']) => ({
      type: 'track',
      event: 'X',
      userId: 'r-consent',
      anonymousId: 'r-device',
      context: { consentManagement: { allowedConsentIds, deniedConsentIds, provider: 'custom' } },
    });
    const statusOf = async (purpose: string) => {
      const { body } = await api.get('/v1/customers/user:r-consent');
      return body.consents.find((consent: { purpose: string }) => consent.purpose === purpose)?.status;
    };
    await api.batch(call([], ['analytics', 'marketing']));
    expect(await statusOf('marketing')).toBe('granted');
    await api.batch(call(['marketing', 'analytics']));
    expect([await statusOf('marketing'), await statusOf('analytics')]).toEqual(['withdrawn', 'withdrawn']);
    await api.batch(call('marketing', null));
    const timeline = await api.get('/v1/customers/user:r-consent/timeline');
    expect(timeline.body.data[0].notes).toMatchObject([
      { code: 'wrong_type', field: 'context.consentManagement.deniedConsentIds' },
    ]);
  },
  'a path that ends with a slash, or has two in a row': async () => {
    for (const path of ['/v1/track/', '/v1/t/', '//v1/track', '//v1//track//', '/v1//t?a=http://b//c']) {
      await post(path).send({ messageId: path, userId: 'slash', event: 'X' }).expect(200);
      expect(await bodyOf(path), path).toBeDefined();
    }
  },
  '`charset=utf8` or `us-ascii`, `Content-Encoding: x-gzip`': async () => {
    for (const charset of ['utf8', 'UTF8', '"US-ASCII"', 'ascii']) {
      const body = JSON.stringify({ messageId: `charset ${charset}`, userId: 'java', event: 'X' });
      await post('/v1/track').type(`application/json; charset=${charset}`).send(body).expect(200);
      expect(await bodyOf(`charset ${charset}`), charset).toBeDefined();
    }
    for (const encoding of ['x-gzip', 'GZIP', 'utf-8']) {
      const body = Buffer.from(JSON.stringify({ messageId: encoding, userId: 'java', event: 'X' }));
      const sent = encoding === 'utf-8' ? body : gzipSync(body);
      const headers = { 'content-encoding': encoding, 'content-type': 'text/plain' };
      await post('/v1/track').set(headers).send(sent).expect(200);
      expect(await bodyOf(encoding), encoding).toBeDefined();
    }
  },
  '`NaN` or `Infinity` where JSON has a number': async () => {
    const order = { order_id: 'o-nan', total: 'TOTAL', text: 'NaN, "Infinity" \\' };
    const batch = [
      { type: 'track', messageId: 'number-1', userId: 'python', event: 'Order Completed', properties: order },
      { type: 'track', messageId: 'number-2', userId: 'python', event: 'X', properties: { a: 'TOTAL' } },
    ];
    await post('/v1/batch')
      .type('application/json')
      .send(JSON.stringify({ batch }).replace('"TOTAL"', 'NaN').replace('"TOTAL"', '-Infinity'))
      .expect(200);
    expect((await bodyOf('number-1')).properties).toEqual({ ...order, total: 'NaN' });
    expect((await bodyOf('number-2')).properties).toEqual({ a: '-Infinity' });
    const { body } = await api.get('/v1/event-notes');
    expect(body.data).toContainEqual(
      expect.objectContaining({ code: 'unreadable_number', field: 'properties.total', example: 'NaN' }),
    );
    const broken = post('/v1/batch').type('application/json').send('{"batch": [NaN, }');
    expect((await broken).body.code).toBe('invalid_json');
  },
  '`POST /v1/import`': async () => {
    for (const path of ['/v1/import', '/v1/import/']) {
      const batch = [{ type: 'track', messageId: path, userId: 'java', event: 'X', context: { ip: '::1' } }];
      const context = {
        library: { name: 'analytics-java', version: '3.5.4' },
        traits: { email: 'a@b.example' },
      };
      await post(path).send({ batch, context, sentAt: new Date().toISOString() }).expect(200);
      expect((await bodyOf(path)).context).toEqual({ ip: '::1', library: context.library });
    }
  },
  'a preflight that asks for any headers': async () => {
    for (const path of [
      '/v1/batch',
      '/v1/t',
      '/v1/cloudevents',
      '/sourceConfig',
      '/v1/projects/x/settings',
    ]) {
      const { status, headers } = await request(api.app).options(path).set({
        Origin: 'https://shop.example',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,sentat,rsa-since-last-attempt,x-new',
      });
      expect([path, status]).toEqual([path, 204]);
      expect(headers).toMatchObject({
        'access-control-allow-origin': 'https://shop.example',
        'access-control-allow-headers': 'authorization,sentat,rsa-since-last-attempt,x-new',
        'cross-origin-resource-policy': 'cross-origin',
      });
    }
  },
  'a beacon or a call with credentials': async () => {
    const origin = 'https://shop.example';
    const asked = await request(api.app).options('/v1/batch').set({
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    });
    const { body: _, ...answered } = await post('/v1/t')
      .set('Origin', origin)
      .send({ messageId: 'beacon', userId: 'b', event: 'X' });
    for (const { headers } of [asked, answered]) {
      // Both, or a browser keeps the answer of a call with credentials to itself, and does not send a beacon of JSON.
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers['access-control-allow-credentials']).toBe('true');
      expect(headers.vary).toContain('Origin');
      expect(headers['set-cookie']).toBeUndefined();
    }
    expect(await bodyOf('beacon')).toBeDefined();
  },
  '`GET /v1/projects/{writeKey}/settings`': async () => {
    const path = `/v1/projects/${api.keys.write}/settings`;
    const { status, body, headers } = await request(api.app)
      .get(path)
      .set('Host', 'events.example:81')
      .set('Origin', 'https://shop.example');
    expect([status, headers['access-control-allow-origin']]).toEqual([200, 'https://shop.example']);
    expect(body.integrations['Segment.io']).toEqual({
      apiKey: api.keys.write,
      apiHost: 'events.example:81/v1',
      protocol: 'http',
    });
    const publicUrl = 'https://journeys.example/in';
    const app = createApp({ ...api.deps, config: { ...api.deps.config, clientUrl: publicUrl } });
    const behind = await request(app).get(`${path}/`);
    expect(behind.body.integrations['Segment.io']).toMatchObject({
      apiHost: 'journeys.example/in/v1',
      protocol: 'https',
    });
    const wrong = await request(api.app)
      .get(`/v1/projects/${api.keys.api}/settings`)
      .set('Origin', 'https://shop.example');
    expect([wrong.status, wrong.headers['access-control-allow-origin']]).toEqual([
      404,
      'https://shop.example',
    ]);
  },
  '`GET /sourceConfig`': async () => {
    const { write } = api.keys;
    for (const test of [
      request(api.app).get('/sourceConfig/?p=npm&v=3.34.1&build=modern').auth(write, ''),
      request(api.app).get(`/sourceConfig?writeKey=${write}`),
    ]) {
      const { status, body } = await test.set('Host', 'events.example');
      expect(status).toBe(200);
      expect(body.source).toMatchObject({ writeKey: write, enabled: true, destinations: [] });
      expect(body.source.id).toMatch(/^key_/);
      expect(body.source.dataplanes.US[0].url).toBe('http://events.example');
      expect(JSON.stringify(body)).not.toContain('aroma');
    }
    expect((await request(api.app).get('/sourceConfig')).status).toBe(401);
  },
};

describe('how client libraries are understood', () => {
  it.each(Object.entries(ROWS))('%s', (_sent, check) => check());

  it('the page has these rows and no others', () => {
    expect(listSent('Clients')).toEqual(Object.keys(ROWS));
  });
});

it('a Host header that is no host does not reach the settings', async () => {
  const { body } = await request(api.app)
    .get(`/v1/projects/${api.keys.write}/settings`)
    .set('Host', 'evil.example/"><x');
  expect(body.integrations['Segment.io'].apiHost).toBe('localhost/v1');
});
