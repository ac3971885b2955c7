import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { action as schema } from '../../../src/api/actions/schema.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { buildShop, createDraws, emptyRows, installBundle, saveRows } from '../../support/experiment-rows.ts';
import { OTHER, startApi, type TestApi } from '../support/harness.ts';

const SHOP = 'aroma';
const WITHIN = 7 * DAY;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  const guardrails = {
    harms: ['unsubscribe', 'ticket'] as ('unsubscribe' | 'ticket')[],
    tolerance: 1.1,
    within: WITHIN,
  };
  await installBundle(api.db, buildShop(SHOP, { version: 2, guardrails }));
  await installBundle(api.db, buildShop(OTHER));
  const rows = emptyRows();
  const draw = createDraws(4);
  for (let n = 0; n < 200; n++) {
    const enteredAt = Date.now() - 30 * DAY;
    const arm = n < 50 ? 'control' : 'treated';
    rows.customers.push({ id: `c${n}`, createdAt: enteredAt });
    rows.enrollments.push({ id: `e${n}`, customer: `c${n}`, journey: 'tips', arm, enteredAt });
    if (arm === 'treated') rows.deliveries.push({ customer: `c${n}`, enrollment: `e${n}`, at: enteredAt });
    if (draw() < 0.1) rows.tickets.push({ customer: `c${n}`, at: enteredAt + DAY });
  }
  await saveRows(api.db, SHOP, rows);
});
afterAll(() => api?.stop());

const COMMAND = { reason: 'a wrong price in it', actor: 'ada' };

describe('/v1/actions', () => {
  it('C-13: lists the actions by id with the readings of their guardrails', async () => {
    const { status, body } = await api.get('/v1/actions');
    expect([status, body.nextCursor]).toEqual([200, null]);
    expect(body.data.map((item: { id: string }) => item.id)).toEqual(['receipt', 'tip']);
    for (const item of body.data) schema.parse(item);
    const [receipt, tip] = body.data;
    expect(receipt).toMatchObject({ state: 'active', exposed: null, guardrails: [] });
    expect(tip).toMatchObject({ class: 'marketing', state: 'active', pauseCause: null, exposed: 150 });
    expect(tip.guardrails).toMatchObject([
      {
        harm: 'unsubscribe',
        verdict: 'clear',
        tolerance: 1.1,
        alpha: 0.025,
        treated: { customers: 150, harmed: 0 },
      },
      { harm: 'ticket', verdict: 'clear', control: { customers: 50 } },
    ]);
    for (const { p } of tip.guardrails) expect(p).toBeGreaterThan(0.025);
  });

  it('returns the actions in pages', async () => {
    const first = await api.get('/v1/actions?limit=1');
    expect(first.body.data.map((item: { id: string }) => item.id)).toEqual(['receipt']);
    const second = await api.get(`/v1/actions?limit=1&cursor=${first.body.nextCursor}`);
    expect([second.body.data[0].id, second.body.nextCursor]).toEqual(['tip', null]);
    expect((await api.get('/v1/actions?cursor=nonsense')).body.code).toBe('invalid_cursor');
  });

  it('E-5: pauses and resumes an action with actor and reason; repeating either has no effect', async () => {
    const paused = await api.post('/v1/actions/tip/pause', COMMAND);
    expect([paused.status, paused.body.state]).toEqual([200, 'paused']);
    expect(paused.body.pauseCause).toEqual({
      harm: 'by_hand',
      reason: COMMAND.reason,
      actor: 'ada',
      reading: null,
    });
    const again = await api.post('/v1/actions/tip/pause', { reason: 'me too', actor: 'bob' });
    expect(again.body.pauseCause.actor).toBe('ada');
    const { body } = await api.get('/v1/actions');
    expect(body.data[1]).toMatchObject({ id: 'tip', state: 'paused', pausedSince: expect.any(String) });

    const resumed = await api.post('/v1/actions/tip/resume', { reason: 'price is right', actor: 'cleo' });
    expect(resumed.body).toMatchObject({ state: 'active', pausedSince: null, pauseCause: null });
    // Evidence from before does not count any more.
    expect(resumed.body.exposed).toBe(0);
    expect((await api.post('/v1/actions/tip/resume', COMMAND)).status).toBe(200);
    const [row] = await api.db.sql`select lifted_by, cause from paused_actions where workspace = ${SHOP}`;
    expect(row).toMatchObject({ lifted_by: 'cleo', cause: { resumed: { reason: 'price is right' } } });
  });

  it('refuses to pause mandatory and transactional actions, unknown actions, and actions of another workspace', async () => {
    const refused = await api.post('/v1/actions/receipt/pause', COMMAND);
    expect([refused.status, refused.body.code]).toEqual([422, 'not_pausable']);
    expect((await api.post('/v1/actions/nothing/pause', COMMAND)).status).toBe(404);
    expect((await api.post('/v1/actions/tip/pause', { reason: 'no actor' })).status).toBe(400);
    await api.post('/v1/actions/tip/pause', COMMAND, api.keys.otherApi);
    expect((await api.get('/v1/actions')).body.data[1].state).toBe('active');
    expect((await api.get('/v1/actions', api.keys.otherApi)).body.data[1].state).toBe('paused');
  });
});
