import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/api/app.ts';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { type BundleFile, replaceInFile, treatEveryCustomer } from '../../support/bundles.ts';
import { createCustomer, sendToInbox } from '../inbox/support.ts';
import { bodyOf } from '../support/bodies.ts';
import { startApi, type TestApi } from '../support/harness.ts';
import { shop } from '../support/shop.ts';

const withLetters = (files: BundleFile[]) => [
  // A busy machine may take longer than a page waits.
  ...replaceInFile('placements.yaml', /deadline: 150ms/g, 'deadline: 2s')(treatEveryCustomer(files)),
  ...shop().filter(({ path }) => path === 'journeys/letters.yaml'),
];

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ waitMs: 50 }, withLetters);
});
afterAll(() => api.stop());

const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString();
const BY = { reason: 'asked by phone', actor: 'kim', wait: false };

/** Operations that change nothing. A test mail goes to the team, and leaves no trace in the database. */
const WITHOUT_EFFECT = [
  'createEmbedToken',
  'createInboxToken',
  'lookUpCustomer',
  'previewConfig',
  'previewContent',
  'runWhatIf',
  'sendTest',
];

/** Operations that refuse the key: their answer may not be stored. */
const NEVER_REPEATED = ['createKey'];

interface Scenario {
  path: string;
  body?: object;
}

let users = 0;
const mintUser = () => `r-${users++}`;

async function createUser(): Promise<string> {
  const userId = mintUser();
  await api.track(userId, 'Seen');
  return userId;
}

/** A confirmation of which nobody knows whether it was sent. */
async function loseAnswer(): Promise<string> {
  const userId = mintUser();
  const context = { traits: { email: `${userId}@example.com` } };
  const properties = { order_id: `${userId}-1`, total: 40 };
  await api.batch({ type: 'track', userId, event: 'Order Completed', properties, context });
  await api.decide();
  const [row] = await api.db.sql`
    update deliveries set state = 'unknown' where customer_id = ${await api.customerOf(userId)} returning id`;
  return row?.id as string;
}

async function raiseTask(): Promise<string> {
  const userId = mintUser();
  await api.batch(
    { type: 'identify', userId, traits: { email: `${userId}@example.com` } },
    {
      type: 'track',
      userId,
      event: 'Order Completed',
      properties: { order_id: `${userId}-1`, total: 5_000 },
    },
  );
  await api.decide();
  await api.track(userId, 'Checkout Started', { cart_id: 'c', value: 412, products: [{ product_id: 'p' }] });
  await api.track(userId, 'Payment Failed', { order_id: `${userId}-2`, value: 412, code: 'card_declined' });
  await api.decide();
  const [row] = await api.db
    .sql`select id from agent_tasks where customer_id = ${await api.customerOf(userId)}`;
  return row?.id as string;
}

async function issueCoupon(): Promise<string> {
  const userId = mintUser();
  await api.batch(
    { type: 'identify', userId, traits: { email: `${userId}@example.com`, phone: '+4930123456' } },
    { type: 'track', userId, event: 'Ticket Opened', properties: { ticket_id: userId } },
    { type: 'track', userId, event: 'Ticket Closed', properties: { ticket_id: userId, fault: 'ours' } },
  );
  await api.decide();
  const { body } = await api.get(`/v1/customers/user:${userId}/coupons?status=active`);
  return body.data[0].code;
}

async function mergeTwo(): Promise<string> {
  const [winner, loser] = [await createUser(), await createUser()];
  const lost = await api.customerOf(loser);
  await api.post(`/v1/customers/${lost}/merge`, { into: `user:${winner}`, ...BY });
  return lost;
}

async function edited(note: string): Promise<Scenario> {
  const { body } = await api.get('/v1/config?text=true');
  const files = body.files.map(({ path, text }: BundleFile) => ({
    path,
    text: path === 'workspace.yaml' ? `${text}\n# ${note}\n` : text,
  }));
  return { path: '/v1/config', body: { files } };
}

const ofUser = (call: string, body: object) => async () => ({
  path: `/v1/customers/user:${await createUser()}/${call}`,
  body: { ...BY, ...body },
});
const ofTask = (step: string, body: object, before?: string) => async () => {
  const id = await raiseTask();
  if (before) await api.post(`/v1/tasks/${id}/${before}`, { assignee: 'kim' });
  return { path: `/v1/tasks/${id}/${step}`, body };
};

const ofInbox = (step: string) => async () => {
  const customerId = await createCustomer(api, mintUser());
  const id = await sendToInbox(api, customerId, 'hello');
  return { path: `/v1/customers/${customerId}/inbox/${id}/${step}`, body: {} };
};

/** A rejected event that can be read now, as if a later build read an id where this one finds none. */
async function reject(): Promise<string> {
  const userId = mintUser();
  await api.batch({ type: 'track', event: 'Lost', messageId: userId });
  const body = JSON.stringify({ type: 'track', event: 'Lost', messageId: userId, userId });
  const [row] = await api.db
    .sql`update rejected set body = ${body} where message_id = ${userId} returning id`;
  return row?.id as string;
}

const decisionFor = async (userId: string) => ({
  customer: `user:${userId}`,
  placement: 'ivr-main',
  content: true,
});

/** By operation: prepares a command that succeeds, and that would be refused or do more if it was done again. */
const SCENARIOS: Record<string, () => Promise<Scenario>> = {
  pauseCustomer: ofUser('pause', {}),
  resumeCustomer: ofUser('resume', {}),
  exitJourneys: ofUser('exit', {}),
  snoozeCustomer: ofUser('snooze', { duration: '7d' }),
  recordConsents: ofUser('consents', {
    consents: [{ purpose: 'marketing', channel: 'email', status: 'granted', source: 'phone' }],
  }),
  setPreferences: ofUser('preferences', { personalisation: 1 }),
  mergeCustomer: async () => {
    const [winner, loser] = [await createUser(), await createUser()];
    return { path: `/v1/customers/user:${loser}/merge`, body: { into: `user:${winner}`, ...BY } };
  },
  unmergeCustomer: async () => ({ path: `/v1/customers/${await mergeTwo()}/unmerge`, body: BY }),
  eraseCustomer: ofUser('erase', { wait: undefined }),
  enrollCustomer: async () => {
    const customer = `user:${await createUser()}`;
    return { path: '/v1/journeys/letters/enrollments', body: { customer, key: 'L', ...BY } };
  },
  exitEnrollment: async () => {
    const customer = `user:${await createUser()}`;
    await api.post('/v1/journeys/letters/enrollments', { customer, key: 'L', ...BY });
    await api.decide();
    const { body } = await api.get(`/v1/customers/${customer}`);
    return { path: `/v1/enrollments/${body.enrollments[0].id}/exit`, body: BY };
  },
  redeemCoupon: async () => ({ path: `/v1/coupons/${await issueCoupon()}/redeem`, body: { orderId: 'o-1' } }),
  revokeCoupon: async () => ({
    path: `/v1/coupons/${await issueCoupon()}/revoke`,
    body: { reason: 'fraud', actor: 'kim' },
  }),
  pauseAction: async () => ({ path: '/v1/actions/tip-milk/pause', body: { reason: 'r', actor: 'kim' } }),
  resumeAction: async () => {
    await api.post('/v1/actions/tip-milk/pause', { reason: 'r', actor: 'kim' });
    return { path: '/v1/actions/tip-milk/resume', body: { reason: 'r', actor: 'kim' } };
  },
  readInboxItem: ofInbox('read'),
  clickInboxItem: ofInbox('click'),
  dismissInboxItem: ofInbox('dismiss'),
  repeatDelivery: async () => ({
    path: `/v1/deliveries/${await loseAnswer()}/repeat`,
    body: { reason: 'has not got it', actor: 'kim' },
  }),
  claimTask: ofTask('claim', { assignee: 'kim' }),
  releaseTask: ofTask('release', {}, 'claim'),
  escalateTask: ofTask('escalate', {}),
  snoozeTask: ofTask('snooze', { until: IN_AN_HOUR, reason: 'at work' }),
  resolveTask: ofTask('resolve', { outcome: 'placed' }, 'claim'),
  dismissTask: ofTask('dismiss', { reason: 'gone' }),
  retryRejectedEvent: async () => ({ path: `/v1/rejected/${await reject()}/retry` }),
  retryRejectedEvents: async () => {
    await reject();
    return { path: '/v1/rejected/retry', body: { code: 'no_identity' } };
  },
  requestDecision: async () => ({ path: '/v1/decisions', body: await decisionFor(await createUser()) }),
  reportOutcome: async () => {
    const { body } = await api.post('/v1/decisions', await decisionFor(await createUser()));
    const [{ action }] = body.actions;
    return { path: `/v1/decisions/${body.decisionId}/outcomes`, body: { actionId: action, kind: 'shown' } };
  },
  sendExample: async () => ({ path: '/v1/start/example', body: { step: 'order' } }),
  applyConfig: () => edited('a comment'),
  rollbackConfig: async () => {
    const { path, body } = await edited('another comment');
    await api.put(path, body);
    return { path: '/v1/config/rollback', body: { version: 1 } };
  },
};

/** Everything that the database holds, except the stored answers. */
async function dump(): Promise<string> {
  const { sql } = api.db;
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'idempotency' order by 1`;
  const rows: string[] = [];
  for (const { name } of tables)
    rows.push(
      ...(await sql`select (to_jsonb(t) - 'last_used_at')::text as row from ${sql(name)} t order by 1`).map(
        (r) => r.row,
      ),
    );
  return rows.join('\n');
}

const MUTATIONS = OPERATIONS.filter(
  ({ id, method }) => method !== 'get' && ![...WITHOUT_EFFECT, ...NEVER_REPEATED].includes(id),
);

describe('a command whose process died between commit and answer, repeated under its Idempotency-Key', () => {
  for (const { id, method } of MUTATIONS) {
    it(`${id} is done once and answered`, async () => {
      const scenario = SCENARIOS[id];
      if (!scenario) throw new Error(`describe a command for ${id}`);
      const { path, body } = await scenario();
      const send = () =>
        (method === 'put' ? api.put(path, body) : api.post(path, body)).set('Idempotency-Key', `died-${id}`);
      const first = await send();
      expect(first.status, first.text).toBeLessThan(300);
      expect(await forgetAnswer(`died-${id}`)).toBe(1);
      const before = await dump();
      const again = await send();
      expect([again.status, withoutTime(again.body)]).toEqual([first.status, withoutTime(first.body)]);
      expect(await dump()).toBe(before);
      // From now on the answer is stored again.
      expect((await send()).headers['idempotent-replayed']).toBe('true');
    });
  }

  it.each(NEVER_REPEATED)('%s takes no Idempotency-Key', async (id) => {
    const op = OPERATIONS.find((each) => each.id === id) as (typeof OPERATIONS)[number];
    const before = await dump();
    const { status, body } = await api.post(op.path, bodyOf(op)).set('Idempotency-Key', `never-${id}`);
    expect([status, body.code]).toEqual([400, 'not_repeatable']);
    expect(await dump()).toBe(before);
  });

  it('covers every operation that takes the key', () => {
    expect(Object.keys(SCENARIOS).sort()).toEqual(MUTATIONS.map(({ id }) => id).sort());
    for (const id of [...WITHOUT_EFFECT, ...NEVER_REPEATED])
      expect(OPERATIONS.map((op) => op.id)).toContain(id);
    for (const op of MUTATIONS) bodyOf(op);
  });
});

/** A view of a customer says when it was read. */
function withoutTime({ asOf: _, ...body }: Record<string, unknown>) {
  return body;
}

/** As a process leaves it that dies after the commit of a command and before its answer. */
async function forgetAnswer(key: string): Promise<number> {
  const rows = await api.db.sql`
    update idempotency set status = null, body = null where key = ${key} returning 1`;
  return rows.length;
}

it('a repeated grant does not grant again what the customer has withdrawn meanwhile', async () => {
  const userId = await createUser();
  const say = (status: string, key: string) =>
    api
      .put(`/v1/customers/user:${userId}/consents`, {
        consents: [{ purpose: 'marketing', channel: 'email', status, source: 'phone' }],
        ...BY,
      })
      .set('Idempotency-Key', key);
  const granted = await say('granted', 'grant');
  await forgetAnswer('grant');
  await say('withdrawn', 'withdraw');
  const again = await say('granted', 'grant');
  expect([granted.status, again.status]).toEqual([202, 202]);
  const [last] = await api.db.sql`
    select status from consents where customer_id = ${await api.customerOf(userId)} order by seq desc limit 1`;
  expect(last?.status).toBe('withdrawn');
});

describe('a real-time decision under an Idempotency-Key', () => {
  const ask = async (key: string, more: object = {}) =>
    api
      .post('/v1/decisions', { ...(await decisionFor(await createUser())), ...more })
      .set('Idempotency-Key', key);
  const stored = async () => {
    const [row] = await api.db.sql`select count(*)::int as n from decisions where kind = 'realtime'`;
    return row?.n;
  };

  it('is stored once for concurrent requests in two processes, which get the same answer', async () => {
    const other = createApp(api.deps);
    const request = (await import('supertest')).default;
    const body = await decisionFor(await createUser());
    const before = await stored();
    const send = (app: typeof other) =>
      request(app)
        .post('/v1/decisions')
        .auth(api.keys.api, { type: 'bearer' })
        .set('Idempotency-Key', 'd-2')
        .send(body);
    const [one, two] = await Promise.all([send(api.app), send(other)]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(one.body.decisionId).toMatch(/^dec_/);
    expect(two.body).toEqual(one.body);
    expect((await stored()) - before).toBe(1);
  });

  it('that cannot be recorded is not stored', async () => {
    const before = await stored();
    await api.db.sql`alter table idempotency add constraint full_up check (key <> 'd-full')`;
    expect((await ask('d-full')).status).not.toBe(200);
    await api.db.sql`alter table idempotency drop constraint full_up`;
    expect(await stored()).toBe(before);
  });

  it('stores nothing as a dry run, whose answer is kept', async () => {
    const before = await stored();
    const dry = await ask('d-dry', { dryRun: true });
    expect([dry.status, dry.body.decisionId]).toEqual([200, null]);
    expect(await stored()).toBe(before);
  });
});

it('of concurrent requests in two processes one has the effect, and all get an answer', async () => {
  const other = createApp(api.deps);
  const request = (await import('supertest')).default;
  const userId = await createUser();
  const path = `/v1/customers/user:${userId}/pause`;
  const send = (app: typeof other) =>
    request(app).post(path).auth(api.keys.api, { type: 'bearer' }).set('Idempotency-Key', 'two').send(BY);
  const answers = await Promise.all([send(api.app), send(other)]);
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  const [row] = await api.db.sql`
    select count(*)::int as n from events
    where customer_id = ${await api.customerOf(userId)} and name = 'Customer Paused'`;
  expect(row?.n).toBe(1);
});

it('a command that was refused by the server’s fault is done by the next repetition', async () => {
  const userId = await createUser();
  const send = () => api.post(`/v1/customers/user:${userId}/pause`, BY).set('Idempotency-Key', 'fault');
  await api.db.sql`alter table events rename to away`;
  expect((await send()).status).toBe(500);
  await api.db.sql`alter table away rename to events`;
  expect((await send()).status).toBe(202);
});

it('an answer that was lost leaves nothing about an erased person', async () => {
  const userId = await createUser();
  await api.batch({ type: 'identify', userId, traits: { secret: 'canary-77' } });
  const customer = await api.customerOf(userId);
  await api.post(`/v1/customers/${customer}/pause`, BY).set('Idempotency-Key', 'kept');
  const erase = () => api.post(`/v1/customers/user:${userId}/erase`, { reason: 'r', actor: 'kim' });
  const first = await erase().set('Idempotency-Key', 'erase');
  const [row] = await api.db
    .sql`select count(*)::int as n from idempotency where body::text like '%canary-77%'`;
  expect(row?.n).toBe(0);
  await forgetAnswer('erase');
  const again = await erase().set('Idempotency-Key', 'erase');
  expect([again.status, again.body]).toEqual([first.status, first.body]);
  expect((await erase()).status).toBe(404);
});
