import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../../db/decisions/record/stored-columns.ts';
import { encodeSentContent } from '../../../db/deliveries/sent-content.ts';
import { createCustomerToken } from '../../../src/api/frame/customer-token.ts';
import type { Operation } from '../../../src/api/frame/operation.ts';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { createLinkToken } from '../../../src/content/link-token.ts';
import { bodyOf } from '../support/bodies.ts';
import { SECRET, startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

/** Every operation that the page in a support tool may use. A new one has to be meant. */
const EMBEDDED = [
  '/v1/customers/{ref}',
  '/v1/customers/{ref}/actions/{action}',
  '/v1/customers/{ref}/coupons',
  '/v1/customers/{ref}/decisions',
  '/v1/customers/{ref}/deliveries',
  '/v1/customers/{ref}/timeline',
  '/v1/decisions/{id}',
  '/v1/deliveries/{id}',
  '/v1/deliveries/{id}/content',
];
/** Nothing of any customer. */
const NAMES = '/v1/names';

let api: TestApi;
/** Two customers, with a decision and a delivery of each. */
const people: Record<'helen' | 'ada', { id: string; decision: string; delivery: string }> = {
  helen: { id: '', decision: '', delivery: '' },
  ada: { id: '', decision: '', delivery: '' },
};
let token = '';
beforeAll(async () => {
  api = await startApi();
  for (const name of ['helen', 'ada'] as const) {
    const traits = { email: `${name}@example.com` };
    await api.batch({ type: 'identify', userId: name, traits });
    await api.track(name, 'Order Completed', { order_id: `o-${name}`, total: 412 });
    await api.decide();
    const id = await api.customerOf(name);
    const [row] = await api.db.sql`
      select decision_id as decision, id as delivery from deliveries where customer_id = ${id} limit 1`;
    people[name] = { id, decision: row?.decision, delivery: row?.delivery };
    const content = encodeSentContent({
      to: traits.email,
      from: { name: '', email: '' },
      subject: null,
      html: null,
      text: `to ${name}`,
    });
    await api.db.sql`update deliveries set state = 'sent' where id = ${row?.delivery}`;
    await api.db.sql`
      insert into sent_messages (delivery_id, workspace, content)
      values (${row?.delivery}, ${WORKSPACE}, ${toHex(content)}::text::bytea)`;
  }
});
afterAll(() => api.stop());
beforeEach(async () => {
  const answer = await api.post(`/v1/customers/${people.helen.id}/embed-tokens`);
  ({ token } = answer.body);
});

const ask = (path: string, by = token) => request(api.app).get(path).auth(by, { type: 'bearer' });
const fill = (path: string, name: 'helen' | 'ada') =>
  path
    .replace('{ref}', people[name].id)
    .replace('{action}', 'order-confirmation')
    .replace('/decisions/{id}', `/decisions/${people[name].decision}`)
    .replace('/deliveries/{id}', `/deliveries/${people[name].delivery}`)
    .replaceAll(/\{\w+\}/g, 'x');
const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];

it('is made for one customer, for an hour unless it says otherwise, and leads to the page', async () => {
  const hour = await api.post('/v1/customers/user:helen/embed-tokens');
  expect(hour.body).toEqual({
    url: `http://localhost/console/embed/customers/${people.helen.id}?token=${hour.body.token}`,
    token: expect.stringMatching(/^et_/),
    expiresAt: expect.any(String),
  });
  expect((Date.parse(hour.body.expiresAt) - Date.now()) / 60_000).toBeCloseTo(60, 0);
  expect((await api.post('/v1/customers/user:helen/embed-tokens', { expiresIn: 86_401 })).status).toBe(400);
  expect((await api.post('/v1/customers/user:nobody/embed-tokens')).status).toBe(404);
  expect((await api.post('/v1/customers/user:helen/embed-tokens', {}, api.keys.otherApi)).status).toBe(404);
});

describe('route by route', () => {
  it('the operations that take it are those that are meant', () => {
    const embedded = OPERATIONS.filter((op) => op.embedded).map(({ method, path }) => [method, path]);
    expect(embedded.sort()).toEqual([...EMBEDDED, NAMES].map((path) => ['get', path]));
  });

  it.each(EMBEDDED)('%s: reads this customer, and another one like one that does not exist', async (path) => {
    expect([path, (await ask(fill(path, 'helen'))).status]).toEqual([path, 200]);
    expect(codeOf(await ask(fill(path, 'ada')))).toEqual([404, 'not_found']);
    const own = (await api.post(`/v1/customers/${people.ada.id}/embed-tokens`)).body.token;
    expect((await ask(fill(path, 'ada'), own)).status).toBe(200);
  });

  it('the names of journeys and actions are read with it, and without it they are not', async () => {
    const { status, body } = await ask(NAMES);
    expect([status, body.journeys.tips, body.actions['tip-grinder']]).toEqual([
      200,
      'Weekly tips',
      'Tip on grinding',
    ]);
    expect(codeOf(await request(api.app).get(NAMES))).toEqual([401, 'missing_key']);
  });

  const taking = [...EMBEDDED, NAMES];
  const others = OPERATIONS.filter(({ method, path }) => method !== 'get' || !taking.includes(path));
  it.each(others.map((op) => [`${op.method} ${op.path}`, op] as const))(
    '%s: is not opened by it',
    async (_name, op: Operation) => {
      const call = request(api.app)[op.method](fill(op.path, 'helen')).auth(token, { type: 'bearer' });
      expect(codeOf(await (op.method === 'get' ? call : call.send(bodyOf(op))))).toEqual([
        401,
        'invalid_key',
      ]);
    },
  );

  it('neither the stream of the inbox nor that of the workspace is opened by it', async () => {
    for (const path of [`/v1/customers/${people.helen.id}/inbox/stream`, '/v1/stream']) {
      expect((await ask(path)).status).toBe(401);
      expect((await request(api.app).get(`${path}?token=${token}`)).status).toBe(401);
    }
  });

  it('the stream of another customer is not opened by it', async () => {
    const path = `/v1/customers/${people.ada.id}/stream?token=${token}`;
    expect(codeOf(await request(api.app).get(path))).toEqual([404, 'not_found']);
  });
});

describe('a token', () => {
  const expiresAt = Date.now() + 60_000;

  it('that is forged, of another purpose, or expired opens nothing', async () => {
    const { id } = people.helen;
    const path = `/v1/customers/${id}`;
    const forged = createCustomerToken('embed', { customerId: id, expiresAt }, 'another secret entirely');
    const inbox = `et_${createLinkToken('inbox', { id, expiresAt }, SECRET)}`;
    for (const wrong of [forged, inbox, 'et_', 'et_x.y.z', `${token}x`])
      expect(codeOf(await ask(path, wrong))).toEqual([401, 'invalid_token']);
    const old = createCustomerToken('embed', { customerId: id, expiresAt: Date.now() - 1 }, SECRET);
    expect(codeOf(await ask(path, old))).toEqual([401, 'expired_token']);
    const own = createCustomerToken('embed', { customerId: id, expiresAt }, SECRET);
    expect((await ask(path, own)).status).toBe(200);
    // It is no inbox token either.
    expect((await ask(`${path}/inbox`, own)).status).toBe(401);
  });

  it('follows a merge, and opens nothing after an erasure', async () => {
    for (const userId of ['one', 'two']) await api.track(userId, 'Product Viewed');
    const [one, two] = [await api.customerOf('one'), await api.customerOf('two')];
    const { token: own } = (await api.post(`/v1/customers/${one}/embed-tokens`)).body;
    const merged = await api.post(`/v1/customers/${one}/merge`, {
      into: two,
      reason: 'r',
      actor: 'a',
      wait: false,
    });
    expect(merged.status).toBeLessThan(300);
    for (const ref of [one, two, 'user:one', 'user:two']) {
      const { status, body } = await ask(`/v1/customers/${ref}`, own);
      expect([ref, status, body.id]).toEqual([ref, 200, two]);
    }
    await api.post(`/v1/customers/${two}/erase`, { reason: 'r', actor: 'a' });
    expect(codeOf(await ask(`/v1/customers/${two}`, own))).toEqual([410, 'erased']);
  });
});
