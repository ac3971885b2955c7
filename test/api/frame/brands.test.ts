import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toHex } from '../../../db/decisions/record/stored-columns.ts';
import { encodeSentContent } from '../../../db/deliveries/sent-content.ts';
import type { Operation } from '../../../src/api/frame/operation.ts';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { activateBundle } from '../../../src/app/config/activate-bundle.ts';
import { bodyOf } from '../support/bodies.ts';
import { OTHER, startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { PLACEMENT } from '../support/realtime-shop.ts';
import { shop, shopOf } from '../support/shop.ts';

/**
 * Two brands with the same bundle and a customer each. Every operation is called with the key of one brand and every id
 * of the other. The attempts follow from the table of operations: a new operation is tried, too, or fails here until its
 * ids are added.
 */
let api: TestApi;
/** Ids of records of the other brand: by the path segment before `{id}`, or by the name of a field. */
let mine: Record<string, string[]>;
/** Texts that no answer to the other brand may contain, unless its request did. */
let marks: string[];

beforeAll(async () => {
  api = await startApi({ waitMs: 100 }, () => [
    ...shop(),
    ...PLACEMENT,
    { path: 'journeys/mine.yaml', text: MINE },
    { path: 'actions/mine.yaml', text: MY_ACTION },
    { path: 'content/mine-note/sms.en.txt', text: 'A note.' },
  ]);
  const other = await activateBundle(api.deps, OTHER, [...shopOf(OTHER), ...PLACEMENT]);
  if (!other.ok) throw new Error(JSON.stringify(other.errors));
  const granted = { purpose: 'marketing', status: 'granted' };
  const who = { anonymousId: 'mine-anon', context: { externalIds: [{ type: 'crm', id: 'mine-1' }] } };
  await api.batch(
    { type: 'identify', userId: 'mine', traits: { email: 'mine@example.com', phone: '+4930123456' }, ...who },
    { type: 'track', userId: 'mine', event: 'Consent Changed', properties: granted },
    { type: 'group', userId: 'mine', groupId: 'mine-account', traits: { plan: 'mine-gold' } },
    { type: 'track', userId: 'mine', event: 'Signed Up', messageId: 'mine-message' },
    { type: 'track', userId: 'mine', event: 'Call Asked' },
    { type: 'track', userId: 'mine-lost', event: 'Seen' },
    { type: 'track', messageId: 'mine-rejected', event: 'Nobody' },
  );
  await api.decide();
  const lost = await api.customerOf('mine-lost');
  const said = { reason: 'test', actor: 'test', wait: false };
  await api.post('/v1/customers/user:mine-lost/merge', { into: 'user:mine', ...said });
  await api.decide();
  await request(api.app)
    .post('/v1/batch')
    .auth(api.keys.otherWrite, '')
    .send({ batch: [{ type: 'track', userId: 'theirs', event: 'Signed Up' }] });
  await api.decide();

  const customer = await api.customerOf('mine');
  const asked = { customer, placement: 'web-home' };
  const { decisionId } = (await api.post('/v1/decisions', asked)).body;
  const first = async (table: string): Promise<string> => {
    const [row] = await api.db
      .sql`select id from ${api.db.sql(table)} where customer_id = ${customer} order by id`;
    if (!row) throw new Error(`nothing in ${table}`);
    return row.id;
  };
  const [rejected] = await api.db.sql`select id from rejected where workspace = ${WORKSPACE}`;
  const code = 'MYCQDE234567';
  await api.db.sql`
    insert into coupons (id, workspace, code, customer_id, action, once, decision_id, enrollment_id, percent, issued_at, expires_at)
    values ('cpn_mine', ${WORKSPACE}, ${code}, ${customer}, 'tip', 'mine-once', 'dec_1', 'enr_1', 20, 0, ${Date.now() + 1e9})`;
  const delivery = await first('deliveries');
  const content = { to: '', from: { name: '', email: '' }, subject: null, html: null, text: 'mine' };
  await api.db.sql`update deliveries set state = 'sent' where id = ${delivery}`;
  await api.db.sql`insert into sent_messages (delivery_id, workspace, content)
    values (${delivery}, ${WORKSPACE}, ${toHex(encodeSentContent(content))}::text::bytea)`;
  const refs = [customer, lost, 'user:mine', 'anon:mine-anon', 'ext:crm:mine-1'];
  mine = {
    customers: refs,
    into: refs,
    customer: refs,
    journeys: ['mine-only'],
    q: ['mine', customer, 'mine@example.com'],
    actionId: ['note'],
    actions: ['mine-note'],
    decisions: [await first('decisions'), decisionId],
    deliveries: [delivery],
    tasks: [await first('agent_tasks')],
    enrollments: [await first('enrollments')],
    enrollmentId: [await first('enrollments')],
    accounts: ['mine-account'],
    coupons: [code],
    orderId: ['mine-order'],
    events: ['mine-message', 'mine-rejected'],
    rejected: [rejected?.id],
    userId: ['mine'],
    externalId: ['crm:mine-1', 'mine'],
    email: ['mine@example.com'],
    phone: ['+49 30 123456'],
  };
  marks = [...new Set(Object.values(mine).flat())].filter((text) => text.length > 4);
});
afterAll(() => api.stop());

/** A journey that only this brand has. */
const MINE = `
id: mine-only
class: service
owner: care
enter: { api: true }
exit: [{ after: 1d }]
steps: [{ id: rest, wait: { until: [{ after: 1h }] } }]
`;

/** An action that only this brand has. */
const MY_ACTION = '{ id: mine-note, class: marketing, channels: [sms] }';

/** Ids in paths that the other brand calls about its own records. */
const OWN: Record<string, string> = { journeys: 'letters', customers: 'user:theirs' };
/** Fields of bodies and queries that hold an id or an identifier. */
const NAMING = /^(into|customer|q|email|phone|.*Ids?)$/;

interface Attempt {
  path: string;
  query: Record<string, string>;
  body: object;
  /** Whether the id belongs to the other brand; otherwise the call returns only its own records. */
  foreign: boolean;
}

/** All attempts with one operation. */
function attemptsOf(op: Operation): Attempt[] {
  const segment = op.path.split('/')[2] as string;
  const named = op.path.includes('{');
  const own = { path: fill(op.path, OWN[segment] ?? 'x'), query: {}, body: bodyOf(op) };
  const byPath = named
    ? idsOf(segment).map((id) => ({ ...own, path: fill(op.path, id), foreign: true }))
    : [];
  const byField = [...fieldsOf(op.body), ...fieldsOf(op.query)].flatMap((field) =>
    idsOf(field).map((id) => {
      const inBody = fieldsOf(op.body).includes(field);
      const alone = op.path.endsWith('/lookup');
      return {
        ...own,
        body: inBody ? { ...(alone ? {} : own.body), [field]: id } : own.body,
        query: inBody ? {} : { [field]: id },
        foreign: field !== 'q',
      };
    }),
  );
  const list = named || byField.length > 0 ? [] : [{ ...own, foreign: false }];
  return [...byPath, ...byField, ...list];
}

function fill(path: string, id: string): string {
  return path.replace('{action}', 'tip').replace(/\{\w+\}/, encodeURIComponent(id));
}

/** @throws Error for a kind of id that this test has no example of */
function idsOf(kind: string): string[] {
  const ids = mine[kind];
  if (!ids) throw new Error(`test/api/brands.test.ts doesn't know another brand's ${kind}`);
  return ids;
}

function fieldsOf(schema: Operation['body']): string[] {
  if (!schema) return [];
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, unknown>;
  };
  return Object.keys(properties).filter((name) => NAMING.test(name));
}

/** All rows of the brand, from every table that has any. */
async function dump(workspace: string): Promise<Record<string, string[]>> {
  const { sql } = api.db;
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'workspace'
      and table_name not in ('idempotency') order by table_name`;
  const rows: Record<string, string[]> = {};
  for (const { name } of tables) {
    const found = await sql<{ row: string }[]>`
      select (to_jsonb(t) - 'last_used_at')::text as row from ${sql(name)} t where workspace = ${workspace} order by 1`;
    rows[name] = found.map(({ row }) => row);
  }
  const consents = await sql<{ row: string }[]>`
    select to_jsonb(t)::text as row from consents t
    where customer_id in (select id from customers where workspace = ${workspace}) order by 1`;
  return { ...rows, consents: consents.map(({ row }) => row) };
}

/** A real-time decision about a customer of another brand is the one for an unknown customer. */
const ON_THE_SPOT = 'post /v1/decisions';
const NOBODY = {
  decisionId: null,
  customerId: null,
  fallbackReason: 'unknown_customer',
  actions: [{ action: 'note', reasons: ['fallback'] }],
};

describe('E-2 D-16 brands: every operation with ids of another workspace', () => {
  it.each(OPERATIONS.map((op) => [`${op.method} ${op.path}`, op] as const))(
    '%s: nothing is found, told or changed',
    async (name, op) => {
      const before = [await dump(WORKSPACE), await dump(OTHER)];
      const attempts = attemptsOf(op);
      expect(attempts.length).toBeGreaterThan(0);
      for (const { path, query, body, foreign } of attempts) {
        const call = request(api.app)
          [op.method](path)
          .query(query)
          .auth(api.keys.otherApi, { type: 'bearer' });
        const answer = await (op.method === 'get' ? call : call.send(body));
        const tried = `${path} ${JSON.stringify(query)} ${JSON.stringify(body)}`;
        if (foreign && name === ON_THE_SPOT) expect([tried, answer.body]).toMatchObject([tried, NOBODY]);
        else if (foreign) expect([tried, answer.status, answer.body.code]).toEqual([tried, 404, 'not_found']);
        else expect([tried, answer.status < 500]).toEqual([tried, true]);
        if (query.q !== undefined) expect([tried, answer.body.data]).toEqual([tried, []]);
        const said = decodeURIComponent(tried);
        const leaked = marks.filter((mark) => answer.text.includes(mark) && !said.includes(mark));
        expect([tried, leaked]).toEqual([tried, []]);
      }
      expect(await dump(WORKSPACE)).toEqual(before[0]);
      const changesItsOwn = op.method !== 'get' && attempts.some((attempt) => !attempt.foreign);
      if (!changesItsOwn) expect(await dump(OTHER)).toEqual(before[1]);
    },
  );

  it('control: the ids lead to records with the key of their own workspace', async () => {
    const tried: string[] = [];
    for (const op of OPERATIONS.filter((one) => one.method === 'get')) {
      for (const { path, query, foreign } of attemptsOf(op)) {
        if (!foreign) continue;
        const { status } = await api.get(path).query(query);
        expect([path, status]).toEqual([path, 200]);
        tried.push(path);
      }
    }
    expect(tried.length).toBeGreaterThan(30);
  });

  it('only the workspace of an erased customer gets 410', async () => {
    await api.track('mine-erased', 'Seen');
    const id = await api.customerOf('mine-erased');
    const by = { reason: 'test', actor: 'test' };
    expect((await api.post(`/v1/customers/${id}/erase`, by, api.keys.otherApi)).status).toBe(404);
    expect((await api.get(`/v1/customers/${id}`)).status).toBe(200);
    await api.post(`/v1/customers/${id}/erase`, by);
    for (const url of ['', '/timeline', '/export', '/actions/tip']) {
      expect((await api.get(`/v1/customers/${id}${url}`)).status).toBe(410);
      expect((await api.get(`/v1/customers/${id}${url}`, api.keys.otherApi)).status).toBe(404);
    }
    expect((await api.post(`/v1/customers/${id}/erase`, by, api.keys.otherApi)).status).toBe(404);
  });

  it('events with identities and message ids of another workspace create customers of their own', async () => {
    const before = await dump(WORKSPACE);
    const batch = [
      { type: 'identify', userId: 'mine', anonymousId: 'mine-anon', traits: { email: 'mine@example.com' } },
      { type: 'track', userId: 'mine', event: 'Signed Up', messageId: 'mine-message' },
      { type: 'alias', userId: 'theirs', previousId: 'mine' },
      { type: 'group', userId: 'mine', groupId: 'mine-account', traits: { plan: 'theirs' } },
      { type: 'track', userId: 'mine', event: 'Ticket Opened', properties: { ticket_id: 'T1' } },
    ];
    const { status } = await request(api.app).post('/v1/batch').auth(api.keys.otherWrite, '').send({ batch });
    expect(status).toBe(200);
    await api.decide();
    expect(await dump(WORKSPACE)).toEqual(before);
    const found = await api.get('/v1/customers/user:mine', api.keys.otherApi);
    expect([found.status, found.body.id === mine.customers?.[0]]).toEqual([200, false]);
    expect((await api.get('/v1/accounts/mine-account')).body.attributes).toMatchObject([
      { value: 'mine-gold' },
    ]);
  });
});
