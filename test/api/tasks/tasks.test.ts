import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taskList, task as taskSchema } from '../../../src/api/tasks/schema.ts';
import { describeEvent } from '../../../src/sentences/describe-event.ts';
import { plainEnglish } from '../../../src/sentences/plain-english.ts';
import { replaceInFile, treatEveryCustomer } from '../../support/bundles.ts';
import { startApi, type TestApi } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** A valuable customer whose payment failed: an agent should call. */
async function raise(on: TestApi, userId: string): Promise<string> {
  const consent = { purpose: 'marketing', status: 'granted' };
  await on.batch(
    { type: 'identify', userId, traits: { email: `${userId}@example.com` } },
    { type: 'track', userId, event: 'Consent Changed', properties: consent },
    {
      type: 'track',
      userId,
      event: 'Order Completed',
      properties: { order_id: `${userId}-1`, total: 5_000 },
    },
  );
  await on.decide();
  await on.track(userId, 'Checkout Started', { cart_id: 'c', value: 412, products: [{ product_id: 'p' }] });
  await on.track(userId, 'Payment Failed', { order_id: `${userId}-2`, value: 412, code: 'card_declined' });
  await on.decide();
  const [row] = await on.db
    .sql`select id from agent_tasks where customer_id = ${await on.customerOf(userId)}`;
  if (!row) throw new Error('no task was raised');
  return row.id;
}

async function readEvents(on: TestApi, id: string): Promise<Record<string, unknown>[]> {
  const rows = await on.db.sql`
    select name, body -> 'properties' as properties from events
    where body -> 'properties' ->> 'task_id' = ${id} order by seq`;
  return rows.map(({ name, properties }) => ({ name, ...properties }));
}

describe('the agent desk', () => {
  it('B-8 returns a task with its case: everything the agent needs', async () => {
    const id = await raise(api, 'case');
    const { status, body } = await api.get(`/v1/tasks/${id}`);
    expect([status, taskSchema.safeParse(body).error?.issues]).toEqual([200, undefined]);
    expect(body).toMatchObject({
      state: 'open',
      queue: 'sales',
      action: 'agent-call',
      escalation: { level: 0, next: 'sales-leads' },
      assignee: null,
      outcomes: ['placed', 'declined', 'unreached'],
      reasons: ['payment_failed', 'value_high'],
      case: {
        cart: { total: { amount: '412.00', currency: 'EUR' } },
        payments: [
          { orderId: 'case-2', status: 'failed', code: 'card_declined', total: { amount: '412.00' } },
        ],
        tickets: [],
        timeline: `/v1/customers/${await api.customerOf('case')}/timeline`,
      },
    });
    const list = (await api.get('/v1/tasks?queue=sales')).body;
    expect(taskList.safeParse(list).error?.issues).toBeUndefined();
    expect(list.data.map((t: { id: string }) => t.id)).toContain(id);
    expect((await api.get('/v1/tasks?queue=nobody')).body.data).toEqual([]);
    const tasks = (await api.get('/v1/tasks?customer=user:case&state=any')).body.data;
    expect(tasks.map((t: { id: string }) => t.id)).toEqual([id]);
  });

  it('B-8 a task is claimed, released, claimed by another agent and resolved; each step appends an event', async () => {
    const id = await raise(api, 'steps');
    const step = (verb: string, body: object) => api.post(`/v1/tasks/${id}/${verb}`, body);
    const [one, two] = await Promise.all([
      step('claim', { assignee: 'kim' }),
      step('claim', { assignee: 'lee' }),
    ]);
    expect([one.status, two.status].sort()).toEqual([200, 409]);
    const winner = one.status === 200 ? 'kim' : 'lee';
    expect((await step('claim', { assignee: winner })).body).toMatchObject({
      state: 'acknowledged',
      assignee: winner,
    });
    expect((await step('release', {})).body).toMatchObject({ state: 'open', assignee: null });
    expect((await step('claim', { assignee: 'max' })).status).toBe(200);
    const unknown = await step('resolve', { outcome: 'sold' });
    expect([unknown.status, unknown.body.code, unknown.body.outcomes]).toEqual([
      422,
      'unknown_outcome',
      ['placed', 'declined', 'unreached'],
    ]);
    const resolved = await step('resolve', { outcome: 'unreached', note: 'no answer' });
    expect(resolved.body).toMatchObject({ state: 'resolved', outcome: 'unreached' });
    expect((await step('resolve', { outcome: 'unreached' })).status).toBe(200);
    expect((await step('resolve', { outcome: 'placed' })).body).toMatchObject({
      code: 'task_state',
      state: 'resolved',
    });
    const events = await readEvents(api, id);
    expect(events.map((e) => e.name)).toEqual([
      'Task Opened',
      'Task Acknowledged',
      'Task Released',
      'Task Acknowledged',
      'Task Resolved',
    ]);
    expect(events.at(-1)).toMatchObject({
      action: 'agent-call',
      outcome: 'unreached',
      actor: 'max',
      note: 'no answer',
    });
    expect(events.at(-1)?.enrollment_id).toMatch(/^enr_/);
  });

  it('B-8 the outcome moves the journey to its next step', async () => {
    const id = await raise(api, 'moves');
    await api.post(`/v1/tasks/${id}/claim`, { assignee: 'kim' });
    await api.post(`/v1/tasks/${id}/resolve`, { outcome: 'unreached' });
    await api.decide();
    const { enrollments } = (await api.get('/v1/customers/user:moves')).body;
    const rescue = enrollments.find((e: { journey: string }) => e.journey === 'payment-rescue');
    expect(rescue).toMatchObject({ step: 'mail' });
  });

  it('escalates to the next queue, returns 409 at the last queue, and dismisses', async () => {
    const id = await raise(api, 'up');
    await api.post(`/v1/tasks/${id}/claim`, { assignee: 'kim' });
    const up = await api.post(`/v1/tasks/${id}/escalate`, { actor: 'kim' });
    expect(up.body).toMatchObject({
      state: 'open',
      queue: 'sales-leads',
      assignee: null,
      escalation: { level: 1, next: null },
    });
    expect(Date.parse(up.body.acknowledgeBy)).toBeGreaterThan(Date.now() + 14 * 60_000);
    expect((await api.post(`/v1/tasks/${id}/escalate`, {})).body.code).toBe('last_queue');
    expect((await api.post(`/v1/tasks/${id}/dismiss`, { reason: 'a duplicate' })).body.state).toBe(
      'withdrawn',
    );
    expect((await api.post(`/v1/tasks/${id}/claim`, { assignee: 'kim' })).status).toBe(409);
    expect((await readEvents(api, id)).map((e) => e.name)).toEqual([
      'Task Opened',
      'Task Acknowledged',
      'Task Escalated',
      'Task Withdrawn',
    ]);
  });
});

describe('a snoozed task', () => {
  const MINUTE = 60_000;
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString();
  const listIds = async (query: string): Promise<string[]> =>
    (await api.get(`/v1/tasks?queue=sales&${query}`)).body.data.map((row: { id: string }) => row.id);

  it('leaves its queue until then, does not escalate meanwhile, and comes back with the whole time', async () => {
    const id = await raise(api, 'snoozed');
    const until = inMinutes(60);
    const snooze = () => api.post(`/v1/tasks/${id}/snooze`, { until, reason: 'at work', actor: 'kim' });
    const { status, body } = await snooze();
    expect([status, taskSchema.safeParse(body).error?.issues]).toEqual([200, undefined]);
    expect(body).toMatchObject({ state: 'open', queue: 'sales', snoozedUntil: until });
    expect(body.acknowledgeBy).toBe(new Date(Date.parse(until) + 15 * MINUTE).toISOString());
    expect((await snooze()).status).toBe(200);
    expect(await listIds('')).not.toContain(id);
    expect(await listIds('snoozed=true')).toContain(id);
    expect(await listIds('state=open')).toContain(id);
    const customer = (await api.get('/v1/customers/user:snoozed')).body;
    expect(customer.tasks).toMatchObject([{ id, snoozedUntil: until }]);

    const events = await readEvents(api, id);
    expect(events.map((e) => e.name)).toEqual(['Task Opened', 'Task Snoozed']);
    expect(events[1]).toMatchObject({ until, reason: 'at work', actor: 'kim' });
    const { data } = (await api.get('/v1/customers/user:snoozed/timeline')).body;
    const sentence = plainEnglish.write(describeEvent(data[0].title, data[0].data));
    expect(sentence).toMatch(/^task agent-call was put off until \w.* by kim: at work$/);

    // Decisions meanwhile find nothing to escalate.
    await api.track('snoozed', 'Consent Changed', { purpose: 'marketing', status: 'granted' });
    await api.decide();
    expect((await api.get(`/v1/tasks/${id}`)).body).toMatchObject({ queue: 'sales', state: 'open' });

    // Time passes.
    await api.db
      .sql`update agent_tasks set snoozed_until = ${Date.now() - 1}, acknowledge_by = ${Date.now() + MINUTE} where id = ${id}`;
    expect(await listIds('')).toContain(id);
    await api.db.sql`update agent_tasks set acknowledge_by = ${Date.now() - 1} where id = ${id}`;
    await api.track('snoozed', 'Consent Changed', { purpose: 'marketing', status: 'granted' });
    await api.decide();
    expect((await api.get(`/v1/tasks/${id}`)).body).toMatchObject({ queue: 'sales-leads' });
  });

  it('is not put off beyond the time to resolve it, nor into the past, nor once it has ended', async () => {
    const id = await raise(api, 'unsnoozed');
    const { resolveBy } = (await api.get(`/v1/tasks/${id}`)).body;
    const snooze = (until: string) => api.post(`/v1/tasks/${id}/snooze`, { until, reason: 'later' });
    for (const until of [resolveBy, '2036-01-01T00:00:00Z', inMinutes(-1)]) {
      const refused = await snooze(until);
      expect([refused.status, refused.body.code, refused.body.resolveBy]).toEqual([
        422,
        'invalid_until',
        resolveBy,
      ]);
    }
    await api.post(`/v1/tasks/${id}/resolve`, { outcome: 'placed' });
    expect((await snooze(inMinutes(5))).body).toMatchObject({ code: 'task_state', state: 'resolved' });
    expect((await readEvents(api, id)).map((e) => e.name)).toEqual(['Task Opened', 'Task Resolved']);
  });

  it('keeps its agent; a claim, a release and an escalation end the snooze', async () => {
    const id = await raise(api, 'kept');
    const step = (verb: string, body: object) => api.post(`/v1/tasks/${id}/${verb}`, body);
    const snooze = () => step('snooze', { until: inMinutes(60), reason: 'at work' });
    await step('claim', { assignee: 'kim' });
    expect((await snooze()).body).toMatchObject({ state: 'acknowledged', assignee: 'kim' });
    expect((await step('claim', { assignee: 'lee' })).status).toBe(409);
    for (const [verb, body, after] of [
      ['claim', { assignee: 'kim' }, { state: 'acknowledged', assignee: 'kim' }],
      ['release', {}, { state: 'open', assignee: null }],
      ['escalate', {}, { state: 'open', queue: 'sales-leads' }],
    ] as const) {
      await snooze();
      expect((await step(verb, body)).body, verb).toMatchObject({ ...after, snoozedUntil: null });
    }
  });
});

it('a step whose process died after the commit is not applied twice under its Idempotency-Key', async () => {
  const id = await raise(api, 'died');
  const escalate = () => api.post(`/v1/tasks/${id}/escalate`, {}).set('Idempotency-Key', 'died');
  expect((await escalate()).body.escalation.level).toBe(1);
  await api.db.sql`update idempotency set status = null, at = at - interval '2 minutes' where key = 'died'`;
  await api.db
    .sql`update agent_tasks set definition = jsonb_set(definition, '{escalate}', '["a", "b", "c"]') where id = ${id}`;
  const again = await escalate();
  expect([again.status, again.body.escalation.level]).toEqual([200, 1]);
  expect((await readEvents(api, id)).map((e) => e.name)).toEqual(['Task Opened', 'Task Escalated']);
});

describe('claims', () => {
  it('B-7 I3 refuses and withdraws a marketing task when its customer has opened a ticket', async () => {
    const marketing = await startApi({}, (files) =>
      [
        treatEveryCustomer,
        replaceInFile(
          'actions/rescue.yaml',
          'id: agent-call\n  class: service\n  about: order',
          'id: agent-call\n  class: marketing',
        ),
        // Otherwise the service mail would win.
        replaceInFile('journeys/payment-rescue.yaml', /\[agent-call, help-email\]/, '[agent-call]'),
      ].reduce((all, change) => change(all), files),
    );
    try {
      const id = await raise(marketing, 'silent');
      await marketing.track('silent', 'Ticket Opened', { ticket_id: 'T9' });
      const refused = await marketing.post(`/v1/tasks/${id}/claim`, { assignee: 'kim' });
      expect([refused.status, refused.body.code]).toEqual([409, 'claim_refused']);
      expect(refused.body.verdicts).toContainEqual(
        expect.objectContaining({
          gate: 'suppression',
          code: 'ticket_open',
          observed: ['T9'],
          liftsOn: 'Ticket Closed',
        }),
      );
      expect((await marketing.get(`/v1/tasks/${id}`)).body).toMatchObject({
        state: 'withdrawn',
        assignee: null,
      });
      expect((await readEvents(marketing, id)).map((e) => e.name)).toEqual(['Task Opened', 'Task Withdrawn']);
    } finally {
      await marketing.stop();
    }
  });

  it('a refused service task stays open, and can be claimed once the reason has lifted', async () => {
    const id = await raise(api, 'later');
    const command = { reason: 'on holiday', actor: 'kim', wait: false };
    await api.post('/v1/customers/user:later/pause', command);
    const refused = await api.post(`/v1/tasks/${id}/claim`, { assignee: 'kim' });
    expect(refused.body).toMatchObject({ code: 'claim_refused', verdicts: [{ code: 'customer_paused' }] });
    expect((await api.get(`/v1/tasks/${id}`)).body.state).toBe('open');
    await api.post('/v1/customers/user:later/resume', command);
    expect((await api.post(`/v1/tasks/${id}/claim`, { assignee: 'kim' })).status).toBe(200);
  });
});
