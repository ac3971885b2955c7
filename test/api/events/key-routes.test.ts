import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALL_PATHS } from '../../../src/api/events/call-paths.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, treatEveryCustomer);
});
afterAll(() => api.stop());

type Call = Record<string, unknown> & { type: string };
/** A way to send one call with a browser key. */
type Route = (call: Call) => request.Test;

const post = (path: string) => request(api.app).post(path);
const byHeader = (path: string) => post(path).auth(api.keys.browser, '');
const batchPaths = [...CALL_PATHS].flatMap(([path, call]) => (call === 'batch' ? [path] : []));

/** The paths of a call, by their lengths: Segment's own, and the short one of its browser library. */
const pathsOf = (type: string) =>
  [...CALL_PATHS].flatMap(([path, call]) => (call === type ? [path] : [])) as [string, string];

let ids = 0;
function toCloudEvent({ type, event, ...data }: Call) {
  return { specversion: '1.0', id: `attack-${ids++}`, source: '/web', type: String(event ?? type), data };
}

const ROUTES: Record<string, Route> = {
  'the path of the call': (call) => byHeader(pathsOf(call.type)[0]).send(call),
  'the short path, with the key in the query': (call) =>
    post(`${pathsOf(call.type)[1]}?writeKey=${api.keys.browser}`).send(call),
  'a beacon, with the key in the body': (call) =>
    post(pathsOf(call.type)[0])
      .type('text/plain')
      .send(JSON.stringify({ ...call, writeKey: api.keys.browser })),
  ...Object.fromEntries(
    ['/v1/batch', '/v1/b', '/v1/import', '/beacon/v1/batch'].map((path): [string, Route] => [
      path,
      (call) => byHeader(path).send({ batch: [call], context: { groupId: 'stolen', traits: call.traits } }),
    ]),
  ),
  backfill: (call) =>
    byHeader('/v1/batch')
      .set('x-historical', 'true')
      .send({ batch: [call] }),
  'CloudEvents, structured': (call) =>
    byHeader('/v1/cloudevents')
      .type('application/cloudevents+json')
      .send(JSON.stringify(toCloudEvent(call))),
  'CloudEvents, batched': (call) =>
    byHeader('/v1/cloudevents')
      .type('application/cloudevents-batch+json')
      .send(JSON.stringify([toCloudEvent(call)])),
  'CloudEvents, binary': (call) => {
    const { data, ...attributes } = toCloudEvent(call);
    const sent = byHeader('/v1/cloudevents').type('application/json');
    for (const [name, value] of Object.entries(attributes)) sent.set(`ce-${name}`, value);
    return sent.send(JSON.stringify(data));
  },
};

/** A customer as the shop's server knows them: with addresses, a device and a withdrawal. */
async function newCustomer(name: string) {
  const [userId, email] = [name, `${name}@example.com`];
  await api.batch(
    { type: 'identify', userId, anonymousId: `d-${name}`, traits: { email, phone: '+491701234567' } },
    { type: 'track', userId, event: 'Consent Changed', properties: { purpose: 'all', status: 'withdrawn' } },
  );
  return { userId, email, anonymousId: `d-${name}` };
}

/** What a stranger must not change. Devices and other traits are behaviour. */
async function factsOf(userId: string) {
  const view = (await api.get(`/v1/customers/user:${userId}`).expect(200)).body;
  const { id, identities, consents, account, openTickets, orders, payments, paused } = view;
  const { email, phone } = view.traits;
  const ids = identities.filter(({ type }: { type: string }) => type !== 'anon');
  return { id, ids, email, phone, consents, account, openTickets, orders, payments, paused };
}

type Known = Awaited<ReturnType<typeof newCustomer>>;

/** What a stranger tries, who knows the ids and addresses of two customers. */
function listAttacks(ada: Known, bob: Known, stranger: string): Call[] {
  const traits = { email: `${stranger}@example.com`, phone: '+491709999999' };
  const { userId } = ada;
  const track = (event: string, more: object = {}) => ({ type: 'track', userId, event, ...more });
  const shop = { ticket_id: 'T', order_id: 'O', total: 9, currency: 'EUR', status: 'open' };
  const yes = { purpose: 'marketing', channel: 'email', status: 'granted' };
  return [
    { type: 'identify', userId, traits, context: { traits, groupId: 'stolen' } },
    { type: 'identify', anonymousId: ada.anonymousId, traits: { email: null, phone: null } },
    { type: 'page', userId, name: 'x', context: { traits, groupId: 'stolen' } },
    track('Account Created', { properties: traits, context: { traits } }),
    ...[
      'Ticket Opened',
      'ticket opened',
      ' Ticket Opened',
      'Ticket Moved',
      'Order Completed',
      'ORDER COMPLETED',
    ].map((name) => track(name, { properties: { ...shop, email: bob.email }, context: { traits } })),
    ...['Payment Failed', 'Order Refunded', 'Refund Issued'].map((name) => track(name, { properties: shop })),
    ...['Customer Paused', 'customer paused', 'Customer Merged', 'Customer Snoozed', 'Group Joined'].map(
      (name) =>
        track(name, { properties: { ...traits, groupId: 'stolen', into: bob.userId, from: bob.userId } }),
    ),
    ...['Consent Changed', 'consent changed', 'CONSENT CHANGED ', 'Consent  Changed'].map((name) =>
      track(name, { properties: yes }),
    ),
    track('Seen', { context: { consent: { categoryPreferences: { marketing: true, all: 'yes', '*': 1 } } } }),
    { type: 'group', userId, groupId: 'stolen', traits },
    // The stranger's own visitor, who then tries to be one of them, and to make them one.
    { type: 'identify', anonymousId: stranger, traits },
    { type: 'identify', anonymousId: stranger, userId },
    { type: 'alias', previousId: stranger, userId },
    { type: 'alias', previousId: bob.anonymousId, userId },
    { type: 'alias', previousId: ada.anonymousId, anonymousId: bob.anonymousId, userId: bob.userId },
    { type: 'alias', previousId: bob.userId, userId },
    { type: 'identify', anonymousId: ada.anonymousId, userId: bob.userId },
    { type: 'identify', anonymousId: `${stranger}-2`, traits: { email: ada.email, phone: bob.userId } },
    { type: 'identify', anonymousId: `${stranger}-2`, userId: bob.userId, traits: { email: ada.email } },
    {
      type: 'identify',
      traits: { email: bob.email, phone: '+491709999999' },
      context: { groupId: 'stolen' },
    },
    track('Seen', { context: { externalIds: [{ type: 'crm', id: bob.userId }] } }),
  ];
}

describe('a browser key changes no known address, consent, account, order or ticket, and joins no two customers', () => {
  test('every path for events is tried', () => {
    expect(batchPaths.filter((path) => !(path in ROUTES))).toEqual([]);
  });

  test.each(Object.keys(ROUTES))('by %s', async (name) => {
    const n = Object.keys(ROUTES).indexOf(name);
    const route = ROUTES[name] as Route;
    const [ada, bob] = [await newCustomer(`ada-${n}`), await newCustomer(`bob-${n}`)];
    const before = [await factsOf(ada.userId), await factsOf(bob.userId)];
    for (const call of listAttacks(ada, bob, `stranger-${n}`)) {
      const { status } = await route(call);
      expect([call, status]).toEqual([call, 200]);
      expect([call, await factsOf(ada.userId), await factsOf(bob.userId)]).toEqual([call, ...before]);
    }
    await api.get('/v1/accounts/stolen').expect(404);
    // The shop's server is believed as before, and finds the address of nobody else in its way.
    const late = { userId: `late-${n}`, traits: { email: `stranger-${n}@example.com` } };
    await api.batch({ type: 'identify', ...late });
    expect((await factsOf(late.userId)).email).toBe(late.traits.email);
    const { body } = await api.get(`/v1/customers/anon:stranger-${n}`).expect(200);
    expect(body.id).not.toBe((await factsOf(late.userId)).id);
  });
});
