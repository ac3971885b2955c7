import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '../../../db/client.ts';
import { selectInSegment } from '../../../db/customers/in-segment.ts';
import { selectSuppressed } from '../../../db/customers/suppressed.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
let helen: string;
let ivo: string;

beforeAll(async () => {
  api = await startApi();
  await api.batch(
    {
      type: 'identify',
      userId: 'u-helen',
      anonymousId: 'device-1',
      traits: {
        email: 'Helen@Example.com',
        phone: '+49 30 123456',
        firstName: 'Helen',
        lastName: 'van der Bérg',
      },
      context: { externalIds: [{ type: 'crm', id: '4711', collection: 'users', encoding: 'none' }] },
    },
    { type: 'group', userId: 'u-helen', groupId: 'acme', traits: { name: 'Acme' } },
    { type: 'identify', userId: 'u-ivo', traits: { name: 'Ivo 100%_sure' } },
  );
  await api.track('u-helen', 'Order Completed', { order_id: '1001', total: 41.5 });
  await api.track('u-helen', 'Ticket Opened', { ticket_id: 'T77', subject: 'It leaks' });
  await api.track('u-ivo', 'Payment Failed', { order_id: 1002, value: 5 });
  await api.decide();
  helen = await api.customerOf('u-helen');
  ivo = await api.customerOf('u-ivo');
  await api.db.sql`
    insert into coupons (id, workspace, code, customer_id, action, once, decision_id, enrollment_id, percent, issued_at,
      expires_at) values ('cpn_1', 'aroma', 'SORRY-7F3K', ${ivo}, 'coupon-20', 'x', 'd', 'e', 20, 0, 1)`;
});
afterAll(() => api.stop());

async function find(query: Record<string, string>): Promise<string[]> {
  const { status, body } = await api.get(`/v1/customers?${new URLSearchParams(query)}`);
  expect(status).toBe(200);
  return body.data.map(({ id }: { id: string }) => id);
}

describe('the search for customers', () => {
  it.each([
    ['a user id', 'u-helen'],
    ['the beginning of a user id', 'u-he'],
    ['an anonymous id', 'device-1'],
    ['an address in another case', 'HELEN@example.com'],
    ['the beginning of an address', 'helen@'],
    ['a telephone number', '030 123456'],
    ['a first name', 'helen'],
    ['the beginning of a whole name', 'Helen van'],
    ['a last name', 'BÉRG'],
    ['last name, first name', 'van der Bérg, Helen'],
    ['an order number', '1001'],
    ['an order number with its sign', '#1001'],
    ['a ticket number', 'T77'],
    ['an account', 'acme'],
  ])('finds by %s', async (_, q) => {
    expect(await find({ q })).toEqual([helen]);
  });

  it('finds by id, its beginning, a coupon in any case, and the order of a failed payment', async () => {
    for (const q of [ivo, ivo.slice(0, -1), 'SORRY-7F3K', 'sorry-7f3k', '1002'])
      expect([q, await find({ q })]).toEqual([q, [ivo]]);
  });

  it('takes signs of patterns and of Postgres as text', async () => {
    expect(await find({ q: 'ivo 100%_s' })).toEqual([ivo]);
    for (const q of ['%', '_', 'ivo_', '\\', "'", '1'.repeat(512), '😀', 'cus_', 'cus_%', '#'])
      expect([q, await find({ q })]).toEqual([q, []]);
  });

  it('returns the name, the stage and a few identities', async () => {
    const { body } = await api.get('/v1/customers?q=u-helen');
    expect(body.data[0]).toMatchObject({ name: 'Helen van der Bérg', stage: 'adoption', openTickets: 1 });
    expect(body.data[0].identities[0]).toEqual({ type: 'user', value: 'u-helen' });
  });

  it('filters by open ticket, stage and journey, alone and together', async () => {
    const { body } = await api.get(`/v1/customers/${helen}`);
    const [{ journey }] = body.enrollments;
    expect(await find({ ticketOpen: 'true' })).toEqual([helen]);
    expect(await find({ stage: body.stage.id })).toContain(helen);
    expect(await find({ journey })).toContain(helen);
    expect(await find({ ticketOpen: 'true', stage: body.stage.id, journey, q: 'helen' })).toEqual([helen]);
    const misses: Record<string, string>[] = [
      { stage: 'none' },
      { journey: 'none' },
      { ticketOpen: 'true', q: 'ivo' },
    ];
    for (const query of misses) expect([query, await find(query)]).toEqual([query, []]);
  });

  it('filters by segment, and by account', async () => {
    await api.batch(
      { type: 'identify', userId: 'u-nora', traits: { name: 'Nora' } },
      { type: 'identify', userId: 'u-olaf', traits: { name: 'Olaf' } },
      { type: 'group', userId: 'u-nora', groupId: 'beans', traits: {} },
    );
    const answer = (user: string, score: number) =>
      api.track(user, 'Survey Answered', { survey_id: `${user}-${score}`, kind: 'nps', score });
    await answer('u-nora', 10);
    await answer('u-olaf', 2);
    await api.decide();
    const nora = await api.customerOf('u-nora');
    expect(await find({ segment: 'promoters' })).toEqual([nora]);
    expect(await find({ segment: 'promoters', q: 'olaf' })).toEqual([]);
    expect(await find({ segment: 'nobody' })).toEqual([]);
    expect(await find({ account: 'beans' })).toEqual([nora]);
    // Not those of another one whose id only begins like it.
    expect(await find({ account: 'bean' })).toEqual([]);
    await answer('u-nora', 3);
    await api.decide();
    expect(await find({ segment: 'promoters' })).toEqual([]);
  });

  it('filters by whether tickets suppress messages: open, cooling down, or of the account', async () => {
    await api.batch(
      { type: 'group', userId: 'u-mate', groupId: 'acme', traits: {} },
      { type: 'identify', userId: 'u-mate', traits: { name: 'Mate' } },
    );
    await api.decide();
    const mate = await api.customerOf('u-mate');
    const agree = async (expected: string[]) => {
      expect((await find({ suppressed: 'true' })).sort()).toEqual([...expected].sort());
      // The list and the page of each customer say the same.
      for (const { id, suppressed } of (await api.get('/v1/customers')).body.data) {
        const { body } = await api.get(`/v1/customers/${id}`);
        expect([id, suppressed]).toEqual([id, body.suppressed.active]);
      }
    };
    await agree([helen, mate]);
    expect(await find({ ticketOpen: 'true' })).toEqual([helen]);
    await api.track('u-helen', 'Ticket Closed', { ticket_id: 'T77' });
    await api.decide();
    await agree([helen, mate]);
    expect(await find({ ticketOpen: 'true' })).toEqual([]);
    await api.db.sql`update tickets set quiet_until = 1 where id = 'T77'`;
    await agree([]);
    await api.db.sql`update tickets set status = 'open', quiet_until = null where id = 'T77'`;
  });

  it('reads the filters by segment and suppression from an index, however many customers there are', async () => {
    const reach = { account: true, group: true, now: Date.now() };
    const rollback = new Error('rolled back');
    let plans: string[] = [];
    const explain = async (tx: Tx, query: ReturnType<typeof selectInSegment>) =>
      (await tx`explain ${query}`).map((row) => row['QUERY PLAN']).join('\n');
    await api.db.sql
      .begin(async (tx) => {
        await tx`
          insert into journeys (customer_id, workspace, epoch, state)
          select 'cus_many' || n, ${WORKSPACE}, 1, jsonb_build_object('segments', jsonb_build_object(
            case when n % 500 = 0 then 'promoters' else 'readers' end, jsonb_build_object('inside', true)))
          from generate_series(1, 20000) n`;
        await tx`
          insert into tickets (customer_id, id, workspace, source, status, raw_status, severity, subject, version, seq,
            opened_at, quiet_until, account_id)
          select 'cus_many' || n, 'T', ${WORKSPACE}, 's', 'closed', 'closed', '', '', 0, 0, 0, 0, 'account' || n
          from generate_series(1, 20000) n`;
        await tx`analyze journeys, tickets`;
        plans = [
          await explain(tx, selectInSegment(tx, WORKSPACE, 'promoters')),
          await explain(tx, selectSuppressed(tx, WORKSPACE, reach)),
        ];
        throw rollback;
      })
      .catch((error: unknown) => expect(error).toBe(rollback));
    expect(plans[0]).toContain('journeys_segments');
    for (const index of ['tickets_open', 'tickets_cooling']) expect(plans[1]).toContain(index);
    expect(plans.join()).not.toMatch(/Seq Scan on (journeys|tickets)/);
  });

  it('follows a new name, and forgets it with an erasure', async () => {
    await api.batch({ type: 'identify', userId: 'u-eve', traits: { name: 'Eve Old' } });
    const eve = await api.customerOf('u-eve');
    await api.batch({ type: 'identify', userId: 'u-eve', traits: { name: 'Eve New' } });
    expect([await find({ q: 'eve new' }), await find({ q: 'eve old' })]).toEqual([[eve], []]);
    await api.post(`/v1/customers/${eve}/erase`, { reason: 'asked', actor: 'ada' });
    expect(await find({ q: 'eve' })).toEqual([]);
    const [row] = await api.db.sql<{ key: string | null }[]>`
      select name_key as key from customers where id = ${eve}`;
    expect(row?.key).toBeNull();
  });

  it('never shows customers of another workspace', async () => {
    for (const q of ['helen', '1001', 'T77', 'acme', 'SORRY-7F3K', helen])
      expect(
        (await api.get(`/v1/customers?q=${encodeURIComponent(q)}`, api.keys.otherApi)).body.data,
      ).toEqual([]);
  });

  it('accepts an order number of any length', async () => {
    const long = 'o'.repeat(5_000);
    await api.track('u-long', 'Order Completed', { order_id: long, total: 1 });
    expect(await find({ q: long.slice(0, 400) })).toEqual([await api.customerOf('u-long')]);
  });
});
