import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { listSent } from '../../support/events-page.ts';
import { startApi, type TestApi } from '../support/harness.ts';

const tested: string[] = [];

/** Tests a row of "Keys" in docs/events.md, by what is sent. */
function testRow(sent: string, run: () => Promise<void>): void {
  tested.push(sent);
  test(sent, run);
}

const DECLARED = `
website_phone:
  source: website
`;

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, (files) =>
    treatEveryCustomer(files).map((file) => {
      if (file.path === 'attributes.yaml') return { ...file, text: file.text + DECLARED };
      if (file.path !== 'workspace.yaml') return file;
      const channels = 'channels:\n  call: { via: webhook, address: website_phone }\n';
      return { ...file, text: file.text.replace('channels:\n', channels) };
    }),
  );
});
afterAll(() => api.stop());

/** Sends events in one batch. The answer is 200, whatever becomes of them. */
async function send(key: string, ...batch: object[]) {
  await request(api.app).post('/v1/batch').auth(key, '').send({ batch }).expect(200);
}
const browser = (...batch: object[]) => send(api.keys.browser, ...batch);
const server = (...batch: object[]) => send(api.keys.write, ...batch);

async function viewOf(reference: string) {
  return (await api.get(`/v1/customers/${reference}`).expect(200)).body;
}

async function notesOf(reference: string): Promise<[string, string][]> {
  const { body } = await api.get(`/v1/customers/${reference}/timeline`).expect(200);
  return body.data.flatMap(({ notes }: { notes: { code: string; field: string }[] }) =>
    notes.map(({ code, field }) => [code, field]),
  );
}

async function codesOf(messageId: string): Promise<string[]> {
  const { body } = await api.get('/v1/rejected?limit=100').expect(200);
  return body.data.flatMap((row: { messageId: string; code: string }) =>
    row.messageId === messageId ? [row.code] : [],
  );
}

async function consentOf(userId: string): Promise<string | undefined> {
  const rows = await api.db.sql<{ purpose: string; status: string }[]>`
    select c.purpose, c.status from consents c join identities i using (customer_id)
    where i.type = 'user' and i.value = ${userId} order by c.at desc, c.seq desc`;
  return rows.find(({ purpose }) => purpose === 'marketing')?.status;
}

const consent = (marketing: boolean) => ({ consent: { categoryPreferences: { marketing } } });
let customers = 0;
/** A customer as the shop's server states them. */
async function newCustomer(traits: object = {}) {
  const userId = `keys-${++customers}`;
  const email = `${userId}@example.com`;
  await server({ type: 'identify', userId, traits: { email, phone: '+491701234567', ...traits } });
  return { userId, email };
}

testRow('an event of behaviour, a cart, `Payment Info Entered`', async () => {
  const userId = 'keys-behaviour';
  for (const event of ['Product Viewed', 'Product Added', 'Payment Info Entered'])
    await browser({
      type: 'track',
      userId,
      event,
      properties: { product_id: 'p', price: 3, currency: 'EUR' },
    });
  expect((await viewOf(`user:${userId}`)).cart.items).toHaveLength(1);
  expect(await notesOf(`user:${userId}`)).toEqual([]);
});

testRow('`Ticket …`, `Order …`, `Payment …`, `Refund …`, in any case', async () => {
  const { userId } = await newCustomer();
  const events = [
    'Ticket Opened',
    'Order Completed',
    'Order Refunded',
    'Payment Failed',
    'Refund Made',
    'order completed',
  ];
  const properties = { ticket_id: 'T-1', order_id: 'O-1', total: 10, currency: 'EUR' };
  await browser(...events.map((event) => ({ type: 'track', userId, event, messageId: event, properties })), {
    type: 'track',
    userId,
    event: 'Product Viewed',
    messageId: 'beside-refused',
  });
  for (const event of events) expect([event, await codesOf(event)]).toEqual([event, ['needs_server_key']]);
  expect(await codesOf('beside-refused')).toEqual([]);
  const view = await viewOf(`user:${userId}`);
  expect([view.openTickets, view.orders]).toEqual([[], []]);
  const { body } = await api.get('/v1/events/Ticket%20Opened').expect(200);
  expect(body).toMatchObject({ status: 'rejected', code: 'needs_server_key' });
  await server({ type: 'track', userId, event: 'Order Completed', messageId: 'by-server', properties });
  expect((await viewOf(`user:${userId}`)).orders).toHaveLength(1);
});

testRow('`group`', async () => {
  const { userId } = await newCustomer();
  await browser({ type: 'group', userId, groupId: 'acme', traits: { plan: 'gold' }, messageId: 'group' });
  expect(await codesOf('group')).toEqual(['needs_server_key']);
});

testRow('`context.groupId`', async () => {
  const { userId } = await newCustomer();
  await browser({ type: 'track', userId, event: 'X', context: { groupId: 'acme' } });
  expect((await viewOf(`user:${userId}`)).account).toBeNull();
  expect(await notesOf(`user:${userId}`)).toEqual([['needs_proof', 'context.groupId']]);
});

testRow('an address or number where none is known', async () => {
  const userId = 'keys-first';
  const timestamp = new Date(Date.now() - 3_600_000).toISOString();
  await browser({ type: 'identify', userId, traits: { email: 'first@example.com', phone: '+491701111111' } });
  const view = await viewOf(`user:${userId}`);
  expect(view.traits).toMatchObject({ email: 'first@example.com', phone: '+491701111111' });
  const unproven = async () =>
    (await viewOf(`user:${userId}`)).attributes.flatMap((item: { name: string; unproven?: boolean }) =>
      item.unproven ? [item.name] : [],
    );
  expect(await unproven()).toEqual(['email', 'phone']);
  expect(await notesOf(`user:${userId}`)).toEqual([]);
  // Also by an event that happened earlier.
  await server({ type: 'identify', userId, timestamp, traits: { email: 'shop@example.com' } });
  expect((await viewOf(`user:${userId}`)).traits.email).toBe('shop@example.com');
  expect(await unproven()).toEqual(['phone']);
});

testRow('another address than the known one', async () => {
  const { userId, email } = await newCustomer();
  const traits = { email: 'attacker@example.com', phone: '+491709999999', plan: 'gold' };
  await browser({ type: 'identify', userId, traits }, { type: 'page', userId, context: { traits } });
  expect((await viewOf(`user:${userId}`)).traits).toMatchObject({
    email,
    phone: '+491701234567',
    plan: 'gold',
  });
  expect(await notesOf(`user:${userId}`)).toEqual([
    ['needs_proof', 'context.traits.email'],
    ['needs_proof', 'context.traits.phone'],
    ['needs_proof', 'traits.email'],
    ['needs_proof', 'traits.phone'],
  ]);
  const timeline = (await api.get(`/v1/customers/user:${userId}/timeline`)).body.data;
  const withheld = (title: string) =>
    timeline.find((item: { title: string }) => item.title === title).withheld;
  const { email: told, phone } = traits;
  expect(withheld('Customer Identified')).toEqual({ 'traits.email': told, 'traits.phone': phone });
  expect(withheld('Page Viewed')).toEqual({ 'context.traits.email': told, 'context.traits.phone': phone });
  // The attacker's address leads to nobody: it is not bound either.
  expect(await api.db.sql`select from identities where value = ${traits.email}`).toHaveLength(0);
});

testRow('`null` for a known address', async () => {
  const { userId, email } = await newCustomer();
  await browser({ type: 'identify', userId, traits: { email: null } });
  expect((await viewOf(`user:${userId}`)).traits.email).toBe(email);
  expect(await notesOf(`user:${userId}`)).toEqual([['needs_proof', 'traits.email']]);
});

testRow('the known address again, in another spelling', async () => {
  const { userId, email } = await newCustomer();
  const traits = { email: ` ${email.toUpperCase()}`, phone: '0170 1234567' };
  await browser({ type: 'identify', userId, anonymousId: 'spelling', traits });
  expect((await viewOf(`user:${userId}`)).traits.email).toBe(email);
  expect(await notesOf(`user:${userId}`)).toEqual([]);
});

testRow('an address whose `source` in attributes.yaml is the key’s label', async () => {
  const key = await createKey(api.db, { workspace: 'aroma', kind: 'browser', scopes: [], label: 'website' });
  const { userId } = await newCustomer();
  for (const phone of ['+491701111111', '+491702222222'])
    await send(key, { type: 'identify', userId, traits: { website_phone: phone } });
  expect((await viewOf(`user:${userId}`)).traits.website_phone).toBe('+491702222222');
});

testRow('a new `anonymousId` with the address of a customer', async () => {
  const { userId, email } = await newCustomer();
  const traits = { email, phone: '+491709999999' };
  await browser({ type: 'identify', anonymousId: 'd-7f11', traits, context: consent(true) });
  const [visitor, customer] = [await viewOf('anon:d-7f11'), await viewOf(`user:${userId}`)];
  expect(visitor.id).not.toBe(customer.id);
  expect(visitor.traits.email).toBeUndefined();
  expect(customer.traits).toMatchObject({ email, phone: '+491701234567' });
  expect(await consentOf(userId)).toBeUndefined();
  expect(await notesOf('anon:d-7f11')).toEqual([['needs_proof', 'traits.email']]);
});

testRow('nothing but an address, known or not', async () => {
  const { email } = await newCustomer();
  await browser({ type: 'identify', traits: { email, phone: '+491709999999' }, messageId: 'address' });
  await browser({ type: 'identify', traits: { email: 'nobodys@example.com' }, messageId: 'nobody-knows' });
  expect([await codesOf('address'), await codesOf('nobody-knows')]).toEqual([
    ['needs_server_key'],
    ['needs_server_key'],
  ]);
});

testRow('nothing but the address of a customer, and a withdrawal', async () => {
  const { userId, email } = await newCustomer({ phone: null });
  const traits = { email, phone: '+491709999999' };
  const categoryPreferences = { marketing: false, analytics: true };
  await browser({ type: 'identify', traits, context: { consent: { categoryPreferences } } });
  expect(await consentOf(userId)).toBe('withdrawn');
  const consents = await api.db.sql`
    select status from consents where customer_id = ${await api.customerOf(userId)}`;
  expect(consents).toHaveLength(1);
  expect((await viewOf(`user:${userId}`)).traits.phone ?? null).toBeNull();
});

testRow('the same of an address that only browsers have stated', async () => {
  const traits = { email: 'newsletter@example.com' };
  await browser({ type: 'identify', anonymousId: 'd-news', traits, context: consent(true) });
  await browser({ type: 'identify', traits, context: consent(false) });
  const { consents } = await viewOf('anon:d-news');
  expect(consents.map(({ status }: { status: string }) => status)).toEqual(['withdrawn']);
});

testRow('the address that another visitor has stated', async () => {
  const traits = { email: 'shared@example.com' };
  for (const anonymousId of ['d-first', 'd-second']) {
    await browser({ type: 'identify', anonymousId, traits });
    expect((await viewOf(`anon:${anonymousId}`)).traits).toMatchObject(traits);
  }
  expect(await notesOf('anon:d-second')).toEqual([]);
});

testRow('the address that 20 other visitors have stated within 90 days', async () => {
  const email = 'bombed@example.com';
  const identify = (n: number) => ({ type: 'identify', anonymousId: `d-bomb-${n}`, traits: { email } });
  const numbers = Array.from({ length: 22 }, (_, n) => n);
  await browser(...numbers.slice(0, 10).map(identify));
  for (const n of numbers.slice(10)) await browser(identify(n));
  // Again, which is nothing new.
  await browser(...numbers.map(identify));
  const stated = await api.db.sql`select id from customers where email = ${email}`;
  expect(stated).toHaveLength(20);
  expect((await viewOf('anon:d-bomb-19')).traits).toEqual({ email });
  expect((await viewOf('anon:d-bomb-20')).traits).toEqual({});
  expect(await notesOf('anon:d-bomb-20')).toContainEqual(['needs_proof', 'traits.email']);
  await server({ type: 'identify', userId: 'bombed', traits: { email } });
  expect((await viewOf('user:bombed')).traits).toEqual({ email });
});

testRow('an address that a server states of a customer afterwards', async () => {
  const traits = { email: 'late@example.com' };
  await browser({ type: 'identify', anonymousId: 'd-late', traits });
  expect((await api.post('/v1/customers/lookup', traits).expect(200)).body.traits).toMatchObject(traits);
  const visitor = (await viewOf('anon:d-late')).id;
  await server({ type: 'identify', userId: 'late', traits });
  await server({ type: 'track', event: 'Ticket Opened', properties: { ticket_id: 'T-late', ...traits } });
  const customer = await viewOf('user:late');
  expect(customer.id).not.toBe(visitor);
  expect(customer.openTickets).toHaveLength(1);
  expect(await notesOf('user:late')).toEqual([]);
  expect((await api.post('/v1/customers/lookup', traits).expect(200)).body.id).toBe(customer.id);
});

testRow('`context.externalIds`', async () => {
  const { userId } = await newCustomer();
  const externalIds = [{ type: 'crm', id: userId }];
  await server({ type: 'identify', userId, context: { externalIds } });
  await browser({ type: 'page', anonymousId: 'crm-guest', context: { externalIds } });
  expect((await viewOf('anon:crm-guest')).id).not.toBe((await viewOf(`user:${userId}`)).id);
  expect(await notesOf('anon:crm-guest')).toEqual([['needs_proof', 'context.externalIds']]);
  await browser({ type: 'page', messageId: 'crm-only', context: { externalIds } });
  expect(await codesOf('crm-only')).toEqual(['needs_server_key']);
});

testRow('a visitor with an address who identifies as a customer with another', async () => {
  const { userId, email } = await newCustomer();
  await browser({ type: 'identify', anonymousId: 'trojan', traits: { email: 'trojan@example.com' } });
  await browser({ type: 'identify', anonymousId: 'trojan', userId });
  await browser({ type: 'alias', previousId: 'trojan', userId });
  const customer = await viewOf(`user:${userId}`);
  expect(customer.traits.email).toBe(email);
  expect((await viewOf('anon:trojan')).id).not.toBe(customer.id);
  expect(await notesOf(`user:${userId}`)).toEqual([
    ['needs_proof', 'previousId'],
    ['needs_proof', 'anonymousId'],
  ]);
});

testRow('a visitor without an address who identifies as a customer', async () => {
  const { userId, email } = await newCustomer();
  await browser({ type: 'page', anonymousId: 'd-91c2' });
  await browser({ type: 'identify', anonymousId: 'd-91c2', userId, traits: { email } });
  const customer = await viewOf('anon:d-91c2');
  expect(customer.id).toBe((await viewOf(`user:${userId}`)).id);
  expect(customer.traits.email).toBe(email);
});

testRow('a visitor who identifies as the customer with the same address', async () => {
  const traits = { email: 'same@example.com' };
  await browser({ type: 'identify', anonymousId: 'd-same', traits });
  await server({ type: 'identify', userId: 'same', traits });
  await browser({ type: 'identify', userId: 'same', anonymousId: 'd-same' });
  const customer = await viewOf('anon:d-same');
  expect([customer.id, customer.traits.email]).toEqual([(await viewOf('user:same')).id, traits.email]);
});

testRow('a consent where none is known', async () => {
  const { userId } = await newCustomer();
  await browser({ type: 'page', userId, anonymousId: 'yes', context: consent(true) });
  expect(await consentOf(userId)).toBe('granted');
});

testRow('a withdrawal', async () => {
  const { userId } = await newCustomer();
  await server({ type: 'page', userId, context: consent(true) });
  await browser({ type: 'page', userId, anonymousId: 'no', context: consent(false) });
  expect(await consentOf(userId)).toBe('withdrawn');
});

testRow('a grant of what somebody else has withdrawn', async () => {
  const { userId } = await newCustomer();
  await server({ type: 'page', userId, context: consent(false) });
  const properties = { purpose: 'marketing', status: 'granted' };
  await browser({ type: 'page', userId, anonymousId: 'other', context: consent(true) });
  await browser({ type: 'track', userId, event: 'Consent Changed', properties });
  await browser({
    type: 'track',
    userId,
    event: 'Consent Changed',
    properties: { ...properties, purpose: 'all' },
  });
  expect(await consentOf(userId)).toBe('withdrawn');
  expect(await notesOf(`user:${userId}`)).toEqual([
    ['needs_proof', 'properties.status'],
    ['needs_proof', 'properties.status'],
    ['needs_proof', 'context.consent.categoryPreferences.marketing'],
  ]);
});

testRow('a grant by the device that has withdrawn it itself', async () => {
  const { userId } = await newCustomer();
  await browser({ type: 'page', userId, anonymousId: 'mind', context: consent(false) });
  await browser({ type: 'page', userId, anonymousId: 'mind', context: consent(true) });
  expect(await consentOf(userId)).toBe('granted');
});

test('every row of the table is tested', () => {
  const rows = listSent('Keys');
  expect(tested).toEqual(rows);
});

test('an unmerge folds again what was accepted, and nothing that was withheld', async () => {
  const { userId, email } = await newCustomer();
  await browser({ type: 'identify', userId, traits: { email: 'attacker@example.com' } });
  const loser = `anon:d-again`;
  const other = { email: 'other@example.com', nickname: 'Lo' };
  await browser({ type: 'identify', anonymousId: 'd-again', traits: other });
  const id = (await viewOf(loser)).id;
  const command = { actor: 'a', reason: 'r' };
  await api.post(`/v1/customers/${id}/merge`, { into: `user:${userId}`, ...command }).expect(202);
  expect((await viewOf(`user:${userId}`)).traits).toMatchObject({ email, nickname: 'Lo' });
  await api.post(`/v1/customers/${id}/unmerge`, command).expect(202);
  expect((await viewOf(loser)).traits).toMatchObject(other);
  expect((await viewOf(`user:${userId}`)).traits.email).toBe(email);
});

test('a browser key cannot read or decide, and serves the settings of libraries', async () => {
  await api.get('/v1/customers', api.keys.browser).expect(403);
  await request(api.app).get(`/v1/projects/${api.keys.browser}/settings`).expect(200);
  await request(api.app).get('/sourceConfig').auth(api.keys.browser, '').expect(200);
});
