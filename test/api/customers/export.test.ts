import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXPORTED_TABLES } from '../../../db/customers/export-customer.ts';
import { encodeRecord } from '../../../db/decisions/record/decision-record.ts';
import { suppressAddress } from '../../../db/deliveries/suppressed-addresses.ts';
import { computeAddressKey } from '../../../src/app/identity/address-key.ts';
import { exportCustomer } from '../../../src/app/identity/export-customer.ts';
import { SECRET, startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Tables with a customer's id that have no list of their own, and why. */
const NOT_EXPORTED: Record<string, string> = {
  message_ids: 'the events have their message ids',
  wakes: 'positions in the log, and no information about the customer',
  report_changes: 'that a customer is to be counted again, and nothing about them',
  erasures: 'there is no export of an erased customer',
};

it('has a list for every table with the id of a customer', async () => {
  const rows = await api.db.sql<{ table: string }[]>`
    select relname as table from pg_class c join pg_attribute a on a.attrelid = c.oid
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
      and attname = 'customer_id'`;
  const missing = rows.map(({ table }) => table).filter((table) => !EXPORTED_TABLES.includes(table));
  expect(missing.sort()).toEqual(Object.keys(NOT_EXPORTED).sort());
});

it('has refused events, suppressed addresses, kept answers and examples of notes of the customer, and of nobody else', async () => {
  await api.batch(
    { type: 'identify', userId: 'all', traits: { email: 'all@example.com', phone: '0000' } },
    { type: 'track', userId: 'all', event: '', properties: { canary: 'refused-1' } },
    {
      type: 'track',
      event: '',
      context: { traits: { email: 'ALL@example.com' } },
      properties: { canary: 'refused-2' },
    },
    { type: 'track', userId: 'other', event: '', properties: { canary: 'refused-3' } },
    {
      type: 'track',
      userId: 'all',
      event: 'Order Completed',
      properties: { order_id: 'o', total: '12 EUR' },
    },
  );
  const id = await api.customerOf('all');
  for (const address of ['all@example.com', 'other@example.com'])
    await suppressAddress(api.db.sql, {
      workspace: WORKSPACE,
      channel: 'email',
      addressKey: computeAddressKey(SECRET, { workspace: WORKSPACE, channel: 'email', address }),
      reason: '550',
    });
  await api
    .post(`/v1/customers/${id}/pause`, { reason: 'r', actor: 'kim', wait: false })
    .set('Idempotency-Key', 'kept');
  const { status, body } = await api.get('/v1/customers/user:all/export');
  expect(status).toBe(200);
  const refused = body.rejected.map((row: { body: string }) => JSON.parse(row.body).properties.canary);
  expect(refused.sort()).toEqual(['refused-1', 'refused-2']);
  expect(body.suppressedAddresses).toMatchObject([{ channel: 'email', reason: '550' }]);
  expect(body.commands).toMatchObject([{ key: 'kept', status: 202 }]);
  expect(body.noteExamples).toContainEqual(
    expect.objectContaining({ code: 'unreadable_number', example: '12 EUR' }),
  );
  expect(body.knownFacts.length).toBeGreaterThan(0);
});

it('of a customer with large records is written in small pieces, each by a short statement', async () => {
  await api.track('fat', 'Seen');
  const id = await api.customerOf('fat');
  const context = { facts: randomBytes(320_000).toString('hex') };
  const record = encodeRecord({ context, arbitrations: null, actions: [], changes: [], candidates: [] });
  await api.db.sql`
    insert into decisions (id, customer_id, workspace, epoch, ordinal, at, from_seq, to_seq, bundle_version, outcome,
      changed, replayable, record)
    select 'dec_fat_' || lpad(n::text, 3, '0'), ${id}, ${WORKSPACE}, 1, n, n, n, n, 1, 'nothing', false, true, ${record}
    from generate_series(1, 60) n`;
  await api.db.sql`
    insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
    select ${id}, n + 10, ${WORKSPACE}, 'evt_fat_' || n, 'fat-' || n, 'track', 'Seen', now(), now(), false, 'shop',
      '{"properties":{},"traits":{},"context":{}}' from generate_series(1, 3000) n`;
  const sizes: number[] = [];
  let text = '';
  for await (const piece of exportCustomer({ ...api.deps, secret: SECRET }, WORKSPACE, [id])) {
    sizes.push(piece.length);
    text += piece;
  }
  expect(text.length).toBeGreaterThan(38_000_000);
  // The first page of a list is read before its rows are known to be large.
  expect(sizes.filter((size) => size > 1_500_000).length).toBeLessThanOrEqual(1);
  const body = JSON.parse(text);
  expect(body.decisions.map((row: { ordinal: number }) => row.ordinal)).toEqual(
    Array.from({ length: 60 }, (_, n) => n + 1),
  );
  expect(body.events).toHaveLength(3_001);
  expect((await api.get(`/v1/customers/${id}/export`)).body.decisions).toHaveLength(60);
});

it('is answered as a problem when the database fails before the first piece, and cut off when it fails later', async () => {
  await api.track('cut', 'Seen');
  await api.db.sql`alter table accounts rename to accounts_away`;
  expect((await api.get('/v1/customers/user:cut/export')).status).toBe(500);
  await api.db.sql`alter table accounts_away rename to accounts`;
  await api.db.sql`alter table rejected rename to rejected_away`;
  await expect(api.get('/v1/customers/user:cut/export')).rejects.toThrow(/aborted|hang up/);
  await api.db.sql`alter table rejected_away rename to rejected`;
});
