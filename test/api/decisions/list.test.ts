import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from '../support/harness.ts';

const person = (userId: string) => ({
  userId,
  context: {
    traits: { email: `${userId}@example.com`, ...(userId === 'helen' ? { name: 'Helen Weber' } : {}) },
    consent: { categoryPreferences: { marketing: true } },
  },
});

let api: TestApi;

/** Helen has an open ticket when she orders; Ada has none. */
beforeAll(async () => {
  api = await startApi();
  const order = (id: string) => ({
    type: 'track',
    event: 'Order Completed',
    properties: { order_id: id, total: 412, products: [{ product_id: 'espresso-machine' }] },
  });
  await api.batch({
    ...person('helen'),
    type: 'track',
    event: 'Ticket Opened',
    properties: { ticket_id: 'T1', subject: 'It leaks', severity: 'high' },
  });
  await api.decide();
  await api.batch({ ...person('helen'), ...order('o-1') }, { ...person('ada'), ...order('o-2') });
  await api.decide();
});
afterAll(() => api?.stop());

interface Summary {
  id: string;
  customerId: string;
  customerName: string | null;
  at: string;
  outcome: string;
  journeys: string[];
  actions: { action: string; channels: string[] }[];
  candidates: { judged: number; blocked: number };
  blockedBy: { candidates: number; verdict: { gate: string; code: string } }[];
}

const list = async (query = ''): Promise<Summary[]> => {
  const { status, body } = await api.get(`/v1/decisions${query}`);
  expect(status, JSON.stringify(body).slice(0, 300)).toBe(200);
  return body.data;
};

test('decisions: the list has every decision with a choice, newest first, as the decision itself says', async () => {
  const helen = await api.customerOf('helen');
  const all = await list();
  expect(all.length).toBeGreaterThan(2);
  expect(all.map(({ at }) => at)).toEqual(
    all
      .map(({ at }) => at)
      .toSorted()
      .reverse(),
  );
  for (const summary of all) {
    const { body } = await api.get(`/v1/decisions/${summary.id}`);
    expect(summary.customerId).toBe(body.customerId);
    expect(summary.customerName).toBe(summary.customerId === helen ? 'Helen Weber' : null);
    expect(summary.candidates.judged).toBe(body.candidates.length);
    expect(summary.outcome).toBe(body.outcome);
    expect(summary.actions.map(({ action }) => action)).toEqual(
      body.actions.map(({ action }: { action: string }) => action),
    );
    const blocked = body.candidates.filter(({ verdict }: { verdict: string }) => verdict === 'blocked');
    expect(summary.candidates.blocked).toBe(blocked.length);
    for (const { verdict, candidates } of summary.blockedBy)
      expect(candidates).toBe(
        blocked.filter(({ gates }: { gates: { gate: string; code?: string }[] }) =>
          gates.some(({ gate, code }) => gate === verdict.gate && code === verdict.code),
        ).length,
      );
  }
});

test('decisions: filters restrict to one candidate that has all of it', async () => {
  const helen = await api.customerOf('helen');
  const silenced = await list('?gate=suppression');
  expect(silenced.length).toBeGreaterThan(0);
  expect(new Set(silenced.map(({ customerId }) => customerId))).toEqual(new Set([helen]));
  expect(await list('?gate=suppression&action=order-confirmation')).toEqual([]);
  const confirmed = await list('?action=order-confirmation&outcome=acted');
  expect(confirmed).toHaveLength(2);
  for (const { journeys } of await list('?journey=tips')) expect(journeys).toContain('tips');
  expect(await list('?journey=none')).toEqual([]);
  expect((await api.get('/v1/decisions?outcome=other')).status).toBe(400);
});

test('decisions: a single one lists the events that it processed, and the scores that it used', async () => {
  const [confirmed] = await list('?action=order-confirmation&outcome=acted');
  const { body } = await api.get(`/v1/decisions/${confirmed?.id}`);
  expect(body.events.map(({ name }: { name: string }) => name)).toContain('Order Completed');
  for (const { seq } of body.events) {
    expect(seq).toBeGreaterThan(body.eventRange.fromSeq);
    expect(seq).toBeLessThanOrEqual(body.eventRange.toSeq);
  }
  expect(Object.keys(body.scores).length).toBeGreaterThan(0);
});

test('decisions: pages continue where the last one ended, and other workspaces are not read', async () => {
  const all = await list();
  const found: Summary[] = [];
  let cursor = '';
  do {
    const { body } = await api.get(`/v1/decisions?limit=1${cursor}`);
    found.push(...body.data);
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  expect(found).toEqual(all);
  expect((await api.get('/v1/decisions', api.keys.otherApi)).body.data).toEqual([]);
  expect((await api.get('/v1/decisions?cursor=e30')).body.code).toBe('invalid_cursor');
});
