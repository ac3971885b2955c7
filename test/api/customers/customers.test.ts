import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZodType } from 'zod';
import { customer } from '../../../src/api/customers/schema.ts';
import { customerList } from '../../../src/api/customers/search-schema.ts';
import { timeline } from '../../../src/api/customers/timeline-schema.ts';
import { decision, decisionList } from '../../../src/api/decisions/schema.ts';
import { deliveryList } from '../../../src/api/deliveries/schema.ts';
import { messageStatus, rejectedList } from '../../../src/api/events/schema.ts';
import { startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  const granted = { purpose: 'marketing', channel: 'email', topic: '*', status: 'granted' };
  await api.batch(
    {
      type: 'identify',
      userId: 'ann',
      anonymousId: 'a-1',
      traits: { email: 'ann@example.com', phone: '+49 30 1' },
    },
    { type: 'track', userId: 'ann', event: 'Consent Changed', properties: granted },
    {
      type: 'track',
      userId: 'ann',
      event: 'Checkout Started',
      properties: { cart_id: 'c-1', value: 412, products: [{ product_id: 'p' }] },
    },
  );
  await api.decide();
  await api.track('ann', 'Order Completed', { order_id: 'o-9', total: 41.5 });
  await api.decide();
  await api.track('ann', 'Checkout Started', {
    cart_id: 'c-2',
    value: 412,
    currency: 'EUR',
    products: [{ product_id: 'p' }],
  });
  await api.track('ann', 'Payment Failed', { order_id: 'o-10', value: 412, code: 'card_declined' });
  await api.decide();
  await api.batch({
    type: 'track',
    messageId: 'ticket-1',
    userId: 'ann',
    event: 'Ticket Opened',
    properties: { ticket_id: 'T1', severity: 'high', subject: 'Broken', source: 'zendesk' },
  });
  await api.decide();
});
afterAll(() => api.stop());

async function read<T>(path: string, schema: ZodType<T>): Promise<T> {
  const { status, body } = await api.get(path);
  expect([status, schema.safeParse(body).error?.issues]).toEqual([200, undefined]);
  return body as T;
}

describe('the customer view', () => {
  it('returns orders, cart, payments, tickets, consents, planned deliveries and wakers of enrollments', async () => {
    const view = await read('/v1/customers/user:ann', customer);
    expect(view).toMatchObject({
      workspace: 'aroma',
      timezone: 'Europe/Berlin',
      traits: { email: 'ann@example.com' },
      orders: [{ id: 'o-9', status: 'paid', problem: null, total: { amount: '41.50', currency: 'EUR' } }],
      cart: { id: 'c-2', total: { amount: '412.00', currency: 'EUR' }, items: [{ product_id: 'p' }] },
      payments: [{ orderId: 'o-10', status: 'failed', code: 'card_declined', total: { amount: '412.00' } }],
      openTickets: [{ id: 'T1', source: 'zendesk', status: 'open', severity: 'high' }],
      consents: [{ purpose: 'marketing', channel: 'email', topic: '*', status: 'granted' }],
      mergedIds: [],
      mergedInto: null,
      account: null,
      valueThermometer: null,
      snoozedUntil: null,
      paused: null,
    });
    expect(view.eventSeq).toBeGreaterThanOrEqual(7);
    expect(view.processedSeq).toBe(view.eventSeq);
    expect(view.identities).toEqual([
      { type: 'user', value: 'ann' },
      { type: 'phone', value: '+49301' },
      { type: 'email', value: 'ann@example.com' },
      { type: 'anon', value: 'a-1' },
    ]);
    expect(view.enrollments.map((e) => e.journey)).toContain('order-confirmation');
    for (const { wakers, state } of view.enrollments)
      if (state !== 'running') expect(wakers.length).toBeGreaterThan(0);
    expect(view.planned.map((p) => p.action)).toContain('order-confirmation');
    expect(view.lastDecision?.id).toMatch(/^dec_/);
  });

  it('returns the ticket that suppresses marketing, and the event that lifts it', async () => {
    const { suppressed } = await read('/v1/customers/user:ann', customer);
    expect(suppressed).toMatchObject({
      active: true,
      classes: ['marketing'],
      reasons: [{ code: 'ticket_open', ticketId: 'T1', liftsAt: null, liftsOn: 'Ticket Closed' }],
    });
  });

  it('returns the cool-down after the ticket is closed, and its end', async () => {
    await api.track('bob', 'Ticket Opened', { ticket_id: 'T2' });
    await api.decide();
    await api.track('bob', 'Ticket Closed', { ticket_id: 'T2' });
    const before = await read('/v1/customers/user:bob', customer);
    expect(before.openTickets).toEqual([]);
    expect(before.suppressed).toMatchObject({
      active: true,
      reasons: [{ code: 'cooling_down', ticketId: 'T2' }],
    });
    await api.decide();
    const { suppressed } = await read('/v1/customers/user:bob', customer);
    const hours = (Date.parse(suppressed.reasons[0]?.liftsAt ?? '') - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(47.9);
    expect(hours).toBeLessThanOrEqual(48);
    await api.db.sql`update tickets set quiet_until = ${Date.now() - 1} where id = 'T2'`;
    expect((await read('/v1/customers/user:bob', customer)).suppressed).toEqual({
      active: false,
      classes: [],
      reasons: [],
    });
  });

  it('is found by user id, anonymous id and its own id; refuses an address in a URL', async () => {
    const { id } = await read('/v1/customers/user:ann', customer);
    expect((await read('/v1/customers/anon:a-1', customer)).id).toBe(id);
    expect((await read(`/v1/customers/${id}`, customer)).id).toBe(id);
    expect((await api.get('/v1/customers/email:ann@example.com')).body.code).toBe('personal_data_in_url');
    for (const ref of ['user:nobody', 'cus_nothing', 'ann', 'user:'])
      expect((await api.get(`/v1/customers/${ref}`)).status).toBe(404);
  });

  it('is looked up by exactly one of e-mail address, telephone number, external id and user id', async () => {
    const id = await api.customerOf('ann');
    for (const body of [
      { email: ' Ann@example.com' },
      { phone: '+49 30 1' },
      { externalId: 'ann' },
      { userId: 'ann' },
    ]) {
      const answer = await api.post('/v1/customers/lookup', body);
      expect([answer.status, answer.body.id]).toEqual([200, id]);
    }
    expect((await api.post('/v1/customers/lookup', { email: 'no@example.com' })).status).toBe(404);
    for (const body of [{}, { email: 'a@b.example', phone: '1' }, { email: 1 }]) {
      const { status, body: problem } = await api.post('/v1/customers/lookup', body);
      expect([status, problem.code, problem.errors.length > 0]).toEqual([400, 'invalid_request', true]);
    }
  });

  it('is searched by prefix of any identifier, in pages', async () => {
    await api.batch(
      ...['s-1', 's-2', 's-3', 'x_1'].map((userId) => ({ type: 'track', userId, event: 'Seen' })),
    );
    const search = async (q: string) =>
      (await read(`/v1/customers?q=${encodeURIComponent(q)}`, customerList)).data
        .map((c) => c.identities[0]?.value)
        .sort();
    expect(await search('s-')).toEqual(['s-1', 's-2', 's-3']);
    expect(await search('ANN@')).toEqual(['ann']);
    expect(await search('a-1')).toEqual(['ann']);
    expect(await search(await api.customerOf('s-2'))).toEqual(['s-2']);
    expect(await search('s_')).toEqual([]);
    expect(await search('x_')).toEqual(['x_1']);
    const first = await read('/v1/customers?q=s-&limit=2', customerList);
    const second = await read(`/v1/customers?q=s-&limit=2&cursor=${first.nextCursor}`, customerList);
    expect([...first.data, ...second.data].map((c) => c.identities[0]?.value).sort()).toEqual([
      's-1',
      's-2',
      's-3',
    ]);
    expect(second.nextCursor).toBeNull();
    expect((await api.get('/v1/customers?limit=101')).status).toBe(400);
    expect((await api.get('/v1/customers?cursor=nonsense')).body.code).toBe('invalid_cursor');
  });
});

describe('reading after a write', () => {
  it('returns 304 until something changes', async () => {
    await api.track('etag', 'Order Completed', { order_id: 'e-1', total: 1 });
    await api.decide();
    const first = await api.get('/v1/customers/user:etag');
    const etag = first.headers.etag as string;
    expect(etag).toMatch(/^W\//);
    const again = await api.get('/v1/customers/user:etag').set('If-None-Match', `"x", ${etag}`);
    expect([again.status, again.text]).toEqual([304, '']);
    await api.track('etag', 'Order Completed', { order_id: 'e-2', total: 1 });
    expect((await api.get('/v1/customers/user:etag').set('If-None-Match', etag)).status).toBe(200);
  });

  it('minSeq waits until the journey has processed the event, and returns 409 if it has not in time', async () => {
    await api.track('min', 'Order Completed', { order_id: 'm-1', total: 1 });
    const late = await api.get('/v1/customers/user:min?minSeq=1');
    expect([late.status, late.body.code]).toEqual([409, 'not_yet']);
    const deciding = api.decideAlways();
    const answer = await api.get('/v1/customers/user:min?minSeq=1');
    await deciding.stop();
    expect(answer.status).toBe(200);
    expect(answer.body.processedSeq).toBeGreaterThanOrEqual(1);
  });

  it('I5 live=true returns the state of the workflow beside the view, and whether they agree', async () => {
    const id = await api.customerOf('ann');
    const [row] = await api.db
      .sql`select ordinal, processed_seq as "processedSeq", state from journeys where customer_id = ${id}`;
    const workflowState = {
      customerId: id,
      ...row,
      ...row?.state,
      quietUntil: null,
      wakeAt: null,
      inFlight: [],
      unprocessed: 0,
    };
    const ask = async (live: object | Error | null) => {
      api.journeys.live = live as never;
      return (await read('/v1/customers/user:ann?live=true', customer)).live;
    };
    expect(await ask(workflowState)).toMatchObject({ agrees: true, openTickets: [{ id: 'T1' }] });
    expect(await ask({ ...workflowState, openTickets: [] })).toMatchObject({ agrees: false });
    expect(await ask({ ...workflowState, enrollments: [] })).toMatchObject({ agrees: false });
    expect(await ask({ ...workflowState, ordinal: workflowState.ordinal - 1 })).toMatchObject({
      agrees: null,
    });
    expect(await ask(null)).toBeNull();
    expect(await ask(new Error('no worker answers'))).toBeNull();
  });
});

describe('history', () => {
  it('the timeline merges events, decisions and effects, newest first, in complete pages', async () => {
    const all = await read('/v1/customers/user:ann/timeline?limit=100', timeline);
    const titles = all.data.map((item) => item.title);
    expect(titles).toContain('Ticket Opened');
    expect(titles).toContain('Decided: order-confirmation');
    expect(titles).toContain('Delivery planned: order-confirmation');
    const times = all.data.map((item) => item.acceptedAt);
    expect(times).toEqual([...times].sort().reverse());
    const ticket = all.data.find((item) => item.title === 'Ticket Opened');
    expect(ticket).toMatchObject({
      kind: 'ticket',
      refs: { ticketId: 'T1' },
      effects: expect.arrayContaining(['suppressed']),
      data: { severity: 'high' },
    });
    const order = all.data.find((item) => item.title === 'Order Completed');
    expect(order?.effects).toContain('entered order-confirmation for o-9');
    expect(order?.changes).toEqual([
      expect.objectContaining({ kind: 'entered', journey: 'order-confirmation', key: 'o-9' }),
    ]);

    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: typeof all = await read(
        `/v1/customers/user:ann/timeline?limit=2${cursor && `&cursor=${cursor}`}`,
        timeline,
      );
      paged.push(...page.data.map((item) => item.id));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all.data.map((item) => item.id));
  });

  it('a decision that holds says which actions it blocked, and why', async () => {
    const { data } = await read('/v1/customers/user:bob/timeline?limit=100&kind=decision', timeline);
    for (const { data: about, silence } of data)
      if (about.outcome !== 'held') expect(silence).toBeUndefined();
    await api.track('cleo', 'Order Completed', {
      order_id: 'o-30',
      total: 5,
      products: [{ product_id: 'espresso-machine' }],
    });
    await api.track('cleo', 'Ticket Opened', { ticket_id: 'T30' });
    await api.decide();
    const page = await read('/v1/customers/user:cleo/timeline?limit=100&kind=decision', timeline);
    const held = page.data.find(({ silence }) => silence !== undefined);
    expect(held?.data.outcome).toBe('held');
    expect(held?.silence?.[0]).toMatchObject({ verdict: { pass: false, code: expect.any(String) } });
    expect(held?.silence?.[0]?.actions.length).toBeGreaterThan(0);
  });

  it('the timeline has only the kinds that are asked for, in complete pages', async () => {
    const all = await read('/v1/customers/user:ann/timeline?limit=100', timeline);
    const kinds = [...new Set(all.data.map(({ kind }) => kind))];
    expect(kinds).toEqual(expect.arrayContaining(['purchase', 'ticket', 'consent', 'decision', 'delivery']));
    for (const kind of [...kinds, 'behaviour,command', 'ticket,decision']) {
      const wanted = kind.split(',');
      const page = await read(`/v1/customers/user:ann/timeline?limit=100&kind=${kind}`, timeline);
      expect([kind, page.data]).toEqual([kind, all.data.filter((item) => wanted.includes(item.kind))]);
    }
    const first = await read('/v1/customers/user:ann/timeline?limit=1&kind=purchase', timeline);
    const next = await read(
      `/v1/customers/user:ann/timeline?limit=1&kind=purchase&cursor=${first.nextCursor}`,
      timeline,
    );
    expect([first.data[0]?.kind, next.data[0]?.kind]).toEqual(['purchase', 'purchase']);
    expect((await api.get('/v1/customers/user:ann/timeline?kind=nonsense')).status).toBe(400);
  });

  it('I6 returns a decision with every candidate and every verdict', async () => {
    const { data } = await read('/v1/customers/user:ann/decisions?limit=100', decisionList);
    expect(data.map((d) => d.ordinal)).toEqual(data.map((_, i) => data.length - i));
    const acted = data.find((d) => d.actions.some((a) => a.action === 'order-confirmation'));
    const item = await read(`/v1/decisions/${acted?.id}`, decision);
    expect(item).toMatchObject({
      kind: 'journey',
      versions: { bundle: 'b-1', model: null },
      outcome: 'acted',
    });
    expect(item.actions[0]?.deliveries[0]?.id).toMatch(/^dlv_/);
    const gates = item.candidates.flatMap((c) => c.gates.map((g) => g.gate));
    expect(gates).toEqual(expect.arrayContaining(['consent', 'suppression', 'quiet_hours', 'caps']));
    const page = await read('/v1/customers/user:ann/decisions?limit=1', decisionList);
    const next = await read(
      `/v1/customers/user:ann/decisions?limit=1&cursor=${page.nextCursor}`,
      decisionList,
    );
    expect([page.data[0]?.ordinal, next.data[0]?.ordinal]).toEqual([data.length, data.length - 1]);
  });

  it('returns one delivery, and all of a customer', async () => {
    const { data } = await read('/v1/customers/user:ann/deliveries', deliveryList);
    expect(data.map((d) => d.action)).toContain('order-confirmation');
    expect((await api.get(`/v1/deliveries/${data[0]?.id}`)).body).toEqual(data[0]);
  });

  it('returns the status of a message', async () => {
    const accepted = await read('/v1/events/ticket-1', messageStatus);
    expect(accepted).toMatchObject({
      status: 'accepted',
      customerId: await api.customerOf('ann'),
      name: 'Ticket Opened',
    });
    expect(accepted.decisions).toHaveLength(1);
    await api.batch({ type: 'track', messageId: 'a/b c', event: 'Nobody' });
    const rejected = await read('/v1/events/a%2Fb%20c', messageStatus);
    expect(rejected).toMatchObject({ status: 'rejected', code: 'no_identity', customerId: null });
    expect((await api.get('/v1/events/never-seen')).status).toBe(404);
    const list = await read('/v1/rejected', rejectedList);
    expect(list.data[0]).toMatchObject({ messageId: 'a/b c', code: 'no_identity' });
    expect(JSON.parse(list.data[0]?.body ?? '')).toMatchObject({ event: 'Nobody' });
  });
});
