import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve, startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
let served: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  api = await startApi();
  served = await serve(api.app);
});
afterAll(async () => {
  await served.stop();
  await api.stop();
});

/** Sent by fetch, because supertest changes bodies. */
async function send(path: string, body: Uint8Array | string, headers: Record<string, string> = {}) {
  const auth = `Basic ${Buffer.from(`${api.keys.write}:`).toString('base64')}`;
  const answer = await fetch(served.url + path, {
    method: 'POST',
    body: body as string,
    headers: { Authorization: auth, ...headers },
  });
  const text = await answer.text();
  return {
    status: answer.status,
    body: JSON.parse(text) as { code?: string; title?: string; detail?: string; success?: boolean },
  };
}

async function wasTaken(messageId: string): Promise<boolean> {
  const rows = await api.db.sql`select 1 from events where message_id = ${messageId}`;
  return rows.length > 0;
}

const one = (messageId: string) => JSON.stringify({ messageId, userId: 'u', event: 'Encoded' });

describe('encodings', () => {
  const ways: [string, (text: string) => Uint8Array | string, Record<string, string>][] = [
    ['text/plain, as browsers send', (t) => t, { 'Content-Type': 'text/plain;charset=UTF-8' }],
    ['no content type', (t) => Buffer.from(t), {}],
    [
      'gzip that is called a form',
      (t) => gzipSync(t),
      { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Encoding': 'gzip' },
    ],
    [
      'brotli',
      (t) => brotliCompressSync(t),
      { 'Content-Type': 'application/json', 'Content-Encoding': 'br' },
    ],
    ['deflate', (t) => deflateSync(t), { 'Content-Encoding': 'deflate' }],
    ['UTF-16', (t) => Buffer.from(t, 'utf16le'), { 'Content-Type': 'application/json; charset=utf-16le' }],
  ];
  it.each(ways)('accepts %s', async (way, encode, headers) => {
    expect(await send('/v1/track', encode(one(way)), headers)).toEqual({
      status: 200,
      body: { success: true },
    });
    expect(await wasTaken(way)).toBe(true);
  });

  it('fault 14: an unpaired surrogate in UTF-16 without an escape is found', async () => {
    const text = one('utf16-lone').replace('"u"', '"u\ud800"');
    const answer = await send('/v1/track', Buffer.from(text, 'utf16le'), {
      'Content-Type': 'application/json; charset=utf-16le',
    });
    expect(answer.status).toBe(200);
    expect(await wasTaken('utf16-lone')).toBe(false);
  });

  it('fault 14: invalid UTF-8 is never a 5xx', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"userId":"u","event":"'),
      Buffer.from([0xff, 0xc0, 0x80]),
      Buffer.from('"}'),
    ]);
    expect((await send('/v1/track', bytes)).status).toBe(200);
  });

  const refused: [string, number, Record<string, string>, () => Uint8Array][] = [
    ['an unknown encoding', 415, { 'Content-Encoding': 'snappy' }, () => Buffer.from('{}')],
    ['latin1', 415, { 'Content-Type': 'application/json; charset=iso-8859-1' }, () => Buffer.from('{}')],
    ['gzip that is none', 400, { 'Content-Encoding': 'gzip' }, () => Buffer.from('{}')],
    [
      'half a gzip',
      400,
      { 'Content-Encoding': 'gzip' },
      () => gzipSync(randomBytes(10_000)).subarray(0, 5_000),
    ],
    [
      'fault 16: a gzip bomb',
      413,
      { 'Content-Encoding': 'gzip' },
      () => gzipSync(Buffer.alloc(50_000_000, 0x20)),
    ],
    ['fault 16: 600 KB', 413, {}, () => Buffer.alloc(600_000, 0x20)],
  ];
  it.each(refused)('refuses %s', async (_what, status, headers, body) => {
    const answer = await send('/v1/batch', body(), headers);
    expect(answer.status).toBe(status);
    expect(answer.body.code).toMatch(/^[a-z_]+$/);
    // The title says the same in general; the detail says what to do.
    expect(answer.body.detail).not.toBe(answer.body.title);
  });
});

describe('limits', () => {
  const event = { type: 'track', userId: 'u', event: 'X' };
  it('fault 16: refuses 2,501 events, more than 500 KB, and a single event of 33 KB', async () => {
    const many = JSON.stringify({ batch: Array(2_501).fill(event) });
    expect(await send('/v1/batch', many)).toMatchObject({ status: 400, body: { code: 'batch_too_long' } });
    const long = JSON.stringify({
      batch: Array(17).fill({ ...event, properties: { a: 'x'.repeat(30_100) } }),
    });
    expect(await send('/v1/batch', long)).toMatchObject({ status: 400, body: { code: 'batch_too_large' } });
    const big = JSON.stringify({ ...event, properties: { a: 'x'.repeat(33_000) } });
    expect(await send('/v1/track', big)).toMatchObject({ status: 400, body: { code: 'event_too_large' } });
  });

  it('accepts 2,500 events', async () => {
    const batch = Array.from({ length: 2_500 }, (_, i) => ({
      ...event,
      messageId: `full-${i}`,
      userId: `u-${i % 100}`,
    }));
    expect((await send('/v1/batch', JSON.stringify({ batch }))).status).toBe(200);
    const [row] = await api.db.sql`select count(*) as n from events where message_id like 'full-%'`;
    expect(row?.n).toBe(2_500);
  });

  it('refuses invalid JSON, and a batch that is no array', async () => {
    for (const body of ['{', '"x"', 'null', '[', '{"batch":{}}', '{"batch":"x"}', '{}', '[]', ''])
      expect([body, (await send('/v1/batch', body)).status]).toEqual([body, 400]);
  });
});

describe('fault 15: depth', () => {
  const deep = (n: number) => '['.repeat(n) + ']'.repeat(n);
  it.each([
    ['/v1/track', deep(100_000)],
    ['/v1/batch', deep(100_000)],
    ['/v1/batch', `{"batch":${deep(100_000)}}`],
    ['/v1/batch', `{"batch":[${deep(100_000)}]}`],
    ['/v1/track', `{"userId":"u","event":"X","properties":{"a":${deep(100_000)}}}`],
    ['/v1/track', `{"userId":"u\\u0000","event":"X","properties":{"a":${deep(100_000)}}}`],
    ['/v1/track', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
    ['/v1/track', '['.repeat(200_000)],
  ])('answers %s with 100,000 levels quickly and without a 5xx', async (path, body) => {
    const begun = performance.now();
    const { status } = await send(path, body);
    expect([200, 400]).toContain(status);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('an event that is nested too deeply is rejected, and the rest of its batch is accepted', async () => {
    const good = JSON.stringify({ type: 'track', messageId: 'beside-deep', userId: 'u', event: 'X' });
    expect((await send('/v1/batch', `{"batch":[${deep(50_000)},${good}]}`)).status).toBe(200);
    expect(await wasTaken('beside-deep')).toBe(true);
  });

  it('refuses deep nesting and unstorable text on the other operations, too', async () => {
    const post = (body: string) =>
      request(api.app)
        .post('/v1/customers/lookup')
        .auth(api.keys.api, { type: 'bearer' })
        .type('json')
        .send(body);
    const bodies = [
      deep(100_000),
      `{"userId":"u","x":${deep(100_000)}}`,
      '{"userId":"\\ud800"}',
      '{"userId":"a\\u0000"}',
    ];
    for (const body of bodies) {
      const answer = await post(body);
      expect(answer.status).toBe(400);
      expect(answer.body.code).toMatch(/^(too_deep|invalid_text)$/);
    }
  });
});

describe('arbitrary bodies', () => {
  it('fault 14: no JSON on any event path is answered with a 5xx', async () => {
    const path = fc.constantFrom(
      '/v1/track',
      '/v1/identify',
      '/v1/page',
      '/v1/group',
      '/v1/alias',
      '/v1/batch',
    );
    const odd = fc.constantFrom(
      '__proto__',
      '\u0000',
      '\ud800',
      'constructor',
      '',
      'x'.repeat(300),
      '1e999',
      -1,
      1e308,
      null,
      [],
      {},
    );
    const value = fc.oneof(fc.jsonValue(), odd);
    const event = fc.record(
      {
        type: fc.oneof(fc.constantFrom('track', 'identify', 'page', 'group', 'alias', 'screen'), value),
        event: fc.oneof(
          fc.constantFrom(
            'Order Completed',
            'Ticket Opened',
            'Consent Changed',
            'Payment Failed',
            'Product Added',
          ),
          value,
        ),
        messageId: value,
        userId: fc.oneof(fc.string(), value),
        anonymousId: value,
        properties: fc.oneof(
          fc.record({
            order_id: value,
            total: value,
            ticket_id: value,
            status: value,
            purpose: value,
            products: value,
            currency: value,
            updated_at: value,
          }),
          value,
        ),
        traits: fc.oneof(fc.dictionary(fc.string(), value), value),
        context: fc.oneof(
          fc.record({ traits: value, consent: value, timezone: value, historical: value }),
          value,
        ),
        timestamp: fc.oneof(
          fc.date({ noInvalidDate: true }).map((d) => d.toISOString()),
          value,
        ),
        sentAt: value,
        historical: value,
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      fc.jsonValue(),
      event,
      fc.record({ batch: fc.oneof(fc.array(event, { maxLength: 5 }), value), sentAt: value }),
    );
    await fc.assert(
      fc.asyncProperty(path, body, async (to, what) => {
        const { status } = await send(to, JSON.stringify(what));
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  });

  it('I1: an invalid event never makes its batch fail', async () => {
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(fc.jsonValue()), { minLength: 1, maxLength: 6 }), async (bad) => {
        const run = n++;
        const batch = bad.flatMap((one, i) => [
          one,
          { type: 'track', messageId: `run-${run}-${i}`, userId: 'u', event: 'X' },
        ]);
        expect((await send('/v1/batch', JSON.stringify({ batch }))).status).toBe(200);
        const [row] = await api.db
          .sql`select count(*) as n from events where message_id like ${`run-${run}-%`}`;
        expect(row?.n).toBe(bad.length);
      }),
      { numRuns: 60 },
    );
  });

  it('fault 28: no query, path or body of the other operations is answered with a 5xx', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom("' or 1=1 --", '%', '_', '\u0000', '\\', 'user:', 'cus_', '9'.repeat(40), '-1', '1e3'),
    );
    const encode = (s: string) => encodeURIComponent(s.toWellFormed());
    const paths = fc.constantFrom(
      (a: string, b: string) => `/v1/customers?q=${a}&limit=${b}`,
      (a: string, b: string) => `/v1/customers?cursor=${a}&q=${b}`,
      (a: string, b: string) => `/v1/customers/${a}?minSeq=${b}`,
      (a: string, b: string) => `/v1/customers/user:${a}/timeline?cursor=${b}`,
      (a: string) => `/v1/decisions/${a}`,
      (a: string) => `/v1/events/${a}`,
      (a: string, b: string) => `/v1/tasks?queue=${a}&state=${b}`,
      (a: string, b: string) => `/v1/tasks/${a}?limit=${b}`,
      (a: string) => `/v1/rejected?cursor=${a}`,
      (a: string) => `/v1/journeys/${a}`,
      (a: string) => `/unsubscribe/${a}`,
    );
    await fc.assert(
      fc.asyncProperty(paths, text, text, async (path, a, b) => {
        const { status } = await api.get(path(encode(a), encode(b)));
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  });
});
