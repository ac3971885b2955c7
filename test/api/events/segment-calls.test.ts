import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface LogRow {
  type: string;
  name: string;
  at: number;
  historical: boolean;
  body: { properties: Record<string, unknown>; traits: Record<string, unknown> };
}

async function logged(messageId: string): Promise<LogRow[]> {
  return api.db.sql<LogRow[]>`
    select type, name, (extract(epoch from at) * 1000)::bigint as at, historical, body from events where workspace = ${WORKSPACE} and message_id = ${messageId}`;
}

async function refusalOf(messageId: string): Promise<string | undefined> {
  const [row] = await api.db.sql`select code from rejected where message_id = ${messageId}`;
  return row?.code;
}

const post = (path: string) => request(api.app).post(path);

describe('the six calls', () => {
  const calls = [
    ['identify', 'i', 'Customer Identified', { traits: { plan: 'gold' } }],
    ['track', 't', 'Coffee Ground', { event: 'Coffee Ground', properties: { n: 1 } }],
    ['page', 'p', 'Page Viewed', { name: 'Home', properties: { path: '/' } }],
    ['screen', 's', 'Screen Viewed', { name: 'Cart' }],
    ['group', 'g', 'Group Joined', { groupId: 'g-1', traits: { seats: 3 } }],
    ['alias', 'a', 'Alias Made', { previousId: 'anon-1' }],
  ] as const;

  it.each(calls)('accepts %s on its long and its short path', async (call, short, name, body) => {
    for (const path of [`/v1/${call}`, `/v1/${short}`]) {
      const messageId = `calls-${path}`;
      const answer = await post(path)
        .auth(api.keys.write, '')
        .send({ messageId, userId: 'u-calls', ...body });
      expect([answer.status, answer.body]).toEqual([200, { success: true }]);
      expect(await logged(messageId)).toMatchObject([{ type: call, name }]);
    }
  });

  it('stores the top-level fields of page, group and alias in the properties', async () => {
    await api.batch(
      {
        type: 'page',
        messageId: 'top-page',
        userId: 'u',
        name: 'Home',
        category: 'shop',
        properties: { path: '/' },
      },
      { type: 'group', messageId: 'top-group', userId: 'u', groupId: 'g-1' },
      { type: 'alias', messageId: 'top-alias', userId: 'u', previousId: 'anon-1' },
    );
    const properties = async (id: string) => (await logged(id))[0]?.body.properties;
    expect(await properties('top-page')).toEqual({ path: '/', name: 'Home', category: 'shop' });
    expect(await properties('top-group')).toEqual({ groupId: 'g-1' });
    expect(await properties('top-alias')).toEqual({ previousId: 'anon-1' });
  });
});

describe('write keys', () => {
  const body = (messageId: string) => ({ messageId, userId: 'u-auth', event: 'Authorised' });

  it('accepts the key as Basic, as bearer token, in the body and in the query', async () => {
    const { write } = api.keys;
    await post('/v1/track').auth(write, '').send(body('auth-basic')).expect(200);
    await post('/v1/track').auth(write, { type: 'bearer' }).send(body('auth-bearer')).expect(200);
    await post('/v1/track')
      .send({ ...body('auth-body'), writeKey: write })
      .expect(200);
    await post(`/v1/track?writeKey=${write}`).send(body('auth-query')).expect(200);
    for (const form of ['basic', 'bearer', 'body', 'query'])
      expect(await logged(`auth-${form}`), form).toHaveLength(1);
  });

  it('accepts the beacon of RudderStack: key in the query, text/plain, no key in the body', async () => {
    const batch = [{ type: 'track', ...body('beacon') }];
    await post(`/beacon/v1/batch?writeKey=${api.keys.write}`)
      .type('text/plain')
      .send(JSON.stringify({ batch, sentAt: new Date().toISOString() }))
      .expect(200);
    expect(await logged('beacon')).toHaveLength(1);
  });

  it('returns a 401 problem for a wrong or missing key, never a redirect', async () => {
    for (const test of [
      post('/v1/track').send(body('auth-none')),
      post('/v1/track').auth('wk_this-key-was-never-made-by-anyone', '').send(body('auth-wrong')),
      post('/v1/track').send({ ...body('auth-odd'), writeKey: 17 }),
      post('/v1/track').set('Authorization', 'Basic').send(body('auth-odd')),
    ]) {
      const answer = await test;
      expect(answer.status).toBe(401);
      expect(answer.type).toBe('application/problem+json');
      expect(answer.body.code).toMatch(/^(missing|invalid)_key$/);
    }
  });

  it('allows browsers of any origin to send events, and no other operation', async () => {
    const preflight = await request(api.app).options('/v1/t').set('Origin', 'https://shop.example');
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe('https://shop.example');
    const refused = await post('/v1/t').set('Origin', 'https://shop.example').send(body('cors'));
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([
      401,
      'https://shop.example',
    ]);
    const view = await api.get('/v1/customers').set('Origin', 'https://shop.example');
    expect(view.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('duplicates and times', () => {
  it('returns success for a repeated message and stores it once, also within one batch', async () => {
    const event = { type: 'track', messageId: 'twice', userId: 'u-twice', event: 'Sent Twice' };
    await api.batch(event, event);
    await Promise.all([api.batch(event), api.batch(event), api.batch(event)]);
    expect(await logged('twice')).toHaveLength(1);
  });

  it('corrects the clock of the client by its sending time, and never into the future', async () => {
    const wrong = Date.parse('2001-01-01T12:00:00.000Z');
    const iso = (ms: number) => new Date(ms).toISOString();
    const before = Date.now();
    const event = { userId: 'u-clock', event: 'Timed' };
    await post('/v1/batch')
      .auth(api.keys.write, '')
      .send({
        sentAt: iso(wrong),
        batch: [
          { ...event, type: 'track', messageId: 'clock-hour', timestamp: iso(wrong - 3_600_000) },
          { ...event, type: 'track', messageId: 'clock-future', timestamp: iso(wrong + 3_600_000) },
          { ...event, type: 'track', messageId: 'clock-original', originalTimestamp: iso(wrong - 60_000) },
          {
            ...event,
            type: 'track',
            messageId: 'clock-own',
            timestamp: iso(wrong),
            sentAt: iso(wrong + 10_000),
          },
        ],
      })
      .expect(200);
    await api.batch(
      { ...event, type: 'track', messageId: 'clock-plain', timestamp: '2020-02-29T00:00:00Z' },
      { ...event, type: 'track', messageId: 'clock-garbage', timestamp: 'yesterday, about noon' },
      { ...event, type: 'track', messageId: 'clock-2099', timestamp: '2099-01-01T00:00:00Z' },
      { ...event, type: 'track', messageId: 'clock-zero', timestamp: '0000-01-01T00:00:00Z' },
    );
    const after = Date.now() + 1;
    const ago = async (messageId: string) => {
      const at = (await logged(messageId))[0]?.at ?? Number.NaN;
      return { most: after - at, least: before - at };
    };
    for (const [messageId, wanted] of [
      ['clock-hour', 3_600_000],
      ['clock-future', 0],
      ['clock-original', 60_000],
      ['clock-own', 10_000],
      ['clock-garbage', 0],
      ['clock-2099', 0],
      ['clock-zero', 0],
    ] as const) {
      const { least, most } = await ago(messageId);
      expect(wanted, messageId).toBeGreaterThanOrEqual(least);
      expect(wanted, messageId).toBeLessThanOrEqual(most);
    }
    expect((await logged('clock-plain'))[0]?.at).toBe(Date.parse('2020-02-29T00:00:00Z'));
  });

  it('marks backfill by the event, its context, the batch or a header', async () => {
    const event = { type: 'track', userId: 'u-old', event: 'Long Ago' };
    await api.batch(
      { ...event, messageId: 'old-event', historical: true },
      { ...event, messageId: 'old-context', context: { historical: true } },
      { ...event, messageId: 'old-not' },
    );
    const send = () => post('/v1/batch').auth(api.keys.write, '');
    await send()
      .send({ historical: true, batch: [{ ...event, messageId: 'old-batch' }] })
      .expect(200);
    await send()
      .set('X-Historical', 'true')
      .send({ batch: [{ ...event, messageId: 'old-header' }] })
      .expect(200);
    for (const how of ['event', 'context', 'batch', 'header'])
      expect((await logged(`old-${how}`))[0]?.historical, how).toBe(true);
    expect((await logged('old-not'))[0]?.historical).toBe(false);
  });
});

describe('rejected events', () => {
  const refused: [string, Record<string, unknown>, string][] = [
    ['no identity', { type: 'track', event: 'X' }, 'no_identity'],
    [
      'an address alone, but no ticket',
      { type: 'track', event: 'X', properties: { email: 'a@b.example' } },
      'no_identity',
    ],
    ['no event name', { type: 'track', userId: 'u' }, 'invalid_event_name'],
    ['an empty event name', { type: 'track', userId: 'u', event: '' }, 'invalid_event_name'],
    ['a long event name', { type: 'track', userId: 'u', event: 'x'.repeat(201) }, 'invalid_event_name'],
    ['an unknown type', { type: 'shout', userId: 'u' }, 'unknown_type'],
    ['a long user id', { type: 'track', userId: 'u'.repeat(513), event: 'X' }, 'id_too_long'],
    ['a forged delivery', { type: 'track', userId: 'u', event: 'Delivery Sent' }, 'reserved_event'],
    ['a forged task', { type: 'track', userId: 'u', event: 'Task Resolved' }, 'reserved_event'],
    ['a forged pause', { type: 'track', userId: 'u', event: 'Customer Paused' }, 'reserved_event'],
    ['a forged exit', { type: 'track', userId: 'u', event: 'Enrollment Exit Requested' }, 'reserved_event'],
    ['a forged coupon', { type: 'track', userId: 'u', event: 'Coupon Issued' }, 'reserved_event'],
    [
      'an identify in disguise',
      { type: 'track', userId: 'u', event: 'Customer Identified' },
      'reserved_event',
    ],
    [
      'a ticket id beyond any index',
      { type: 'track', userId: 'u', event: 'Ticket Opened', properties: { ticket_id: 't'.repeat(5_000) } },
      'key_too_long',
    ],
    [
      'a purpose beyond any index',
      {
        type: 'track',
        userId: 'u',
        event: 'X',
        context: { consent: { categoryPreferences: { ['p'.repeat(5_000)]: true } } },
      },
      'key_too_long',
    ],
    [
      'half a surrogate pair',
      { type: 'track', userId: 'u', event: 'X', properties: { a: '\ud800' } },
      'invalid_text',
    ],
    [
      'U+0000 in a value',
      { type: 'track', userId: 'u', event: 'X', properties: { a: 'a\u0000b' } },
      'invalid_text',
    ],
    [
      'U+0000 in a key',
      { type: 'track', userId: 'u', event: 'X', properties: { 'a\u0000b': 1 } },
      'invalid_text',
    ],
    ['33 levels', { type: 'track', userId: 'u', event: 'X', properties: nested(32) }, 'too_deep'],
    [
      '33 KB',
      { type: 'track', userId: 'u', event: 'X', properties: { a: 'x'.repeat(33 * 1024) } },
      'event_too_large',
    ],
  ];

  it.each(refused)(
    'I1 stores %s with its reason, and accepts the rest of its batch',
    async (what, event, code) => {
      const [good, bad] = [`good beside ${what}`, `bad: ${what}`];
      await api.batch(
        { type: 'track', messageId: good, userId: 'u-good', event: 'Good' },
        { ...event, messageId: bad },
        { type: 'track', messageId: `${good} 2`, userId: 'u-good', event: 'Good' },
      );
      expect(await refusalOf(bad)).toBe(code);
      expect(await logged(bad)).toHaveLength(0);
      expect(await logged(good)).toHaveLength(1);
      expect(await logged(`${good} 2`)).toHaveLength(1);
    },
  );

  it('stores items that are no object, and refuses reserved message ids', async () => {
    const [before] = await api.db.sql`select count(*) as n from rejected where code = 'not_an_object'`;
    await api.batch(
      null as never,
      17 as never,
      'x' as never,
      [[]] as never,
      { type: 'track', userId: 'u', event: 'X', messageId: 'dlv_1/Delivery Sent/1' },
      { type: 'track', userId: 'u', event: 'X', messageId: 'm'.repeat(256) },
    );
    const [after] = await api.db.sql`select count(*) as n from rejected where code = 'not_an_object'`;
    expect(after?.n - before?.n).toBe(4);
    expect(await refusalOf('dlv_1/Delivery Sent/1')).toBe('reserved_message_id');
    expect(await refusalOf('m'.repeat(255))).toBe('message_id_too_long');
  });

  it('returns 200 for a single rejected call, as Segment does, and stores it', async () => {
    const send = (body: object) => post('/v1/track').auth(api.keys.write, '').send(body);
    await send({ messageId: 'single-bad', event: 'X' }).expect(200, { success: true });
    expect(await refusalOf('single-bad')).toBe('no_identity');
  });

  it('accepts coupon events of Segment', async () => {
    await api.batch({ type: 'track', messageId: 'coupon', userId: 'u', event: 'Coupon Applied' });
    expect(await logged('coupon')).toHaveLength(1);
  });

  it('strips __proto__ at any depth', async () => {
    const body = `{"writeKey":"${api.keys.write}","messageId":"proto","userId":"u","event":"X",
      "properties":{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":2},"b":1},"\\u005f_proto__":3}}`;
    await post('/v1/track').type('json').send(body).expect(200);
    expect((await logged('proto'))[0]?.body.properties).toEqual({ a: { b: 1 } });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('identification', () => {
  it('accepts numbers as ids', async () => {
    await api.batch({ type: 'track', messageId: 'numbers', userId: 4711, anonymousId: 12, event: 'X' });
    expect(await api.customerOf('4711')).toMatch(/^cus_/);
  });

  it('accepts a ticket with an address only, and finds the customer with that address', async () => {
    await api.batch({ type: 'identify', userId: 'u-mail', traits: { email: ' Ann@Example.COM ' } });
    await api.batch({
      type: 'track',
      messageId: 'by-mail',
      event: 'Ticket Opened',
      properties: { ticket_id: 'T-mail', email: 'ann@example.com' },
    });
    const { body } = await api.get('/v1/customers/user:u-mail');
    expect(body.openTickets).toMatchObject([{ id: 'T-mail' }]);
    expect(body.identities).toContainEqual({ type: 'email', value: 'ann@example.com' });
  });

  it('ignores fields of a wrong type, as Segment does', async () => {
    await api.batch({
      type: 'track',
      messageId: 'lenient',
      userId: 'u',
      event: 'X',
      properties: 'none',
      context: [1],
      traits: 3,
    });
    expect((await logged('lenient'))[0]?.body).toMatchObject({ properties: {}, traits: {} });
  });
});

function nested(levels: number): Record<string, unknown> {
  let value: Record<string, unknown> = {};
  for (let i = 1; i < levels; i++) value = { a: value };
  return value;
}
