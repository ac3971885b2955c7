import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../../db/decisions/record/decision-record.ts';
import { createPartition } from '../../../db/partitions/create-partitions.ts';
import { partitionName } from '../../../db/partitions/months.ts';
import { PARTITIONED } from '../../../db/partitions/tables.ts';
import { dropExpired, previewExpired, type RetentionStep } from '../../../src/app/retention/drop-expired.ts';
import { readTime } from '../../../src/domain/time/read-time.ts';
import { DAY, iso } from '../../../src/domain/time/time.ts';
import { startApi, type TestApi } from '../../api/support/harness.ts';
import { backUp } from '../../support/backup.ts';

/** Longer than any bundle of the example looks back. */
const RETENTION = { events: 500 * DAY, decisions: 500 * DAY, sent_messages: null };

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.stop());

/** Makes everything that was accepted and decided older, as if the journeys had waited since. */
async function age(days: number): Promise<void> {
  const { sql } = api.db;
  for (const { table, time } of PARTITIONED) {
    const months = await sql.unsafe<{ month: string }[]>(
      `select distinct to_char(${time} - interval '${days} days', 'YYYY-MM') as month from ${table}`,
    );
    for (const { month } of months) await sql.begin((tx) => createPartition(tx, table, time, month));
    await sql.unsafe(`update ${table} set ${time} = ${time} - interval '${days} days'`);
  }
}

async function retain(): Promise<RetentionStep[]> {
  const steps: RetentionStep[] = [];
  while (await dropExpired(api.db.administration, RETENTION, (step) => steps.push(step)));
  return steps;
}

const order = (userId: string, n: number, total = 42) => ({
  type: 'track',
  userId,
  event: 'Order Completed',
  properties: { order_id: `${userId}-${n}`, total, products: [{ product_id: 'espresso-machine' }] },
  context: {
    traits: { email: `${userId}@example.com`, phone: '+4930123456' },
    consent: { categoryPreferences: { marketing: true } },
  },
});

const ticket = (userId: string, event: string, more = {}) => ({
  type: 'track',
  userId,
  event,
  properties: { ticket_id: `T-${userId}`, subject: 'It leaks', ...more },
});

/** What the customers' decisions since then say, without ids and times. */
async function readDecisions(userIds: string[], after: Map<string, number>): Promise<unknown[]> {
  const decided: unknown[] = [];
  for (const userId of userIds) {
    const id = await api.customerOf(userId);
    const stored = await api.db.sql`
      select outcome, record from decisions
      where customer_id = ${id} and kind = 'journey' and ordinal > ${after.get(userId) ?? 0} order by ordinal`;
    const rows = stored.map(({ outcome, record }) => {
      const { actions, candidates, changes } = decodeRecord(record);
      return { outcome, actions, candidates, changes };
    });
    const [journey] = await api.db.sql`select state from journeys where customer_id = ${id}`;
    decided.push({ userId, rows, state: journey?.state });
  }
  const text = JSON.stringify(decided)
    .replaceAll(/[0-9a-f]{20,}/g, 'ID')
    .replaceAll(/\d{13}/g, '0')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
  return JSON.parse(text);
}

async function readOrdinals(userIds: string[]): Promise<Map<string, number>> {
  const ordinals = new Map<string, number>();
  for (const userId of userIds) {
    const [row] = await api.db.sql<{ ordinal: number }[]>`
      select ordinal from journeys where customer_id = ${await api.customerOf(userId)}`;
    ordinals.set(userId, row?.ordinal ?? 0);
  }
  return ordinals;
}

const countEvents = async (userId: string) => {
  const [row] = await api.db.sql<{ n: number }[]>`
    select count(*) as n from events where customer_id = ${await api.customerOf(userId)}`;
  return row?.n ?? 0;
};

test('after two years a drop leaves what is open: journeys decide the same, coupons redeem, erasures erase', async () => {
  const people = ['anna', 'helen', 'bert', 'dora'];
  await api.batch(...people.map((userId) => order(userId, 1)));
  await api.track('cleo', 'Product Viewed', { product_id: 'espresso-machine' });
  await api.track('cleo', 'Product Viewed', { product_id: 'grinder' });
  await api.decide();
  await api.batch(ticket('helen', 'Ticket Opened'), ticket('helen', 'Ticket Closed', { fault: 'ours' }));
  await api.batch({
    ...order('bert', 2),
    event: 'Payment Failed',
    properties: { order_id: 'b', value: 412 },
  });
  await api.decide();
  await api.batch(order('dora', 2));
  await age(800);
  await api.track('cleo', 'Product Viewed', { product_id: 'filter' });
  await api.decide();
  const dora = await countEvents('dora');

  const news = async () => {
    const before = await readOrdinals(people);
    await api.batch(
      order('anna', 3),
      ticket('bert', 'Ticket Opened'),
      ticket('helen', 'Ticket Opened', { ticket_id: 'T2' }),
      order('dora', 3),
    );
    await api.decide();
    return readDecisions(people, before);
  };
  const backup = await backUp(api.db.sql);
  const expected = await news();
  await backup.restore();

  const previewed = await previewExpired(api.db.administration, RETENTION);
  const steps = await retain();
  const dropped = steps.filter((step) => step.kind === 'dropped');
  expect(dropped.map(({ table, month, rows, kept }) => ({ table, month, rows, needed: kept }))).toEqual(
    expect.arrayContaining(
      previewed.map(({ table, month, rows, needed }) => ({ table, month, rows, needed })),
    ),
  );
  expect(dropped.map(({ table }) => table).sort()).toContain('events');
  for (const { table, month } of dropped) {
    const [gone] = await api.db.sql`select to_regclass(${partitionName(table, month)}) is null as gone`;
    expect(gone).toEqual({ gone: true });
  }
  expect(await retain()).toEqual([]);

  // Gone is what nothing needs.
  expect(await countEvents('cleo')).toBe(1);
  expect(await countEvents('dora')).toBeGreaterThan(0);
  expect(await countEvents('dora')).toBeLessThan(dora + 1);
  const timeline = (await api.get('/v1/customers/user:cleo/timeline')).body;
  expect(timeline.keptSince).toMatch(/^20\d\d-\d\d-01T00:00:00/);
  expect(timeline.data.filter(({ title }: { title: string }) => title === 'Product Viewed')).toHaveLength(1);
  const before = iso((readTime(timeline.keptSince) as number) - DAY).slice(0, 10);
  const early = await api.get(`/v1/reports/decisions?from=${before}&to=${timeline.keptSince.slice(0, 10)}`);
  expect(early.body).toMatchObject({ status: 400, code: 'invalid_period' });
  expect(early.body.detail).toMatch(/^decisions of before 20\d\d-\d\d-01 are not kept/);

  // Journeys go on as if nothing had been dropped.
  expect(await news()).toEqual(expected);

  // The decision that let an open enrollment in explains it still.
  const anna = (await api.get('/v1/customers/user:anna/decisions')).body.data;
  expect(
    anna.some(({ changes }: { changes: { kind: string }[] }) =>
      changes.some(({ kind }) => kind === 'entered'),
    ),
  ).toBe(true);

  // The coupon's decision is kept, and the coupon redeems.
  const [coupon] = (await api.get('/v1/customers/user:helen/coupons?status=active')).body.data;
  expect((await api.get(`/v1/decisions/${coupon.decisionId}`)).status).toBe(200);
  const redeemed = await api.post(`/v1/coupons/${coupon.code}/redeem`, {
    orderId: 'o-9',
    amount: { amount: '40.00', currency: 'EUR' },
  });
  expect(redeemed.body).toMatchObject({ state: 'redeemed' });

  // An erasure leaves nothing in any partition.
  const helen = await api.customerOf('helen');
  expect((await api.post('/v1/customers/user:helen/erase', { actor: 'kim', reason: 'asked' })).status).toBe(
    202,
  );
  for (const { table } of PARTITIONED) {
    const owner =
      table === 'sent_messages'
        ? `delivery_id like '${helen.replace('cus_', 'dlv_')}%'`
        : `customer_id = '${helen}'`;
    expect(await api.db.sql.unsafe(`select 1 from ${table} where ${owner}`)).toEqual([]);
  }
}, 60_000);

test('after a drop, customers who were merged cannot be parted, and a merge counts a fact of both once', async () => {
  const by = { actor: 'kim', reason: 'same person', wait: false };
  await api.batch(order('left', 1), order('right', 1), order('one', 1), order('two', 1));
  await api.decide();
  const [left, right] = [await api.customerOf('left'), await api.customerOf('right')];
  expect((await api.post(`/v1/customers/${left}/merge`, { into: right, ...by })).status).toBe(202);
  await api.decide();
  await age(800);
  // Both say the same about a new order: two devices of one person.
  const shared = { ...order('one', 2), properties: { ...order('one', 2).properties, order_id: 'shared' } };
  await api.batch(shared, { ...shared, userId: 'two' });
  await api.decide();
  // Open enrollments and rewards would keep events.
  await api.db.sql`delete from rewards`;
  await api.db
    .sql`update journeys set state = jsonb_set(state, '{enrollments}', '[]') where state is not null`;
  await api.db.sql`update enrollments set ended_at = 1 where ended_at is null`;
  await retain();

  const parted = await api.post(`/v1/customers/${left}/unmerge`, by);
  expect([parted.status, parted.body.code]).toEqual([409, 'not_kept']);

  const [one, two] = [await api.customerOf('one'), await api.customerOf('two')];
  expect((await api.post(`/v1/customers/${two}/merge`, { into: one, ...by })).status).toBe(202);
  const [{ profile } = { profile: null }] = await api.db.sql`select profile from customers where id = ${one}`;
  expect(profile).toMatchObject({ orderCount: 3, counts: { 'Order Completed': { n: 3 } } });
}, 60_000);
