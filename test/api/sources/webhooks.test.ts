import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../../src/domain/time/time.ts';
import standard from '../../sources/webhooks/vectors/standard-webhooks.ts';
import { type TestApi, WORKSPACE } from '../support/harness.ts';
import { deliver, logOf, rejectedOf, sign, startApiWithSources } from './support.ts';

const SOURCES = `
- { id: crm, kind: standard-webhooks }
- id: desk
  kind: standard-webhooks
  customer: { userId: payload.data.number, email: payload.data.contact.mail, externalIds: { desk: payload.data.id } }
- { id: unset, kind: standard-webhooks }
`;
const [secret, other] = standard.secrets;

let api: TestApi;
beforeAll(async () => {
  api = await startApiWithSources(SOURCES);
  api.sources.set('crm', { workspace: WORKSPACE, secrets: [secret] });
  api.sources.set('desk', { workspace: WORKSPACE, secrets: [secret] });
  api.sources.set('elsewhere', { workspace: WORKSPACE, secrets: [secret] });
});
afterAll(() => api.stop());

let count = 0;
/** A signed request with a message id of its own. */
function signNew(payload: unknown, options: Parameters<typeof sign>[2] = {}) {
  const vectors = {
    ...standard,
    sign: (body: Buffer, key: string, at: number) => signAs(`msg_new_${++count}`, body, key, at),
  };
  return sign(vectors, payload, options);
}

function signAs(id: string, body: Buffer, key: string, at: number) {
  const seconds = String(Math.floor(at / 1_000));
  const signature = createHmac('sha256', Buffer.from(key.replace('whsec_', ''), 'base64'))
    .update(`${id}.${seconds}.`)
    .update(body)
    .digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
  return { url: '', headers, body, receivedAt: at };
}

describe('a genuine request', () => {
  it('is in the log once, under the id of its source, however often it is sent', async () => {
    const signed = sign(standard);
    await deliver(api, 'crm', signed).expect(200, { success: true });
    await deliver(api, 'crm', signed).expect(200, { success: true });
    await Promise.all(Array.from({ length: 5 }, () => deliver(api, 'crm', signed).expect(200)));
    expect(await logOf(api, 'crm')).toEqual([
      {
        name: 'order.completed',
        messageId: 'crm:msg_2b5kGZ',
        at: Date.UTC(2026, 10, 12, 10, 15),
        userId: 'helen',
        properties: expect.objectContaining({ order_id: 'o-1', total: 412 }),
      },
    ]);
  });

  it('of another source with the same message id is another event', async () => {
    await deliver(api, 'desk', sign(standard)).expect(200);
    expect((await logOf(api, 'desk')).map(({ messageId }) => messageId)).toContain('desk:msg_2b5kGZ');
  });

  it('may be compressed', async () => {
    const signed = signNew({ type: 'Packed', data: { userId: 'helen' } });
    await deliver(api, 'crm', {
      headers: { ...signed.headers, 'content-encoding': 'gzip' },
      body: gzipSync(signed.body),
    }).expect(200);
    expect((await logOf(api, 'crm')).map(({ name }) => name)).toContain('Packed');
  });

  it('is about whom sources.yaml names, field by field', async () => {
    const data = { userId: 'kind-says', number: 17, id: 'd-1', contact: { mail: 'Ada@Example.com' } };
    await deliver(api, 'desk', signNew({ type: 'Called', data })).expect(200);
    const [row] = await api.db.sql`
      select array_agg(type || ' ' || value order by type) as ids from identities where customer_id = (
        select customer_id from events where source = 'desk' and name = 'Called')`;
    expect(row?.ids).toEqual(['email ada@example.com', 'external desk:d-1', 'user 17']);
  });

  it('is accepted under both secrets while one is being changed, and under the old one no more', async () => {
    api.sources.set('crm', { workspace: WORKSPACE, secrets: [other, secret] });
    await deliver(api, 'crm', signNew({ type: 'A', data: { userId: 'u' } }, { secret })).expect(200);
    await deliver(api, 'crm', signNew({ type: 'A', data: { userId: 'u' } }, { secret: other })).expect(200);
    api.sources.set('crm', { workspace: WORKSPACE, secrets: [other] });
    await deliver(api, 'crm', signNew({ type: 'A', data: { userId: 'u' } }, { secret })).expect(401);
    api.sources.set('crm', { workspace: WORKSPACE, secrets: [secret] });
  });

  it('is counted by source, kind and outcome', async () => {
    const metrics = await api.deps.metrics.render();
    expect(metrics).toMatch(
      /throughline_webhooks_total\{.*source="crm",kind="standard-webhooks",outcome="repeated"\} [1-9]/,
    );
    expect(metrics).toMatch(
      /throughline_events_total\{.*source="webhook",type="track",outcome="accepted"\} [1-9]/,
    );
  });
});

describe('a request that is refused', () => {
  it.each([
    ['is forged', () => sign(standard, undefined, { secret: other }), 'webhook_signature'],
    ['has a changed body', () => ({ ...sign(standard), body: Buffer.from('{}') }), 'webhook_signature'],
    ['has no signature', () => ({ headers: {}, body: Buffer.from(standard.body) }), 'webhook_signature'],
    ['is too old', () => sign(standard, undefined, { at: Date.now() - 6 * MINUTE }), 'webhook_expired'],
    ['is a month old', () => sign(standard, undefined, { at: Date.now() - 30 * DAY }), 'webhook_expired'],
  ] as const)('%s: 401, and changes nothing', async (_, make, code) => {
    const before = await api.db
      .sql`select (select count(*) from events) as events, (select count(*) from rejected) as rejected`;
    const answer = await deliver(api, 'crm', make()).expect(401);
    expect(answer.body).toMatchObject({ code, status: 401 });
    const after = await api.db
      .sql`select (select count(*) from events) as events, (select count(*) from rejected) as rejected`;
    expect(after).toEqual(before);
  });

  it.each(['nobody', 'unset', 'elsewhere', '..', '%00', 'a'.repeat(2_000)])(
    'goes to no source: 404 for %s',
    async (id) => {
      const answer = await deliver(api, encodeURIComponent(id), sign(standard));
      expect(answer.status).toBe(404);
    },
  );

  it('is larger than 512 kB: 413', async () => {
    await deliver(api, 'crm', sign(standard, 'x'.repeat(513 * 1_024))).expect(413);
    const bomb = { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(50_000_000)) };
    await deliver(api, 'crm', bomb).expect(413);
  });

  it('costs no query, whether it is forged or goes to no source', async () => {
    const hot = await startApiWithSources(SOURCES, { keyCacheMs: 60_000 });
    try {
      hot.sources.set('crm', { workspace: WORKSPACE, secrets: [secret] });
      await request(hot.app).head('/v1/sources/crm').expect(200);
      await hot.db.close();
      await deliver(hot, 'crm', sign(standard, undefined, { secret: other })).expect(401);
      await deliver(hot, 'nobody', sign(standard)).expect(404);
      // What is genuine needs Postgres, and is sent again by its vendor.
      const { status, headers } = await deliver(hot, 'crm', sign(standard));
      expect({ status, retry: headers['retry-after'] }).toEqual({ status: 503, retry: '1' });
    } finally {
      await hot.stop();
    }
  });
});

describe('what a vendor sends besides', () => {
  it('a look at the URL finds the source', async () => {
    await request(api.app).get('/v1/sources/crm').expect(200, { success: true });
    await request(api.app).head('/v1/sources/crm').expect(200);
    await request(api.app).get('/v1/sources/nobody').expect(404);
    await request(api.app).put('/v1/sources/crm').expect(405);
  });

  it('an unreadable request is answered 200 and kept with what was expected', async () => {
    const body = { data: { contact: 'Ada <ada@example.com>', mail: 'ada@example.com' } };
    await deliver(api, 'crm', signNew(body)).expect(200, { success: true });
    const [row] = await rejectedOf(api, 'crm');
    expect(row).toMatchObject({
      code: 'unexpected_payload',
      reason: 'expected type to be the name of an event, found nothing',
      body: JSON.stringify(body),
      received: { format: 'webhook', headers: { 'webhook-id': expect.stringMatching(/^msg_new_/) } },
    });
    expect(JSON.stringify(row)).not.toContain('v1,');
  });

  it('a call that Segment’s parser refuses is kept with the whole request, once however often it comes', async () => {
    const signed = signNew({ type: 'Nobody', data: { total: 1 } });
    for (let n = 0; n < 3; n++) await deliver(api, 'crm', signed).expect(200);
    const rows = (await rejectedOf(api, 'crm')).filter(({ code }) => code === 'no_identity');
    expect(rows).toMatchObject([{ body: signed.body.toString(), reason: 'userId or anonymousId is needed' }]);
  });

  it('an unreadable request is erased with the customers whom it names', async () => {
    await api.track('eve', 'Signed Up', {});
    await api.batch({ type: 'identify', userId: 'eve', traits: { email: 'eve@example.com' } });
    await deliver(api, 'crm', signNew({ nested: { deep: [{ whom: 'eve@example.com' }] } })).expect(200);
    expect((await rejectedOf(api, 'crm')).filter(({ body }) => body.includes('eve@'))).toHaveLength(1);
    await api.post('/v1/customers/user:eve/erase', { actor: 'a test', reason: 'asked for' });
    expect((await rejectedOf(api, 'crm')).filter(({ body }) => body.includes('eve@'))).toHaveLength(0);
  });

  it('no body gives a 5xx, whatever it is', async () => {
    const bodies = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '[]', 'null', '{"type":1e999}', '['.repeat(20_000) + ']'.repeat(20_000)),
      fc
        .record({ type: fc.jsonValue(), data: fc.jsonValue(), timestamp: fc.jsonValue() })
        .map((body) => JSON.stringify(body)),
      fc.constant('{"type":"X","data":{"__proto__":{"a":1},"userId":"u\\u0000"}}'),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const { status } = await deliver(api, 'crm', signNew(body));
        expect(status).toBe(200);
      }),
      { numRuns: 100 },
    );
  });
});

it('a source that sends too fast is told when to come back, and others are not', async () => {
  const slow = await startApiWithSources(SOURCES, { webhooksPerSecond: 1 });
  try {
    for (const id of ['crm', 'desk']) slow.sources.set(id, { workspace: WORKSPACE, secrets: [secret] });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await deliver(slow, 'crm', sign(standard))).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    // Forged ones take nothing of what the vendor may send.
    for (let n = 0; n < 5; n++)
      await deliver(slow, 'desk', sign(standard, undefined, { secret: other })).expect(401);
    await deliver(slow, 'desk', sign(standard)).expect(200);
  } finally {
    await slow.stop();
  }
});

it('a commit that takes too long is answered with 503 in time', async () => {
  const stuck = await startApiWithSources(SOURCES, { webhookMs: 200 });
  try {
    stuck.sources.set('crm', { workspace: WORKSPACE, secrets: [secret] });
    await stuck.db.sql.begin(async (tx) => {
      await tx`lock table message_ids in access exclusive mode`;
      const startedAt = performance.now();
      await deliver(stuck, 'crm', sign(standard)).expect(503);
      // Its own retries would take longer.
      expect(performance.now() - startedAt).toBeLessThan(8_000);
    });
    await deliver(stuck, 'crm', sign(standard)).expect(200);
    expect(await logOf(stuck, 'crm')).toHaveLength(1);
  } finally {
    await stuck.stop();
  }
});
