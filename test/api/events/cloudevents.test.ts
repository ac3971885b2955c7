import { CloudEvent, HTTP } from 'cloudevents';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSent } from '../../support/events-page.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

type Fields = Record<string, unknown>;

interface LogRow {
  name: string;
  type: string;
  at: number;
  messageId: string;
  userId: string | null;
  anonymousId: string | null;
  properties: Fields;
  traits: Fields;
  context: { cloudEvent: Fields };
}

async function logged(id: string, source = '/shop'): Promise<LogRow[]> {
  return api.db.sql<LogRow[]>`
    select name, type, (extract(epoch from at) * 1000)::bigint as at, message_id as "messageId",
      (select value from identities where customer_id = e.customer_id and type = 'user' limit 1) as "userId",
      (select value from identities where customer_id = e.customer_id and type = 'anon' limit 1) as "anonymousId",
      body -> 'properties' as properties, body -> 'traits' as traits, body -> 'context' as context
    from events e where workspace = ${WORKSPACE} and message_id = ${`ce:${source} ${id}`}`;
}

async function refusalOf(messageId: string): Promise<string | undefined> {
  const [row] = await api.db.sql`select code from rejected where message_id = ${messageId}`;
  return row?.code;
}

const base = (id: string) => ({ specversion: '1.0', id, source: '/shop', type: 'Order Completed' });
const send = () => request(api.app).post('/v1/cloudevents').auth(api.keys.write, '');
const STRUCTURED = 'application/cloudevents+json';
const BATCHED = 'application/cloudevents-batch+json';

function structured(event: Fields) {
  return send().type(STRUCTURED).send(JSON.stringify(event));
}

interface Row {
  sent: string;
  event: Fields;
  shown: Fields;
}

/** The rows of docs/events.md. */
const ROWS: Row[] = [
  {
    sent: '`type: Order Completed`, `data` an object',
    event: { subject: 'c-1', data: { order_id: 'o-1', total: 5 } },
    shown: {
      type: 'track',
      name: 'Order Completed',
      properties: { order_id: 'o-1', total: 5 },
      userId: 'c-1',
    },
  },
  {
    sent: '`data.userId` beside a `subject`',
    event: { subject: 'order/1', data: { userId: 'c-2' } },
    shown: { userId: 'c-2' },
  },
  {
    sent: 'the extensions `userid` and `anonymousid`',
    event: { subject: 'order/1', userid: 'c-3', anonymousid: 'a-3', data: {} },
    shown: { userId: 'c-3', anonymousId: 'a-3' },
  },
  {
    sent: '`data.userId: "undefined"` beside an extension',
    event: { subject: 'order/1', userId: 'c-12', data: { userId: 'undefined', total: 5 } },
    shown: { userId: 'c-12' },
  },
  {
    sent: 'a `subject`, and nothing else that names somebody',
    event: { subject: 'c-4', data: { total: 5 } },
    shown: { userId: 'c-4' },
  },
  {
    sent: '`data` with `properties` or `traits`',
    event: { data: { userId: 'c-5', properties: { total: 5 }, context: { locale: 'de' } } },
    shown: { userId: 'c-5', properties: { total: 5 } },
  },
  {
    sent: '`type: identify`, or another call of Segment',
    event: { type: 'identify', subject: 'c-6', data: { plan: 'gold' } },
    shown: { type: 'identify', name: 'Customer Identified', traits: { plan: 'gold' } },
  },
  {
    sent: '`data_base64` of JSON',
    event: { subject: 'c-7', data_base64: Buffer.from('{"total":7}').toString('base64') },
    shown: { properties: { total: 7 } },
  },
  {
    sent: '`data` that is a list, a text or a number',
    event: { subject: 'c-8', data: [1, 2] },
    shown: { properties: { data: [1, 2] } },
  },
  {
    sent: '`time`',
    event: { subject: 'c-9', time: '2026-01-02T03:04:05Z' },
    shown: { at: Date.parse('2026-01-02T03:04:05Z') },
  },
  {
    sent: 'further attributes',
    event: { subject: 'c-10', traceparent: '00-1', dataschema: 'https://example.com/s' },
    shown: { context: { cloudEvent: { traceparent: '00-1', dataschema: 'https://example.com/s' } } },
  },
];

describe('how CloudEvents are read', () => {
  it.each(ROWS.map((row, index) => [row.sent, row, `row-${index}`] as const))(
    '%s',
    async (_sent, { event, shown }, id) => {
      await structured({ ...base(id), ...event }).expect(200, { success: true });
      expect(await logged(id)).toMatchObject([shown]);
    },
  );

  it('the same `source` and `id` again', async () => {
    const event = { ...base('again'), subject: 'c-11' };
    await structured(event).expect(200);
    await send()
      .type(BATCHED)
      .send(JSON.stringify([event, event]))
      .expect(200);
    expect(await logged('again')).toHaveLength(1);
    await structured({ ...event, source: '/desk' }).expect(200);
    expect(await logged('again', '/desk')).toHaveLength(1);
  });

  it('a list of events in structured mode', async () => {
    const list = ['listed-1', 'listed-2'].map((id) => ({ ...base(id), subject: 'c-13' }));
    await send().type(STRUCTURED).send(JSON.stringify(list)).expect(200);
    expect([await logged('listed-1'), await logged('listed-2')].flat()).toHaveLength(2);
  });

  it('a placeholder id in the data is noted, also where nobody else is named', async () => {
    await structured({ ...base('noted'), userid: 'c-14', data: { userId: 'null' } }).expect(200);
    const { body } = await api.get('/v1/customers/user:c-14/timeline');
    expect(body.data[0].notes).toEqual([{ code: 'placeholder_id', field: 'data.userId', value: 'null' }]);
    await structured({ ...base('nobody'), data: { userId: 'null' } }).expect(200);
    const [row] = await api.db.sql`select reason from rejected where message_id = 'ce:/shop nobody'`;
    expect(row?.reason).toContain('data.userId "null" identifies nobody');
  });

  it('no `id`, `source` or `type`, or another `specversion`', async () => {
    const { id: _, ...nameless } = base('none');
    const before = await countRejected();
    for (const event of [nameless, { ...base('x'), source: '' }, { ...base('y'), specversion: '2.0' }])
      await structured(event).expect(200);
    expect((await countRejected()) - before).toBe(3);
    expect(await refusalOf('ce:/shop y')).toBe('unknown_specversion');
  });

  it('the page has these rows and no others', () => {
    expect(listSent('CloudEvents').toSorted()).toEqual(
      [
        ...ROWS.map(({ sent }) => sent),
        'a list of events in structured mode',
        'the same `source` and `id` again',
        'no `id`, `source` or `type`, or another `specversion`',
      ].toSorted(),
    );
  });
});

async function countRejected(): Promise<number> {
  const [row] = await api.db.sql`select count(*)::int as n from rejected`;
  return row?.n;
}

describe('the three modes, as the SDK of the specification sends them', () => {
  const event = (id: string) =>
    new CloudEvent({
      id,
      source: '/shop',
      type: 'Order Completed',
      subject: 'sdk-1',
      time: '2026-02-03T04:05:06.000Z',
      data: { order_id: id, name: 'Café' },
    });
  const post = ({ headers, body }: { headers: Fields; body: unknown }) =>
    send()
      .set(headers as Record<string, string>)
      .send(body as string);

  it('accepts structured mode', async () => {
    await post(HTTP.structured(event('sdk-structured'))).expect(200);
    expect(await logged('sdk-structured')).toMatchObject([{ properties: { name: 'Café' } }]);
  });

  it('accepts binary mode', async () => {
    await post(HTTP.binary(event('sdk-binary'))).expect(200);
    expect(await logged('sdk-binary')).toMatchObject([
      { userId: 'sdk-1', at: Date.parse('2026-02-03T04:05:06Z'), properties: { name: 'Café' } },
    ]);
  });

  it('accepts batched mode, and rejects a bad event alone', async () => {
    const batch = [event('sdk-batch-1'), { id: 'sdk-bad', source: '/shop' }, event('sdk-batch-2')];
    await send().type(BATCHED).send(JSON.stringify(batch)).expect(200);
    expect(await logged('sdk-batch-1')).toHaveLength(1);
    expect(await logged('sdk-batch-2')).toHaveLength(1);
    expect(await refusalOf('ce:/shop sdk-bad')).toBe('unknown_specversion');
  });
});

describe('senders of other kinds', () => {
  const headers = (id: string) => ({
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-source': '/shop',
    'ce-type': 'Bean Roasted',
    'ce-subject': 'b-1',
  });

  it.each([
    ['text', 'text/plain', 'dark', { data: 'dark' }],
    ['XML', 'application/xml', '<a/>', { data: '<a/>' }],
    ['bytes', 'application/octet-stream', Buffer.from([255, 0]), { data: '/wA=' }],
    ['JSON with a suffix', 'application/vnd.shop+json; charset=utf-8', '{"a":1}', { a: 1 }],
    ['no data', 'application/json', '', {}],
    ['a number that JSON does not have', 'application/json', '{"a":NaN}', { a: 'NaN' }],
    ['a charset by another name', 'application/json; charset=utf8', '{"a":1}', { a: 1 }],
  ])('binary mode with %s', async (what, type, body, properties) => {
    await send()
      .set(headers(`binary ${what}`))
      .type(type)
      .send(body)
      .expect(200);
    expect(await logged(`binary ${what}`)).toMatchObject([{ name: 'Bean Roasted', properties }]);
  });

  it('an event without id is refused in every mode, and never gets an invented one', async () => {
    const { id: _, ...nameless } = { ...base('x'), source: '/nameless', subject: 'nameless', data: { a: 1 } };
    const { 'ce-id': __, ...attributes } = { ...headers('x'), 'ce-source': '/nameless' };
    await structured(nameless).expect(200);
    await send()
      .type(BATCHED)
      .send(JSON.stringify([nameless, { ...base('beside-nameless'), subject: 'b-1' }]))
      .expect(200);
    await send().set(attributes).type('application/json').send('{"a":1}').expect(200);
    const rows = await api.db.sql`
      select code, reason, count(*)::int as rows from rejected where body like '%/nameless%' group by 1, 2`;
    // The event of the structured mode is that of the batch.
    expect(rows).toEqual([
      { code: 'missing_attribute', reason: 'a CloudEvent needs id, source and type', rows: 2 },
    ]);
    const [log] = await api.db
      .sql`select count(*)::int as events from events where message_id like 'ce:/nameless%'`;
    expect(log?.events).toBe(0);
    expect(await logged('beside-nameless')).toHaveLength(1);
  });

  it('decodes percent codes and quotes in headers', async () => {
    await send()
      .set({ ...headers('percent'), 'ce-subject': 'Bj%C3%B6rn', 'ce-type': '"Bean \\"Roasted\\""' })
      .type('application/json')
      .send('{}')
      .expect(200);
    expect(await logged('percent')).toMatchObject([{ userId: 'Björn', name: 'Bean "Roasted"' }]);
  });

  it('reads plain JSON that holds an event or several', async () => {
    await send()
      .send({ ...base('plain'), subject: 'b-2' })
      .expect(200);
    await send()
      .send([{ ...base('plain-list'), subject: 'b-2' }])
      .expect(200);
    expect([await logged('plain'), await logged('plain-list')].flat()).toHaveLength(2);
  });

  it.each([
    ['a byte order mark', '\ufeff', {}, { a: 1 }],
    ['specversion as a number', '', { specversion: 1 }, { a: 1 }],
    ['base64 that is none', '', { data: undefined, data_base64: '***' }, { data: '***' }],
    ['base64 that is a number', '', { data: undefined, data_base64: 5 }, { data: 5 }],
  ])('structured mode with %s', async (what, before, fields, properties) => {
    const event = { ...base(`structured ${what}`), subject: 'b-4', data: { a: 1 }, ...fields };
    await send()
      .type(STRUCTURED)
      .send(before + JSON.stringify(event))
      .expect(200);
    expect(await logged(`structured ${what}`)).toMatchObject([{ properties }]);
  });

  it('answers the handshake of the webhook specification', async () => {
    const answer = await request(api.app)
      .options('/v1/cloudevents')
      .set('WebHook-Request-Origin', 'grid.example')
      .set('WebHook-Request-Rate', '120');
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'webhook-allowed-origin': 'grid.example',
      'webhook-allowed-rate': '*',
    });
    const token = request(api.app).post(`/v1/cloudevents?access_token=${api.keys.write}`);
    await token
      .type(STRUCTURED)
      .send(JSON.stringify({ ...base('token'), subject: 'b-3' }))
      .expect(200);
    expect(await logged('token')).toHaveLength(1);
  });

  it('refuses what holds no event, needs a write key, and has the limits of the other calls', async () => {
    const codes = async (test: request.Test) => {
      const { status, body } = await test;
      return [status, body.code];
    };
    expect(await codes(send().send({ a: 1 }))).toEqual([400, 'no_cloud_event']);
    expect(await codes(send().type('text/plain').send('x'))).toEqual([400, 'no_cloud_event']);
    expect(await codes(send().type(STRUCTURED).send('{'))).toEqual([400, 'invalid_json']);
    expect(await codes(send().type(BATCHED).send('{}'))).toEqual([400, 'invalid_batch']);
    const utf16 = `${STRUCTURED}; charset=utf-16`;
    expect(await codes(send().type(utf16).send('{}'))).toEqual([415, 'unsupported_charset']);
    const large = { ...base('large'), subject: 'b', data: { a: 'x'.repeat(40_000) } };
    expect(await codes(structured(large))).toEqual([400, 'event_too_large']);
    const open = request(api.app).post('/v1/cloudevents').type(STRUCTURED).send('{}');
    expect(await codes(open)).toEqual([401, 'missing_key']);
    await send()
      .type(BATCHED)
      .send(JSON.stringify([large]))
      .expect(200);
    expect(await refusalOf('ce:/shop large')).toBe('event_too_large');
  });

  it('rejects text that cannot be stored, also within base64', async () => {
    const inner = Buffer.from('{"a":"\\u0000"}').toString('base64');
    await structured({ ...base('nul'), subject: 'b', data_base64: inner }).expect(200);
    expect(await refusalOf('ce:/shop nul')).toBe('invalid_text');
    await structured({ ...base('ticket'), type: 'Delivery Sent', subject: 'b' }).expect(200);
    expect(await refusalOf('ce:/shop ticket')).toBe('reserved_event');
  });
});
