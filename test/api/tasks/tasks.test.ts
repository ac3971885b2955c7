import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewTasks } from '../../../db/tasks/view-tasks.ts';
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
      script: expect.stringContaining('nothing was charged'),
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

describe('the queues of the agent desk', () => {
  const read = async (query = '') => (await api.get(`/v1/task-queues${query}`)).body;
  const find = async (queue: string) => {
    const { data } = await read();
    return data.find((row: { queue: string }) => row.queue === queue);
  };

  it('lists those of the bundle, also empty ones, with what is open, claimed, put off and late', async () => {
    const before = await find('sales');
    const [one, two, late] = [await raise(api, 'q1'), await raise(api, 'q2'), await raise(api, 'q3')];
    await api.post(`/v1/tasks/${one}/claim`, { assignee: 'quinn' });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await api.post(`/v1/tasks/${two}/snooze`, { until, reason: 'later' });
    await api.db.sql`update agent_tasks set acknowledge_by = ${Date.now() - 1} where id = ${late}`;
    const sales = await find('sales');
    expect(sales).toMatchObject({
      open: before.open + 1,
      acknowledged: before.acknowledged + 1,
      snoozed: before.snoozed + 1,
      overdue: before.overdue + 1,
    });
    expect(Date.parse(sales.nextDueAt)).toBeLessThan(Date.now());
    expect(await find('sales-leads')).toMatchObject({ open: 0, overdue: 0, oldestAt: null });
    expect((await read('?assignee=quinn')).held).toBe(1);
    expect((await read()).held).toBeNull();
  });

  it('lists what one agent has claimed, and names the customer', async () => {
    await api.batch({ type: 'identify', userId: 'q1', traits: { firstName: 'Quentin', lastName: 'Long' } });
    const { data } = (await api.get('/v1/tasks?assignee=quinn')).body;
    expect(data).toMatchObject([{ assignee: 'quinn', state: 'acknowledged', customerName: 'Quentin Long' }]);
    expect((await api.get('/v1/tasks?assignee=nobody')).body.data).toEqual([]);
  });

  it('pages over all queues in the order in which tasks are due', async () => {
    const ids: string[] = [];
    let cursor = '';
    do {
      const { data, nextCursor } = (await api.get(`/v1/tasks?state=any&limit=2${cursor}`)).body;
      ids.push(...data.map((row: { id: string }) => row.id));
      cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
    } while (cursor !== '');
    const rows = await api.db.sql`
      select id from agent_tasks where workspace = 'aroma' order by acknowledge_by, id`;
    expect(ids).toEqual(rows.map((row) => row.id));
  });

  it('says who holds a task that another agent claims, and why a task was withdrawn', async () => {
    const id = await raise(api, 'held');
    await api.post(`/v1/tasks/${id}/claim`, { assignee: 'kim' });
    const { body } = await api.post(`/v1/tasks/${id}/claim`, { assignee: 'lee' });
    expect(body).toMatchObject({ code: 'task_state', assignee: 'kim' });
    expect(body.detail).toContain('acknowledged by kim');
    await api.track('held', 'Order Completed', { order_id: 'held-9', total: 412 });
    await api.decide();
    expect((await api.get(`/v1/tasks/${id}`)).body).toMatchObject({
      state: 'withdrawn',
      endReason: 'enrollment ended: goal',
    });
  });

  it('a page reads as many rows as it shows, however many tasks have ended', async () => {
    const { sql } = api.db;
    await sql`
      insert into agent_tasks (id, customer_id, workspace, decision_id, enrollment_id, action, class, bundle_version,
        state, queue, at, acknowledge_by, resolve_by, definition, reasons)
      select 'tsk_ended_' || n, customer_id, workspace, decision_id, enrollment_id, action, class, bundle_version,
        'resolved', queue, at, n, n, definition, reasons
      from (select * from agent_tasks limit 1) t, generate_series(1, 20000) n`;
    await sql`analyze agent_tasks`;
    const request = {
      workspace: 'aroma',
      queue: null,
      states: ['open', 'acknowledged'] as ('open' | 'acknowledged')[],
      snoozed: false,
      now: Date.now(),
      customerId: null,
      assignee: null,
      limit: 10,
      after: null,
    };
    for (const change of [{}, { queue: 'sales' }, { assignee: 'quinn' }, { snoozed: true }]) {
      await sql.begin(async (tx) => {
        await viewTasks(tx, { ...request, ...change });
        const [after] = await tx`
          select seq_tup_read + idx_tup_fetch as rows from pg_stat_xact_user_tables
          where relname = 'agent_tasks'`;
        expect(Number(after?.rows)).toBeLessThan(500);
      });
    }
    await sql`delete from agent_tasks where id like 'tsk_ended_%'`;
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
          'name: Call by an agent\n  class: service\n  about: order',
          'name: Call by an agent\n  class: marketing',
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
