import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEvents } from '../../../db/events/append-events.ts';
import { MOST_EXAMINED, viewLatestEvents } from '../../../db/events/latest-events.ts';
import { createPartition } from '../../../db/partitions/create-partitions.ts';
import { addMonths, monthOf, startOf } from '../../../db/partitions/months.ts';
import { CUT, shorten } from '../../../src/api/events/shorten.ts';
import { DAY, iso } from '../../../src/domain/time/time.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Listed {
  id: string;
  name: string;
  userId: string | null;
  source: string;
  internal: boolean;
  properties: Record<string, unknown>;
}

async function list(query = '', key?: string): Promise<{ data: Listed[]; nextCursor: string | null }> {
  const { status, body } = await api.get(`/v1/events?${query}`, key);
  expect(status).toBe(200);
  return body;
}

/** All pages. */
async function listAll(query: string): Promise<Listed[]> {
  const all: Listed[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list(`${query}${cursor ? `&cursor=${cursor}` : ''}`);
    all.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

let seq = 0;
/** Puts events into the log, accepted at these times. */
async function append(times: number[], more: { name?: string; source?: string; workspace?: string } = {}) {
  const { name = 'Old Event', source = 'shop', workspace = WORKSPACE } = more;
  await appendEvents(
    api.db.sql,
    times.map((at) => {
      seq++;
      const id = `evt_${String(seq).padStart(6, '0')}`;
      const when = { at: iso(at), acceptedAt: iso(at), historical: false };
      const body = { properties: { seq }, traits: {}, context: {} };
      const ids = { customerId: 'cus_old', seq, workspace, id, messageId: `m-${seq}`, origin: null };
      return { ...ids, ...when, type: 'track' as const, name, source, body };
    }),
  );
}

describe('the events that were accepted last', () => {
  it('are listed newest first, with customer, source and properties', async () => {
    await api.track('helen', 'Order Completed', { order_id: 'o-1', total: 412 });
    await api.track('ada', 'Payment Failed', { order_id: 'o-2' });
    const { data } = await list('limit=2');
    expect(data).toMatchObject([
      { name: 'Payment Failed', userId: 'ada', kind: 'purchase', internal: false, isWhole: true },
      {
        name: 'Order Completed',
        customerId: await api.customerOf('helen'),
        userId: 'helen',
        properties: { order_id: 'o-1', total: 412 },
      },
    ]);
    expect((await list('', api.keys.otherApi)).data).toEqual([]);
  });

  it('are filtered by name, source and customer, also after a merge', async () => {
    await api.track('helen', 'Product Viewed');
    await api.track('helen 2', 'Product Viewed');
    expect((await list('name=Payment%20Failed')).data.map(({ userId }) => userId)).toEqual(['ada']);
    expect((await list('source=nobody')).data).toEqual([]);
    expect((await list('customer=user:helen')).data.map(({ name }) => name)).toEqual([
      'Product Viewed',
      'Order Completed',
    ]);
    await api.post('/v1/customers/user:helen%202/merge', {
      into: 'user:helen',
      actor: 'ops',
      reason: 'same',
    });
    const merged = await list('customer=user:helen%202');
    expect(merged.data.map(({ name, internal }) => [name, internal])).toEqual([
      ['Customer Merged', true],
      ['Product Viewed', false],
      ['Product Viewed', false],
      ['Order Completed', false],
    ]);
    expect((await api.get('/v1/events?customer=user:nobody')).status).toBe(404);
    const noTime = Buffer.from('["2026-13-45 99:00:00+00","evt_1"]').toString('base64url');
    for (const cursor of ['nonsense', noTime])
      expect((await api.get(`/v1/events?cursor=${cursor}`)).status).toBe(400);
  });

  it('are paged through any number of months, also where many were accepted at once', async () => {
    const month = monthOf(Date.now());
    for (const n of [1, 2, 3])
      await api.db.sql.begin((tx) => createPartition(tx, 'events', 'accepted_at', addMonths(month, -n)));
    const times = [0, 1, 2, 3, 9, 30].flatMap((n) =>
      Array.from({ length: 5 }, () => startOf(addMonths(month, -n)) + DAY / 2),
    );
    await append(times.filter((at) => at < Date.now()));
    await append([times.at(-1) as number], { source: 'account' });
    const all = await listAll('name=Old%20Event&limit=3');
    const numbers = all.map(({ properties }) => properties.seq as number);
    const perMonth = Array.from({ length: seq / 5 }, (_, n) => [5, 4, 3, 2, 1].map((k) => n * 5 + k)).flat();
    // Without the echo, which has the last number.
    expect(numbers).toEqual(perMonth.filter((n) => n < seq));
    expect((await listAll('limit=100&name=Old%20Event')).map(({ id }) => id)).toEqual(
      all.map(({ id }) => id),
    );
  });

  it('are looked through a bounded number at a time', async () => {
    await append([Date.now()], { name: 'Rare' });
    for (let n = 0; n < 3; n++) {
      const now = Date.now() + n;
      await append(Array.from({ length: 1_000 }, () => now));
    }
    const query = { workspace: WORKSPACE, limit: 10, name: 'Rare', source: null, customerIds: null };
    const first = await viewLatestEvents(api.db.sql, { ...query, before: null });
    expect(first.events).toEqual([]);
    const second = await viewLatestEvents(api.db.sql, { ...query, before: first.next });
    expect(second.events.map(({ name }) => name)).toEqual(['Rare']);
    expect(MOST_EXAMINED).toBeLessThan(3_000);
  });

  it('read the partitions of the newest months alone', async () => {
    await append(Array.from({ length: 60 }, () => Date.now()));
    const query = {
      workspace: WORKSPACE,
      limit: 20,
      before: null,
      name: null,
      source: null,
      customerIds: null,
    };
    const touched = await api.db.sql.begin(async (tx) => {
      await viewLatestEvents(tx, query);
      return tx<{ name: string }[]>`
        select distinct c.relname as name from pg_locks l join pg_class c on c.oid = l.relation
        where l.pid = pg_backend_pid() and c.relkind = 'r' and c.relname like 'events\\_20%'`;
    });
    expect(touched).toHaveLength(1);
  });
});

describe('shortened properties', () => {
  it('stay as they are when they are small', () => {
    const small = { order_id: 'o-1', products: [{ id: 1 }], none: null, yes: true };
    expect(shorten(small)).toEqual({ value: small, isWhole: true });
  });

  it('say where something was left out', () => {
    expect(shorten({ text: 'x'.repeat(300) })).toEqual({
      value: { text: 'x'.repeat(200) + CUT },
      isWhole: false,
    });
    expect(shorten({ text: `${'x'.repeat(199)}😀` }).value.text).toBe('x'.repeat(199) + CUT);
    expect((shorten({ list: Array(30).fill(1) }).value.list as unknown[]).length).toBe(21);
    expect(shorten({ a: { b: { c: { d: { e: 1 } } } } }).value).toEqual({ a: { b: { c: { d: CUT } } } });
    const wide = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`k${n}`, n]));
    expect(Object.keys(shorten(wide).value)).toHaveLength(21);
  });

  it('are small whatever was sent', () => {
    const nest = (depth: number): unknown =>
      depth === 0
        ? 'y'.repeat(10_000)
        : Object.fromEntries(
            Array.from({ length: 25 }, (_, n) => [`${'n'.repeat(500)}${n}`, nest(depth - 1)]),
          );
    const { value, isWhole } = shorten(nest(3) as Record<string, unknown>);
    expect([JSON.stringify(value).length < 20_000, isWhole]).toEqual([true, false]);
  });
});
