import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../../../src/app/users/manage-users.ts';
import { OTHER, startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const COMMAND = { reason: 'asked by phone', actor: 'kim' };

/** Commands in the log of the customer, without events of decisions. */
async function eventsOf(userId: string): Promise<string[]> {
  const rows = await api.db.sql`
    select name from events where customer_id = ${await api.customerOf(userId)}
      and name not in ('Stage Changed', 'Segment Entered', 'Segment Left') order by seq`;
  return rows.map((row) => row.name);
}

describe('pause, resume and exit', () => {
  it('I5 a pause appends an event, and is answered when the journey has processed it', async () => {
    await api.track('p-1', 'Order Completed', { order_id: 'p-1', total: 1 });
    const [paused, resumed] = await api.whileDeciding(async () => [
      await api.post('/v1/customers/user:p-1/pause', COMMAND),
      await api.post('/v1/customers/user:p-1/resume', COMMAND),
    ]);
    expect(paused?.status).toBe(200);
    expect(paused?.body.paused).toMatchObject({ reason: 'asked by phone', actor: 'kim' });
    expect(paused?.body.processedSeq).toBeGreaterThanOrEqual(2);
    expect([resumed?.status, resumed?.body.paused]).toEqual([200, null]);
    expect(await eventsOf('p-1')).toEqual(['Order Completed', 'Customer Paused', 'Customer Resumed']);
  });

  it('names the user of the console whose login acted; of another workspace, or unknown, the login stays', async () => {
    const { db } = api;
    const password = 'correct horse battery staple';
    await createUser(db, { login: 'kim', name: 'Kim Tan', password, roles: { [WORKSPACE]: 'support' } });
    await createUser(db, { login: 'lee', name: 'Lee Ong', password, roles: { [OTHER]: 'support' } });
    const names: unknown[] = [];
    for (const actor of ['kim', 'lee', 'crm-bot']) {
      await api.track(`p-${actor}`, 'Seen');
      const path = `/v1/customers/user:p-${actor}`;
      const { body } = await api.post(`${path}/pause`, { reason: 'r', actor, wait: false });
      const timeline = await api.get(`${path}/timeline`);
      const [item] = timeline.body.data.filter(({ title }: { title: string }) => title === 'Customer Paused');
      names.push([body.paused.actor, body.paused.actorName, item.data.actor, item.actorName]);
    }
    expect(names).toEqual([
      ['kim', 'Kim Tan', 'kim', 'Kim Tan'],
      ['lee', null, 'lee', null],
      ['crm-bot', null, 'crm-bot', null],
    ]);
  });

  it('returns 202 when the journey has not processed the command in time', async () => {
    await api.track('p-2', 'Seen');
    expect((await api.post('/v1/customers/user:p-2/pause', COMMAND)).status).toBe(202);
  });

  it('returns 202 without waiting for the journey if asked to', async () => {
    const patient = await startApi({ waitMs: 60_000 });
    try {
      await patient.track('p-2', 'Seen');
      const begun = performance.now();
      const { status } = await patient.post('/v1/customers/user:p-2/pause', { ...COMMAND, wait: false });
      expect([status, performance.now() - begun < 30_000]).toEqual([202, true]);
    } finally {
      await patient.stop();
    }
  });

  it('ends one enrollment, and returns 404 for one that is not open', async () => {
    await api.track('p-3', 'Order Completed', { order_id: 'x-1', total: 1 });
    await api.track('p-3', 'Order Completed', { order_id: 'x-2', total: 1 });
    await api.decide();
    const { body } = await api.get('/v1/customers/user:p-3');
    const [first] = body.enrollments.filter((e: { key: string }) => e.key === 'x-1');
    const deciding = api.decideAlways();
    const left = await api.post('/v1/customers/user:p-3/exit', { ...COMMAND, enrollmentId: first.id });
    expect(left.status).toBe(200);
    const keys = left.body.enrollments.map((e: { key: string }) => e.key);
    expect(keys).toContain('x-2');
    expect(keys).not.toContain('x-1');
    const again = await api.post('/v1/customers/user:p-3/exit', { ...COMMAND, enrollmentId: first.id });
    const rest = await api.post('/v1/customers/user:p-3/exit', { ...COMMAND, journey: 'order-confirmation' });
    await deciding.stop();
    expect(again.status).toBe(404);
    expect(rest.body.enrollments.map((e: { journey: string }) => e.journey)).not.toContain(
      'order-confirmation',
    );
  });

  it('needs a reason and an actor', async () => {
    await api.track('p-4', 'Seen');
    const { status, body } = await api.post('/v1/customers/user:p-4/pause', { reason: '' });
    expect(status).toBe(400);
    expect(body.errors.map((e: { path: string }) => e.path)).toEqual(['reason', 'actor']);
    expect(await eventsOf('p-4')).toEqual(['Seen']);
  });
});

describe('Idempotency-Key', () => {
  const post = (path: string, body: object, key: string) => api.post(path, body).set('Idempotency-Key', key);

  it('a repeated request gets the same answer without a second effect', async () => {
    await api.track('i-1', 'Seen');
    const first = await post('/v1/customers/user:i-1/pause', COMMAND, 'k-1');
    const again = await post('/v1/customers/user:i-1/pause', COMMAND, 'k-1');
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(await eventsOf('i-1')).toEqual(['Seen', 'Customer Paused']);
  });

  it('returns 409 for another request under the same key', async () => {
    await api.track('i-2', 'Seen');
    await post('/v1/customers/user:i-2/pause', COMMAND, 'k-2');
    for (const answer of [
      await post('/v1/customers/user:i-2/pause', { ...COMMAND, actor: 'lee' }, 'k-2'),
      await post('/v1/customers/user:i-2/resume', COMMAND, 'k-2'),
    ])
      expect([answer.status, answer.body.code]).toEqual([409, 'idempotency_mismatch']);
    expect(await eventsOf('i-2')).toEqual(['Seen', 'Customer Paused']);
  });

  it('of two concurrent requests only one runs', async () => {
    await api.track('i-3', 'Seen');
    const answers = await Promise.all(
      [1, 2, 3].map(() => post('/v1/customers/user:i-3/pause', COMMAND, 'k-3')),
    );
    expect(answers.map((a) => a.status).sort()).toEqual([202, 409, 409]);
    expect(answers.filter((a) => a.status === 409).map((a) => a.body.code)).toEqual([
      'in_flight',
      'in_flight',
    ]);
    expect(await eventsOf('i-3')).toEqual(['Seen', 'Customer Paused']);
  });

  it('a request whose process died before the answer runs again, and appends its event once', async () => {
    await api.track('i-4', 'Seen');
    const first = await post('/v1/customers/user:i-4/pause', COMMAND, 'k-4');
    await api.db.sql`update idempotency set status = null, at = at - interval '2 minutes' where key = 'k-4'`;
    const again = await post('/v1/customers/user:i-4/pause', COMMAND, 'k-4');
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(await eventsOf('i-4')).toEqual(['Seen', 'Customer Paused']);
  });

  it('stores refusals, too; keys are separate per workspace', async () => {
    const refused = await post('/v1/customers/user:nobody/pause', COMMAND, 'k-5');
    expect(refused.status).toBe(404);
    await api.track('nobody', 'Seen');
    expect((await post('/v1/customers/user:nobody/pause', COMMAND, 'k-5')).status).toBe(404);
    const other = await api
      .post('/v1/customers/lookup', { userId: 'x' }, api.keys.otherApi)
      .set('Idempotency-Key', 'k-5');
    expect([other.status, other.body.code]).toEqual([404, 'not_found']);
    expect((await post('/v1/customers/user:nobody/pause', COMMAND, 'x'.repeat(256))).body.code).toBe(
      'invalid_idempotency_key',
    );
  });
});
