import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZodType } from 'zod';
import { customer } from '../../../src/api/customers/schema.ts';
import { timeline } from '../../../src/api/customers/timeline-schema.ts';
import { decisionList } from '../../../src/api/decisions/schema.ts';
import { OTHER, startApi, type TestApi } from '../support/harness.ts';
import { shop } from '../support/shop.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ waitMs: 5_000 }, shop);
});
afterAll(() => api.stop());

const by = { reason: 'the same person', actor: 'kim' };

async function read<T>(path: string, schema: ZodType<T>): Promise<T> {
  const { status, body } = await api.get(path);
  expect([path, status, schema.safeParse(body).error?.issues]).toEqual([path, 200, undefined]);
  return body as T;
}

async function twoWhoAreOne(name: string): Promise<{ winner: string; loser: string }> {
  await api.batch(
    { type: 'identify', userId: `${name}-1`, traits: { email: `${name}-1@example.com` } },
    { type: 'track', userId: `${name}-2`, anonymousId: `${name}-a`, event: 'Signed Up' },
  );
  await api.decide();
  return { winner: await api.customerOf(`${name}-1`), loser: await api.customerOf(`${name}-2`) };
}

const merge = (loser: string, into: string, body: object = by) =>
  api.post(`/v1/customers/${loser}/merge`, { into, ...body });

describe('references', () => {
  it('A-1: every identity leads to the same customer, with the same profile, candidates and scores', async () => {
    await api.batch({
      type: 'identify',
      userId: 'anna',
      anonymousId: 'browser-1',
      traits: { email: 'anna@example.com', phone: '+49 (30) 12 34' },
      context: { externalIds: [{ type: 'crm', id: '4711', collection: 'users' }] },
    });
    await api.track('anna', 'Signed Up');
    await api.decide();
    const id = await api.customerOf('anna');
    const refs = [id, 'user:anna', 'anon:browser-1', 'ext:crm:4711'];
    const views = await Promise.all(refs.map((ref) => read(`/v1/customers/${ref}`, customer)));
    expect(views.map((view) => view.id)).toEqual(refs.map(() => id));
    const decisions = await Promise.all(
      refs.map((ref) => read(`/v1/customers/${ref}/decisions`, decisionList)),
    );
    const [first, ...others] = decisions.map((list) => list.data.map((d) => d.candidates));
    expect(first?.flat().length).toBeGreaterThan(0);
    for (const other of others) expect(other).toEqual(first);
    for (const body of [
      { email: 'Anna@Example.com ' },
      { phone: '0049 30 1234'.replace('00', '+') },
      { phone: '+49301234' },
      { externalId: 'crm:4711' },
      { userId: 'anna' },
    ]) {
      const found = await api.post('/v1/customers/lookup', body);
      expect([body, found.status, found.body.id]).toEqual([body, 200, id]);
    }
    for (const ref of ['ext:crm:1', 'ext:', 'user:crm:4711', 'phone:1', 'email:anna@example.com'])
      expect([ref, (await api.get(`/v1/customers/${ref}`)).status]).toEqual([
        ref,
        /^(phone|email)/.test(ref) ? 400 : 404,
      ]);
  });
});

describe('merge and unmerge', () => {
  it('B-6: the merged id leads to the winner forever, and the history has the events of both', async () => {
    const { winner, loser } = await twoWhoAreOne('m');
    const merged = await api.whileDeciding(() => merge('user:m-2', 'user:m-1'));
    expect([merged.status, merged.body.id, merged.body.mergedIds]).toEqual([200, winner, [loser]]);
    const view = await read(`/v1/customers/${loser}`, customer);
    expect([view.id, view.mergedInto]).toEqual([winner, winner]);
    expect((await read('/v1/customers/user:m-2', customer)).mergedInto).toBeNull();
    expect((await read('/v1/customers/anon:m-a', customer)).id).toBe(winner);

    const items = (await read(`/v1/customers/${winner}/timeline?limit=100`, timeline)).data;
    const titles = items.map((item) => item.title);
    expect(titles).toEqual(expect.arrayContaining(['Signed Up', 'Customer Identified', 'Customer Merged']));
    const told = items.find((item) => item.title === 'Customer Merged');
    expect(told).toMatchObject({
      kind: 'command',
      refs: { mergedId: loser },
      data: { actor: 'kim', from: loser },
    });
    expect(items.map((item) => item.acceptedAt)).toEqual(
      items
        .map((item) => item.acceptedAt)
        .sort()
        .reverse(),
    );
    expect((await read(`/v1/customers/${loser}/timeline?limit=100`, timeline)).data).toEqual(items);
    const decided = (await read(`/v1/customers/${winner}/decisions?limit=100`, decisionList)).data;
    expect(new Set(decided.map((d) => d.customerId))).toEqual(new Set([winner, loser]));
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: typeof decided extends (infer D)[] ? { data: D[]; nextCursor: string | null } : never =
        await read(`/v1/customers/${winner}/decisions?limit=1${cursor && `&cursor=${cursor}`}`, decisionList);
      paged.push(...page.data.map((d) => d.id));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(decided.map((d) => d.id));
    const { data } = (await api.get(`/v1/customers?q=${loser}`)).body;
    expect(data.map((c: { id: string }) => c.id)).not.toContain(loser);
  });

  it('after a second merge all ids lead to the current customer', async () => {
    const { winner, loser } = await twoWhoAreOne('chain');
    await merge(loser, winner, { ...by, wait: false });
    await api.track('chain-3', 'Seen');
    const root = await api.customerOf('chain-3');
    await merge(winner, 'user:chain-3', { ...by, wait: false });
    for (const id of [winner, loser]) {
      const view = await read(`/v1/customers/${id}`, customer);
      expect([view.id, view.mergedInto, view.mergedIds]).toEqual([root, root, [winner, loser].sort()]);
    }
  });

  it('B-6: an unmerge creates a new customer, and the merged id leads to it from then on', async () => {
    const { winner, loser } = await twoWhoAreOne('u');
    await merge(loser, winner, { ...by, wait: false });
    const apart = await api.whileDeciding(() => api.post(`/v1/customers/${loser}/unmerge`, by));
    expect(apart.status).toBe(200);
    expect([winner, loser]).not.toContain(apart.body.id);
    expect((await read(`/v1/customers/${loser}`, customer)).mergedInto).toBe(apart.body.id);
    expect((await read('/v1/customers/user:u-2', customer)).id).toBe(apart.body.id);
    expect((await read(`/v1/customers/${winner}`, customer)).mergedIds).toEqual([]);
    const again = await api.post(`/v1/customers/${loser}/unmerge`, by);
    expect([again.status, again.body.code]).toEqual([409, 'not_merged']);
  });

  it('refuses impossible merges with a clear message, and changes nothing', async () => {
    const { winner, loser } = await twoWhoAreOne('r');
    await api.batch();
    const other = await foreigner();
    const before = await eventsOf(winner, loser, other);
    const cases: [string, string, number, string][] = [
      [winner, winner, 409, 'same_customer'],
      ['user:r-1', winner, 409, 'same_customer'],
      [winner, 'cus_nobody', 404, 'not_found'],
      ['cus_nobody', winner, 404, 'not_found'],
      [winner, other, 404, 'not_found'],
      [other, winner, 404, 'not_found'],
      [winner, 'email:r-2@example.com', 400, 'personal_data_in_url'],
    ];
    for (const [from, into, status, code] of cases) {
      const answer = await merge(from, into);
      expect([from, into, answer.status, answer.body.code]).toEqual([from, into, status, code]);
      expect(answer.body.detail).toMatch(/\w/);
    }
    for (const ref of [winner, 'user:r-1', 'cus_nobody', other])
      expect((await api.post(`/v1/customers/${ref}/unmerge`, by)).status).toBeGreaterThanOrEqual(400);
    expect(await eventsOf(winner, loser, other)).toBe(before);
  });
});

describe('export and erasure', () => {
  it('exports all records under all ids', async () => {
    const { winner, loser } = await twoWhoAreOne('x');
    await merge(loser, winner, { ...by, wait: false });
    await api.decide();
    const { status, body, headers } = await api.get(`/v1/customers/${loser}/export`);
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(body.customers.map((c: { id: string }) => c.id)).toEqual([winner, loser].sort());
    expect(body.identities.map((i: { value: string }) => i.value)).toEqual(
      expect.arrayContaining(['x-1', 'x-2', 'x-a', 'x-1@example.com']),
    );
    for (const list of ['events', 'journeys', 'enrollments', 'decisions', 'merges'])
      expect([list, body[list].length > 0]).toEqual([list, true]);
    expect(JSON.stringify(body)).not.toMatch(/"(last_answer|lease_until|person_key)"/);
  });

  it('erases a person with all ids; the id stays gone, and stored responses about the person are deleted', async () => {
    const { winner, loser } = await twoWhoAreOne('e');
    await merge(loser, winner, { ...by, wait: false });
    const path = `/v1/customers/${winner}/pause`;
    const pause = () => api.post(path, { ...by, wait: false }).set('Idempotency-Key', 'before');
    expect((await pause()).body.identities.length).toBeGreaterThan(0);
    const gone = await api.post(`/v1/customers/${loser}/erase`, by);
    expect([gone.status, gone.body]).toEqual([
      202,
      { id: winner, ids: [winner, loser].sort(), historiesDeletedAt: null },
    ]);
    expect([(await pause()).status, (await pause()).body.code]).toEqual([410, 'erased']);
    for (const id of [winner, loser])
      for (const url of ['', '/timeline', '/decisions', '/deliveries', '/export', '/actions/tip'])
        expect([url, (await api.get(`/v1/customers/${id}${url}`)).status]).toEqual([url, 410]);
    expect((await api.get('/v1/customers/user:e-1')).status).toBe(404);
    expect((await merge('user:x-1', winner)).status).toBe(410);
    expect((await api.get(`/v1/customers?q=${winner}`)).body.data).toEqual([]);
    const [kept] = await api.db.sql`
      select count(*) as n from idempotency where body::text like '%e-1@example.com%'`;
    expect(Number(kept?.n)).toBe(0);
    await api.db
      .sql`update erasures set done_at = clock_timestamp() where customer_id = any(${[winner, loser]})`;
    const again = await api.post(`/v1/customers/${winner}/erase`, by);
    expect([again.status, again.body.historiesDeletedAt]).toEqual([200, expect.any(String)]);
  });
});

/** A customer of another workspace. */
async function foreigner(): Promise<string> {
  const id = 'cus_foreigner';
  await api.db
    .sql`insert into customers (id, workspace, profile) values (${id}, ${OTHER}, '{}') on conflict do nothing`;
  return id;
}

async function eventsOf(...ids: string[]): Promise<number> {
  const [row] = await api.db.sql`select count(*) as n from events where customer_id = any(${ids})`;
  return Number(row?.n);
}
