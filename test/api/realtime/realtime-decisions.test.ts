import fc from 'fast-check';
import pino from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/api/app.ts';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { activateBundle } from '../../../src/app/config/activate-bundle.ts';
import { OTHER, startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { localShop } from '../support/realtime-shop.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ waitMs: 100 }, () => localShop());
});
afterAll(() => api.stop());

const ask = (customer: string | null, placement: string, more: object = {}) =>
  api.post('/v1/decisions', { customer, placement, ...more });

async function offered(customer: string | null, placement: string, more: object = {}) {
  const { status, body } = await ask(customer, placement, more);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

const namesOf = (body: { actions: { action: string }[] }) => body.actions.map(({ action }) => action);

const tell = (decision: { decisionId: string }, actionId: string, kind: string, more: object = {}) =>
  api.post(`/v1/decisions/${decision.decisionId}/outcomes`, { actionId, kind, ...more });

/** A customer with consent to marketing. */
async function willing(userId: string, ...more: Record<string, unknown>[]): Promise<void> {
  const granted = { purpose: 'marketing', status: 'granted' };
  await api.batch({ type: 'track', userId, event: 'Consent Changed', properties: granted }, ...more);
}

const ordered = (userId: string) => ({
  type: 'track',
  userId,
  event: 'Order Completed',
  properties: { order_id: `o-${userId}`, total: 20, currency: 'EUR' },
});
const ticket = (userId: string, status: 'open' | 'closed' = 'open') => ({
  type: 'track',
  userId,
  event: status === 'open' ? 'Ticket Opened' : 'Ticket Closed',
  properties: { ticket_id: `t-${userId}`, status, updated_at: new Date().toISOString(), subject: 'Leaks' },
});

/** Every row of every table, as text. */
async function dump(): Promise<Record<string, string[]>> {
  const { sql } = api.db;
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' order by 1`;
  const rows: Record<string, string[]> = {};
  for (const { name } of tables) {
    const found = await sql<
      { row: string }[]
    >`select (to_jsonb(t) - 'last_used_at')::text as row from ${sql(name)} t order by 1`;
    rows[name] = found.map(({ row }) => row);
  }
  return rows;
}

describe('story 7: real-time decisions', () => {
  it('D-14 A-2: returns ranked actions with reasons and expiry, and records the decision', async () => {
    await willing('anna', ordered('anna'));
    const body = await offered('user:anna', 'web-home');
    const customer = await api.customerOf('anna');
    expect(body).toEqual({
      decisionId: expect.stringMatching(/^dec_[0-9a-f]{32}$/),
      customerId: customer,
      placement: 'web-home',
      channel: 'web',
      at: expect.any(String),
      expiresAt: expect.any(String),
      ttlSeconds: 600,
      fallbackReason: null,
      bundle: 'b-1',
      actions: ['refill', 'tip', 'story'].map((action, index) => ({
        action,
        class: 'marketing',
        rank: index + 1,
        variant: null,
        propensity: 1,
        reasons: ['highest_score'],
      })),
    });
    expect(Date.parse(body.expiresAt) - Date.parse(body.at)).toBe(600_000);
    const { body: kept } = await api.get(`/v1/decisions/${body.decisionId}`);
    expect(kept).toMatchObject({
      id: body.decisionId,
      customerId: customer,
      kind: 'realtime',
      ordinal: null,
      placement: 'web-home',
      expiresAt: body.expiresAt,
      outcome: 'offered',
    });
    expect(kept.candidates).toHaveLength(3);
    expect(kept.candidates[0].gates.length).toBeGreaterThan(8);
    const { body: view } = await api.get(`/v1/customers/${customer}`);
    expect(view.lastDecision?.id).not.toBe(body.decisionId);
  });

  it('returns at most the requested number of actions, and never more than the placement allows', async () => {
    await willing('limit', ordered('limit'));
    expect(namesOf(await offered('user:limit', 'web-home', { limit: 1 }))).toEqual(['refill']);
    expect(namesOf(await offered('user:limit', 'web-side', { limit: 9 }))).toEqual(['refill']);
  });

  it('D-13: an open ticket and its cool-down block marketing on the page, in the chat and on the telephone', async () => {
    await willing('bert', ordered('bert'));
    expect(namesOf(await offered('user:bert', 'chat'))).toEqual(['chat-tip']);
    await api.batch(ticket('bert'));
    const page = await offered('user:bert', 'web-home');
    expect([page.actions, page.fallbackReason]).toEqual([[], 'nothing_allowed']);
    expect(namesOf(await offered('user:bert', 'chat'))).toEqual(['chat-help']);
    expect(namesOf(await offered('user:bert', 'ivr-main'))).toEqual(['connect']);
    const { body: kept } = await api.get(`/v1/decisions/${page.decisionId}`);
    for (const { gates } of kept.candidates)
      expect(gates).toContainEqual(
        expect.objectContaining({ code: 'ticket_open', liftsOn: 'Ticket Closed' }),
      );
    await api.batch(ticket('bert', 'closed'));
    expect(namesOf(await offered('user:bert', 'web-home'))).toEqual([]);
    expect(namesOf(await offered('user:bert', 'ivr-main'))).not.toContain('connect');
  });

  it('D-13: pause, snooze and withdrawn consent block marketing, too; a service fallback is always returned', async () => {
    const said = { reason: 'r', actor: 'a', wait: false };
    for (const [who, silence] of [
      ['paused', () => api.post('/v1/customers/user:paused/pause', said)],
      ['snoozed', () => api.post('/v1/customers/user:snoozed/snooze', { duration: '7d', ...said })],
      [
        'unwilling',
        () => api.track('unwilling', 'Consent Changed', { purpose: 'marketing', status: 'withdrawn' }),
      ],
    ] as const) {
      await willing(who, ordered(who));
      expect(namesOf(await offered(`user:${who}`, 'web-side'))).toEqual(['refill']);
      await silence();
      expect([who, namesOf(await offered(`user:${who}`, 'web-home'))]).toEqual([who, []]);
      expect([who, namesOf(await offered(`user:${who}`, 'web-side'))]).toEqual([who, ['imprint']]);
    }
  });

  it('quiet hours do not apply where the customer made the contact', async () => {
    await willing('night', { type: 'identify', userId: 'night', traits: { phone: '+49301234567' } });
    expect(namesOf(await offered('user:night', 'web-side'))).toEqual(['tip']);
    const texts = await offered('user:night', 'texts');
    const { body: kept } = await api.get(`/v1/decisions/${texts.decisionId}`);
    expect(kept.candidates[0].gates).toContainEqual(expect.objectContaining({ code: 'quiet_hours' }));
  });

  it('customers of the global control get no marketing', async () => {
    const other = await activateBundle(api.deps, OTHER, localShop(OTHER, 'holdout: 100%\n'));
    if (!other.ok) throw new Error(JSON.stringify(other.errors));
    const granted = { purpose: 'marketing', status: 'granted' };
    await request(api.app)
      .post('/v1/track')
      .auth(api.keys.otherWrite, '')
      .send({ userId: 'control', event: 'Consent Changed', properties: granted });
    const { body } = await api.post(
      '/v1/decisions',
      { customer: 'user:control', placement: 'web-home' },
      api.keys.otherApi,
    );
    expect(body.actions).toEqual([]);
    const { body: kept } = await api.get(`/v1/decisions/${body.decisionId}`, api.keys.otherApi);
    expect(kept.candidates[0].gates).toContainEqual(expect.objectContaining({ code: 'control' }));
  });
});

describe('unknown customers', () => {
  it('an unknown, missing or erased customer gets the fallback; nothing is stored', async () => {
    await willing('gone');
    const gone = await api.customerOf('gone');
    await api.post(`/v1/customers/${gone}/erase`, { reason: 'r', actor: 'a' });
    const before = await dump();
    for (const customer of [
      null,
      'user:nobody',
      'cus_x',
      'anon:x',
      'ext:a:b',
      'email:x',
      'phone:+491',
      gone,
      'user:gone',
    ]) {
      const body = await offered(customer, 'ivr-main', { content: true });
      expect([customer, body]).toMatchObject([
        customer,
        { decisionId: null, customerId: null, fallbackReason: 'unknown_customer' },
      ]);
      expect(body.actions).toMatchObject([
        { action: 'menu', reasons: ['fallback'], content: { text: 'The menu', locale: 'en' } },
      ]);
    }
    expect(await dump()).toEqual(before);
  });

  it('a merged customer gets the decision of the customer they were merged into; addresses identify customers, too', async () => {
    await willing('stays', {
      type: 'identify',
      userId: 'stays',
      traits: { email: 'stays@example.com', phone: '+49 30 99' },
    });
    await api.track('goes', 'Seen');
    const [stays, goes] = [await api.customerOf('stays'), await api.customerOf('goes')];
    await api.post(`/v1/customers/${goes}/merge`, { into: stays, reason: 'r', actor: 'a', wait: false });
    for (const ref of [goes, 'user:goes', 'user:stays', 'email:Stays@example.com', 'phone:+493099'])
      expect([ref, (await offered(ref, 'chat')).customerId]).toEqual([ref, stays]);
    const back = await api.post(`/v1/customers/${goes}/unmerge`, { reason: 'r', actor: 'a', wait: false });
    expect(back.status).toBeLessThan(300);
    const parted = (await offered('user:goes', 'chat')).customerId;
    expect([parted === stays, parted]).toEqual([false, await api.customerOf('goes')]);
  });

  it('returns 422 with the known names for an unknown placement or a wrong channel', async () => {
    const wrong = await ask('user:nobody', 'web-hme');
    expect([wrong.status, wrong.body.code]).toEqual([422, 'unknown_placement']);
    expect(wrong.body.detail).toBe(
      'there is no placement web-hme: web-home, web-side, ivr-main, chat, texts',
    );
    const channel = await ask('user:nobody', 'web-home', { channel: 'ivr' });
    expect([channel.status, channel.body.code]).toEqual([422, 'wrong_channel']);
  });

  it('a placement is available at once after it is applied, and unknown at once after it is removed', async () => {
    const change = (from: string, to: string) =>
      localShop().map((file) => ({ ...file, text: file.text.replace(from, to) }));
    const second = createApp(api.deps);
    const answer = (placement: string) =>
      request(second).post('/v1/decisions').auth(api.keys.api, '').send({ customer: null, placement });
    expect((await answer('chat')).status).toBe(200);
    const renamed = await activateBundle(
      api.deps,
      WORKSPACE,
      change('id: chat, channel', 'id: chats, channel'),
    );
    expect(renamed.ok).toBe(true);
    expect((await answer('chats')).status).toBe(200);
    expect((await answer('chat')).status).toBe(422);
    await activateBundle(api.deps, WORKSPACE, localShop());
    expect((await answer('chat')).status).toBe(200);
  });
});

describe('telephone placements', () => {
  it('neither the answer nor logs contain personal data; content is returned only on request', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const app = createApp({ ...api.deps, log });
    const traits = { firstName: 'Cleopatra', email: 'cleo@example.com', phone: '+49 30 4711' };
    await willing('cleo', { type: 'identify', userId: 'cleo', traits }, ordered('cleo'), ticket('cleo'));
    const call = (body: object) => request(app).post('/v1/decisions').auth(api.keys.api, '').send(body);
    const plain = await call({ customer: 'phone:+49304711', placement: 'ivr-main' });
    expect(namesOf(plain.body)).toEqual(['connect']);
    expect(plain.text + lines.join()).not.toMatch(/Cleopatra|cleo@|4711|Leaks|"content"/);
    await api.batch(ticket('cleo', 'closed'));
    const spoken = await call({ customer: 'phone:+49304711', placement: 'ivr-main', content: true });
    expect(spoken.body.actions).toMatchObject([
      { action: 'order-status', content: { text: 'The order-status' } },
    ]);
    await willing('named', { type: 'identify', userId: 'named', traits: { firstName: 'Nora' } });
    const page = await call({ customer: 'user:named', placement: 'web-side', content: true });
    expect(page.body.actions[0].content).toEqual({ text: 'A tip for Nora', locale: 'en' });
  });

  it('returns no content for channels with an address', async () => {
    const body = await offered(null, 'texts', { content: true });
    expect(body.actions[0]).not.toHaveProperty('content');
  });
});

describe('outcomes', () => {
  it('A-9: a rejection and a click change the next decision', async () => {
    await willing('dora');
    const first = await offered('user:dora', 'web-side');
    expect(namesOf(first)).toEqual(['tip']);
    expect((await tell(first, 'tip', 'rejected')).status).toBe(200);
    expect(namesOf(await offered('user:dora', 'web-side'))).toEqual(['imprint']);
    const chat = await offered('user:dora', 'chat');
    const before = (await api.get(`/v1/decisions/${chat.decisionId}`)).body;
    await tell(chat, 'chat-tip', 'clicked');
    const again = await offered('user:dora', 'chat');
    const after = (await api.get(`/v1/decisions/${again.decisionId}`)).body;
    const scoreOf = (d: { candidates: { action: string; score: number }[] }) =>
      d.candidates.find(({ action }) => action === 'chat-tip')?.score;
    expect([scoreOf(before), scoreOf(after)]).toEqual([1, 2]);
    const { body: timeline } = await api.get('/v1/customers/user:dora/timeline');
    expect(timeline.data.map((item: { title: string }) => item.title)).toEqual(
      expect.arrayContaining(['Action Rejected', 'Action Clicked']),
    );
  });

  it('only shown actions count for caps, in real-time and in journey decisions', async () => {
    await willing('emil', ordered('emil'));
    for (let count = 0; count < 5; count++)
      expect(namesOf(await offered('user:emil', 'web-home'))).toEqual(['refill', 'tip', 'story']);
    const body = await offered('user:emil', 'web-home');
    await tell(body, 'refill', 'shown');
    // Its own limit, and two more under the cap of three.
    const second = await offered('user:emil', 'web-home');
    expect(namesOf(second)).toEqual(['tip', 'story']);
    await tell(second, 'tip', 'shown');
    await tell(second, 'story', 'shown');
    const full = await offered('user:emil', 'web-home');
    expect(full.actions).toEqual([]);
    await api.track('emil', 'Letter Asked');
    await api.decide();
    const { body: list } = await api.get('/v1/customers/user:emil/decisions');
    const central = list.data.find(
      (d: { kind: string; candidates: object[] }) => d.kind === 'journey' && d.candidates.length > 0,
    );
    expect(central.candidates[0].gates).toContainEqual(expect.objectContaining({ code: 'cap_reached' }));
  });

  it('returns no more actions than the caps allow', async () => {
    await willing('fritz', ordered('fritz'));
    const first = await offered('user:fritz', 'web-home');
    await tell(first, 'story', 'shown');
    expect(namesOf(await offered('user:fritz', 'web-home'))).toEqual(['refill', 'tip']);
  });

  it('records an outcome once per decision, action and kind, also for concurrent calls', async () => {
    await willing('gerd');
    const body = await offered('user:gerd', 'web-side');
    const answers = await Promise.all(Array.from({ length: 8 }, () => tell(body, 'tip', 'shown')));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    await tell(body, 'tip', 'clicked');
    await tell(body, 'tip', 'clicked');
    const customer = await api.customerOf('gerd');
    const { sql } = api.db;
    const events =
      await sql`select name from events where customer_id = ${customer} and name like 'Action %' order by seq`;
    expect(events.map(({ name }) => name)).toEqual(['Action Shown', 'Action Clicked']);
    const rows = await sql`select id, state, channel from deliveries where customer_id = ${customer}`;
    expect(rows).toMatchObject([{ id: answers[0]?.body.deliveryId, state: 'sent', channel: 'web' }]);
  });

  it('a click also counts as shown', async () => {
    await willing('hans');
    const body = await offered('user:hans', 'web-side');
    const { body: said } = await tell(body, 'tip', 'accepted');
    const [row] = await api.db.sql`select action from deliveries where id = ${said.deliveryId}`;
    expect(row).toEqual({ action: 'tip' });
  });

  it('accepts a time between decision and now, and marks an outcome after the expiry as late', async () => {
    await willing('ida');
    const body = await offered('user:ida', 'web-side');
    const early = await tell(body, 'tip', 'shown', { at: '2001-01-01T00:00:00Z' });
    expect(Date.parse(early.body.at)).toBeGreaterThan(Date.now() - 60_000);
    const future = await tell(body, 'tip', 'clicked', { at: '2999-01-01T00:00:00Z' });
    expect(Date.parse(future.body.at)).toBeLessThanOrEqual(Date.now());
    expect([early.body.late, future.body.late]).toEqual([false, false]);
    await api.db
      .sql`update decisions set expires_at = clock_timestamp() - interval '1 s' where id = ${body.decisionId}`;
    const late = await tell(body, 'tip', 'accepted');
    expect([late.status, late.body.late]).toEqual([200, true]);
    const [event] = await api.db.sql`
      select body -> 'properties' as p from events where name = 'Action Accepted' and customer_id = ${body.customerId}`;
    expect(event?.p).toMatchObject({ decision_id: body.decisionId, late: true });
  });

  it('two clocks: with skipped time an outcome counts in journey time, and for shared caps in wall-clock time', async () => {
    await willing('otto');
    await api.track('otto', 'Letter Asked');
    await api.decide();
    const customer = await api.customerOf('otto');
    const ahead = Date.now() + 10 * 86_400_000;
    await api.db.sql`update journeys set last_now = ${ahead} where customer_id = ${customer}`;
    const body = await offered('user:otto', 'web-side');
    const { body: said } = await tell(body, 'tip', 'shown');
    const [row] = await api.db.sql`
      select at, (extract(epoch from claimed_at) * 1000)::bigint as wall from deliveries where id = ${said.deliveryId}`;
    expect(Math.abs(row?.at - ahead)).toBeLessThan(60_000);
    expect(Math.abs(row?.wall - Date.now())).toBeLessThan(60_000);
    expect(Math.abs(Date.parse(body.at) - Date.now())).toBeLessThan(60_000);
    const [kept] = await api.db.sql`select at from decisions where id = ${body.decisionId}`;
    expect(kept?.at).toBe(ahead);
  });

  it('returns 404 for an unknown or a journey decision, and 422 for an action that was not offered', async () => {
    await willing('jana');
    const body = await offered('user:jana', 'web-side');
    expect((await tell({ decisionId: 'dec_x' }, 'tip', 'shown')).status).toBe(404);
    const other = await tell(body, 'refill', 'shown');
    expect([other.status, other.body.code, other.body.detail]).toEqual([
      422,
      'unknown_action',
      'this decision did not offer refill: tip',
    ]);
    await api.track('jana', 'Letter Asked');
    await api.decide();
    const [central] = await api.db.sql`
      select id from decisions where kind = 'journey' and customer_id = ${body.customerId}`;
    expect((await tell({ decisionId: central?.id }, 'letter', 'shown')).status).toBe(404);
    await api.post('/v1/customers/user:jana/erase', { reason: 'r', actor: 'a' });
    expect((await tell(body, 'tip', 'shown')).status).toBe(404);
  });

  it('counts for the customer that the customer was merged into since', async () => {
    await willing('karl');
    await willing('lena');
    const body = await offered('user:karl', 'web-side');
    const lena = await api.customerOf('lena');
    await api.post('/v1/customers/user:karl/merge', { into: lena, reason: 'r', actor: 'a', wait: false });
    const { body: said } = await tell(body, 'tip', 'shown');
    const [row] = await api.db.sql`select customer_id as id from deliveries where id = ${said.deliveryId}`;
    expect(row?.id).toBe(lena);
  });

  it('cannot be forged with a write key', async () => {
    const before = await dump();
    await request(api.app)
      .post('/v1/track')
      .auth(api.keys.write, '')
      .send({ userId: 'forger', event: 'Action Clicked', messageId: 'forged' });
    expect((await dump()).events).toEqual(before.events);
  });
});

describe('dry run', () => {
  it('leaves the database unchanged byte for byte, and returns the same answer', async () => {
    await willing('mia', ordered('mia'));
    await api.decide();
    const before = await dump();
    const dry = await offered('user:mia', 'web-home', { dryRun: true, content: true });
    expect(await dump()).toEqual(before);
    expect(dry.decisionId).toBeNull();
    const wet = await offered('user:mia', 'web-home', { content: true });
    expect(dry.actions).toEqual(wet.actions);
    expect(await dump()).not.toEqual(before);
  });
});

describe('keys', () => {
  it('a key with the scope decide can request decisions and report outcomes only', async () => {
    const key = await createKey(api.db, {
      workspace: WORKSPACE,
      kind: 'api',
      scopes: ['decide'],
      label: 'page',
    });
    await willing('nils');
    const { status, body } = await api.post(
      '/v1/decisions',
      { customer: 'user:nils', placement: 'web-side' },
      key,
    );
    expect(status).toBe(200);
    const told = await api.post(
      `/v1/decisions/${body.decisionId}/outcomes`,
      { actionId: 'tip', kind: 'shown' },
      key,
    );
    expect(told.status).toBe(200);
    expect((await api.get('/v1/customers/user:nils', key)).status).toBe(403);
    expect((await api.get(`/v1/decisions/${body.decisionId}`, key)).status).toBe(403);
    const act = await createKey(api.db, {
      workspace: WORKSPACE,
      kind: 'api',
      scopes: ['act'],
      label: 'desk',
    });
    expect((await api.post('/v1/decisions', { placement: 'web-side' }, act)).status).toBe(403);
  });

  it('returns 404 for an outcome of a decision of another workspace', async () => {
    await willing('olga');
    const body = await offered('user:olga', 'web-side');
    const told = await api.post(
      `/v1/decisions/${body.decisionId}/outcomes`,
      { actionId: 'tip', kind: 'shown' },
      api.keys.otherApi,
    );
    expect(told.status).toBe(404);
  });
});

describe('hostile bodies', () => {
  const nasty = fc.oneof(
    fc.constantFrom<unknown>(
      '',
      '\u0000',
      '\ud800',
      '__proto__',
      'constructor',
      'user:',
      'user:pia',
      'x'.repeat(700),
    ),
    fc.constantFrom<unknown>(
      null,
      true,
      -1,
      0,
      1.5,
      1e308,
      [],
      {},
      '2026-13-01',
      '2026-01-01T00:00:00Z',
      'web-side',
    ),
    fc.jsonValue({ maxDepth: 3 }),
  );
  const spoilt = (right: object) =>
    fc
      .record(Object.fromEntries(Object.keys(right).map((name) => [name, nasty])), { requiredKeys: [] })
      .map((some) => ({ ...right, ...some }));

  it('no body is answered with a 5xx, and each refusal names what is wrong', async () => {
    await willing('pia');
    const { decisionId } = await offered('user:pia', 'web-side');
    const right = {
      customer: 'user:pia',
      placement: 'web-side',
      channel: 'web',
      limit: 1,
      dryRun: true,
      content: true,
    };
    const told = { actionId: 'tip', kind: 'shown', at: '2026-01-01T00:00:00Z' };
    await fc.assert(
      fc.asyncProperty(spoilt(right), spoilt(told), async (asked, said) => {
        for (const [url, body] of [
          ['/v1/decisions', asked],
          [`/v1/decisions/${decisionId}/outcomes`, said],
        ] as const) {
          const { status, body: answer } = await api.post(url).type('json').send(JSON.stringify(body));
          const text = JSON.stringify(body);
          expect([text, status < 500 && status !== 404]).toEqual([text, true]);
          if (status >= 400)
            expect([text, typeof answer.code, typeof answer.detail]).toEqual([text, 'string', 'string']);
        }
      }),
      { numRuns: 80 },
    );
  });
});
