import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { computeAddressKey } from '../../../src/app/identity/address-key.ts';
import dsn from '../../sources/webhooks/vectors/dsn.ts';
import { ROOT } from '../../support/paths.ts';
import { SECRET, type TestApi, WORKSPACE } from '../support/harness.ts';
import { deliver, startApiWithSources } from './support.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApiWithSources('- { id: bounces, kind: dsn }\n');
  api.sources.set('bounces', { workspace: WORKSPACE, secrets: [dsn.secrets[0]] });
});
afterAll(() => api.stop());

const load = (file: string) =>
  readFileSync(path.join(ROOT, 'test/sources/payloads/dsn', `${file}.eml`), 'utf8');

/** A confirmation that was sent to the customer's address. */
async function sentTo(userId: string): Promise<string> {
  const address = `${userId}@example.com`;
  await api.batch({
    type: 'track',
    userId,
    event: 'Order Completed',
    properties: { order_id: `o-${userId}`, total: 40 },
    context: { traits: { email: address } },
  });
  await api.decide();
  const addressKey = computeAddressKey(SECRET, { workspace: WORKSPACE, channel: 'email', address });
  const [row] = await api.db.sql`
    update deliveries set state = 'sent', fence = 1, address_key = ${addressKey}, claimed_at = now()
    where customer_id = ${await api.customerOf(userId)} returning id`;
  return row?.id as string;
}

const post = (mail: string) =>
  deliver(api, 'bounces', dsn.sign(Buffer.from(mail), dsn.secrets[0], Date.now())).expect(200);

async function suppressed(): Promise<number> {
  const [row] = await api.db.sql`select count(*)::int as n from suppressed_addresses`;
  return row?.n;
}

const about = (file: string, id: string, address: string) =>
  load(file)
    .replaceAll('dlv_01a2237c_1_4_0', id)
    .replace(/helen@example\.com/gi, address);

test('a bounce that the mail server pipes suppresses the address of the delivery, once', async () => {
  const id = await sentTo('anna');
  await post(about('postfix-unknown-user', id, 'Anna@example.com'));
  await post(about('postfix-unknown-user', id, 'Anna@example.com'));
  expect(await suppressed()).toBe(1);
  const events = await api.db.sql`select name from events where name = 'Delivery Bounced'`;
  expect(events).toHaveLength(1);
  const [row] = await api.db.sql`select body::text as body from rejected`;
  expect(row).toBeUndefined();
});

test('no mail suppresses an address that it does not name, or by a delivery that does not exist', async () => {
  const before = await suppressed();
  const id = await sentTo('bert');
  await post(about('postfix-unknown-user', id, 'another@example.com'));
  await post(about('complaint', id, 'another@example.com'));
  await post(about('postfix-unknown-user', 'dlv_ffff_1_1_0', 'bert@example.com'));
  expect(await suppressed()).toBe(before);
  const rejected = await api.db.sql`select distinct code from rejected`;
  expect(rejected.map(({ code }) => code)).toEqual(['unknown_delivery']);
  await post(about('complaint', id, 'bert@example.com'));
  expect(await suppressed()).toBe(before + 1);
});
