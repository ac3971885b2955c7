import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZodType } from 'zod';
import { account } from '../../../src/api/accounts/schema.ts';
import { customer } from '../../../src/api/customers/schema.ts';
import { timeline } from '../../../src/api/customers/timeline-schema.ts';
import { decision, decisionList } from '../../../src/api/decisions/schema.ts';
import { actionEligibility } from '../../../src/api/eligibility/schema.ts';
import { startApi, type TestApi } from '../support/harness.ts';
import { shop } from '../support/shop.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ waitMs: 5_000 }, shop);
});
afterAll(() => api.stop());

const DAY = 86_400_000;

async function read<T>(path: string, schema: ZodType<T>): Promise<T> {
  const { status, body } = await api.get(path);
  expect([path, status, schema.safeParse(body).error?.issues]).toEqual([path, 200, undefined]);
  return body as T;
}

async function signUp(userId: string): Promise<void> {
  await api.batch(
    { type: 'identify', userId, traits: { email: `${userId}@example.com` } },
    {
      type: 'track',
      userId,
      event: 'Consent Changed',
      properties: { purpose: 'marketing', status: 'granted' },
    },
    { type: 'track', userId, event: 'Signed Up' },
  );
  await api.decide();
}

/** A trait from another source, with its age. */
async function say(userId: string, name: string, value: unknown, source: string, ago = 0): Promise<void> {
  const [receipt] = await api.deps.intake.accept([
    {
      workspace: 'aroma',
      messageId: `${userId}-${name}-${source}-${ago}`,
      type: 'identify',
      name: 'Customer Identified',
      userId,
      at: Date.now() - ago,
      historical: false,
      source,
      properties: {},
      traits: { [name]: value },
      context: {},
    },
  ]);
  expect(receipt?.status).toBe('accepted');
}

describe('the customer view', () => {
  it('C-1 D-19: returns each attribute with source, party, age and whether it is stale', async () => {
    await signUp('prov');
    await say('prov', 'loyalty', 'gold', 'crm', 40 * DAY);
    await say('prov', 'horoscope', 'leo', 'broker');
    const { attributes, traits } = await read('/v1/customers/user:prov', customer);
    const findAttribute = (name: string) => attributes.find((a) => a.name === name);
    expect(findAttribute('loyalty')).toMatchObject({
      value: 'gold',
      source: 'crm',
      party: 'second',
      stale: true,
      fallback: 'none',
      withheld: { marketing: null, service: null },
    });
    expect(findAttribute('horoscope')).toMatchObject({
      source: 'broker',
      party: 'third',
      stale: false,
      consent: 'profiling',
      withheld: { marketing: 'sensitivity' },
    });
    expect(findAttribute('email')).toMatchObject({ party: 'first', stale: false, sensitivity: 0 });
    expect(Object.keys(traits).sort()).toEqual(attributes.map((a) => a.name));
    await say('prov', 'loyalty', 'silver', 'crm');
    expect(
      (await read('/v1/customers/user:prov', customer)).attributes.find((a) => a.name === 'loyalty'),
    ).toMatchObject({
      value: 'silver',
      stale: false,
    });
  });

  it('E-2 E-3: returns the stage with its owner, and stage changes in the timeline', async () => {
    await signUp('staged');
    expect((await read('/v1/customers/user:staged', customer)).stage).toMatchObject({
      id: 'visiting',
      owner: 'growth',
    });
    await api.track('staged', 'Order Completed', { order_id: 's-1', total: 1 });
    await api.decide();
    expect((await read('/v1/customers/user:staged', customer)).stage).toMatchObject({
      id: 'bought',
      owner: 'care',
    });
    const items = (await read('/v1/customers/user:staged/timeline?limit=100', timeline)).data;
    expect(items.filter((item) => item.title === 'Stage Changed').length).toBeGreaterThanOrEqual(1);
    expect(items.flatMap((item) => item.effects)).toContain('stage visiting → bought');
  });

  it('A-6 A-3: returns journeys that a date will open, and the segments that the customer is in', async () => {
    await signUp('dated');
    await api.batch({ type: 'identify', userId: 'dated', traits: { birthday: '1990-02-28' } });
    for (const order_id of ['d-1', 'd-2'])
      await api.track('dated', 'Order Completed', { order_id, total: 1 });
    await api.decide();
    const { upcoming, segments } = await read('/v1/customers/user:dated', customer);
    expect(upcoming).toMatchObject([{ journey: 'birthdays', date: expect.stringMatching(/^\d{4}-02-28$/) }]);
    expect(Date.parse(upcoming[0]?.at ?? '')).toBeGreaterThan(Date.now());
    expect(segments.map((segment) => segment.id)).toEqual(['regulars']);
  });

  it('I4: returns at least one waker for every waiting enrollment', async () => {
    await signUp('parked');
    await api.whileDeciding(() =>
      api.post('/v1/journeys/letters/enrollments', { customer: 'user:parked', key: 'L' }),
    );
    const { enrollments } = await read('/v1/customers/user:parked', customer);
    expect(enrollments.map((e) => e.journey).sort()).toEqual(['letters', 'news']);
    for (const item of enrollments)
      expect([item.journey, item.wakers.length > 0]).toEqual([item.journey, true]);
    expect(enrollments.map((e) => [e.pinned, e.excluded])).toEqual([
      [false, false],
      [false, false],
    ]);
  });
});

describe('decisions', () => {
  it('B-10: list the attributes that were used, each with its permission', async () => {
    await api.batch({ type: 'identify', userId: 'used', traits: { email: 'used@example.com' } });
    await say('used', 'loyalty', 'gold', 'crm');
    await signUp('used');
    const { data } = await read('/v1/customers/user:used/decisions?limit=100', decisionList);
    const acted = data.find((d) => d.actions.some((a) => a.action === 'tip'));
    const { dataUsed } = await read(`/v1/decisions/${acted?.id}`, decision);
    expect(dataUsed).toContainEqual(
      expect.objectContaining({
        attribute: 'traits.loyalty',
        permission: 'declared:marketing',
        source: 'crm',
        party: 'second',
        stale: false,
        actions: ['tip'],
      }),
    );
    expect(acted?.actions[0]).not.toHaveProperty('dataUsed');
  });
});

describe('action eligibility', () => {
  it('I6: returns the verdict of every gate per channel, for the enrollment that proposes the action; sends nothing', async () => {
    await signUp('why');
    const before = (await api.get('/v1/customers/user:why')).body;
    const free = await read('/v1/customers/user:why/actions/tip', actionEligibility);
    expect(free).toMatchObject({ allowed: true, liftsAt: null, action: 'tip', class: 'marketing' });
    expect(free.enrollmentId).toBe(before.enrollments[0].id);
    await api.track('why', 'Ticket Opened', { ticket_id: 'T1' });
    const open = await read('/v1/customers/user:why/actions/tip', actionEligibility);
    expect(open).toMatchObject({ allowed: false, liftsAt: null });
    expect(open.channels[0]).toMatchObject({
      channel: 'email',
      verdict: 'blocked',
      liftsOn: ['Ticket Closed'],
    });
    await api.track('why', 'Ticket Closed', { ticket_id: 'T1' });
    await api.decide();
    const cooling = await read('/v1/customers/user:why/actions/tip', actionEligibility);
    const hours = (Date.parse(cooling.liftsAt ?? '') - Date.now()) / 3_600_000;
    expect([cooling.allowed, hours > 47.9 && hours <= 48]).toEqual([false, true]);
    expect((await read('/v1/customers/user:why/actions/confirmation', actionEligibility)).allowed).toBe(true);
    expect((await api.get('/v1/customers/user:why/actions/fish')).status).toBe(404);
    const [row] = await api.db.sql`
      select count(*) as n from deliveries where customer_id = ${free.customerId} and state <> 'cancelled'`;
    expect(Number(row?.n)).toBeLessThanOrEqual(before.planned.length);
  });
});

describe('accounts', () => {
  it('E-7 D-19: returns an account with attributes, members in pages, and tickets that suppress all members', async () => {
    for (const [i, userId] of ['ac-1', 'ac-2', 'ac-3'].entries()) {
      await signUp(userId);
      await api.batch({
        type: 'group',
        userId,
        groupId: 'acme',
        traits: i === 0 ? { plan: 'gold', name: 'Acme Ltd' } : {},
      });
    }
    await api.track('ac-1', 'Ticket Opened', { ticket_id: 'T7', subject: 'Broken', severity: 'high' });
    await api.decide();
    const view = await read('/v1/accounts/acme?limit=2', account);
    expect(view).toMatchObject({
      id: 'acme',
      name: 'Acme Ltd',
      memberCount: 3,
      suppressed: { active: true, classes: ['marketing'] },
      attributes: [
        { name: 'name', value: 'Acme Ltd' },
        { name: 'plan', value: 'gold', party: 'first' },
      ],
      openTickets: [{ id: 'T7', ownerId: await api.customerOf('ac-1'), subject: 'Broken' }],
    });
    const next = await read(`/v1/accounts/acme?limit=2&cursor=${view.members.nextCursor}`, account);
    const ids = [...view.members.data, ...next.members.data].map((c) => c.id);
    expect(ids).toEqual(await Promise.all(['ac-1', 'ac-2', 'ac-3'].map((user) => api.customerOf(user))));
    expect(next.members.nextCursor).toBeNull();
    expect((await api.get('/v1/accounts/nobody')).status).toBe(404);

    const contact = await read('/v1/customers/user:ac-2', customer);
    expect(contact.account).toEqual({ id: 'acme', name: 'Acme Ltd' });
    await api.batch({ type: 'identify', userId: 'ac-1', traits: { firstName: 'Ann', lastName: 'Lee' } });
    const named = await read('/v1/accounts/acme?limit=3', account);
    expect(named.members.data.map(({ name }) => name)).toContain('Ann Lee');
    expect(contact.openTickets).toMatchObject([{ id: 'T7', ownerId: await api.customerOf('ac-1') }]);
    expect(contact.suppressed.reasons).toMatchObject([
      { code: 'ticket_open', ownerId: await api.customerOf('ac-1') },
    ]);
    const owner = await read('/v1/customers/user:ac-1', customer);
    expect(owner.openTickets).toMatchObject([{ id: 'T7', ownerId: null }]);
  });
});
