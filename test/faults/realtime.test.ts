import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { createApp } from '../../src/api/app.ts';
import { eraseCustomer } from '../../src/app/identity/erase-customer.ts';
import { serve, startApi, type TestApi, WORKSPACE } from '../api/support/harness.ts';
import { localShop } from '../api/support/realtime-shop.ts';
import type { BundleFile } from '../support/bundles.ts';

/** The database is slow, unavailable, or has a customer locked while a page waits for its answer. */
let api: TestApi;
let url: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  api = await startApi({ keyCacheMs: 60_000 }, () => withHasty(localShop()));
  ({ url, stop } = await serve(api.app));
});
afterAll(async () => {
  await stop();
  await api.stop();
});

/** One placement waits for at most 150 ms; the others wait long enough for a busy machine. */
function withHasty(files: BundleFile[]): BundleFile[] {
  const hasty =
    '- { id: web-hasty, channel: web, actions: [refill, tip], deadline: 150ms, fallback: imprint }';
  return files.map((file) =>
    file.path === 'placements.yaml' ? { ...file, text: `${file.text}${hasty}\n` } : file,
  );
}

async function willing(userId: string): Promise<string> {
  const properties = { purpose: 'marketing', status: 'granted' };
  await api.batch({ type: 'track', userId, event: 'Consent Changed', properties });
  return api.customerOf(userId);
}

async function ask(
  customer: string,
  more: object = {},
): Promise<{ ms: number; status: number; body: Answer }> {
  const began = performance.now();
  const answer = await fetch(`${url}/v1/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.keys.api}`, 'content-type': 'application/json' },
    body: JSON.stringify({ customer, placement: 'web-side', ...more }),
  });
  const body = (await answer.json()) as Answer;
  return { ms: performance.now() - began, status: answer.status, body };
}

interface Answer {
  decisionId: string | null;
  fallbackReason: string | null;
  actions: { action: string; content?: { text: string } }[];
}

/** Holds a lock on a connection of its own while `work` runs. */
async function whileLocked<T>(
  lock: (tx: ReturnType<typeof openDatabase>['sql']) => Promise<unknown>,
  work: () => Promise<T>,
): Promise<T> {
  const other = openDatabase(api.databaseUrl, { max: 1, name: 'locker' });
  try {
    let result!: T;
    await other.sql.begin(async (tx) => {
      await lock(tx as unknown as typeof other.sql);
      result = await work();
    });
    return result;
  } finally {
    await other.close();
  }
}

const decisionsOf = async (customer: string) =>
  (await api.db.sql`select id from decisions where customer_id = ${customer}`).map(({ id }) => id);
/** Decisions whose reward is awaited. */
const awaitedOf = async (customer: string) =>
  (await api.db.sql`select decision_id as id from rewards where customer_id = ${customer}`).map(
    ({ id }) => id,
  );

describe('the placement’s deadline', () => {
  it.each([
    ['facts', 'customers'],
    ['the write', 'decisions'],
  ])('D-7: with %s blocked the fallback comes in time, and nothing is kept', async (_what, table) => {
    const user = `late-${table}`;
    const customer = await willing(user);
    expect((await ask(`user:${user}`, { dryRun: true, content: true })).body.actions).toMatchObject([
      { action: 'tip' },
    ]);
    const { sql } = api.db;
    const { ms, status, body } = await whileLocked(
      (tx) => tx`lock table ${tx(table)} in access exclusive mode`,
      () => ask(`user:${user}`, { placement: 'web-hasty', content: true }),
    );
    expect([status, body.decisionId, body.fallbackReason]).toEqual([200, null, 'deadline']);
    expect(body.actions).toMatchObject([{ action: 'imprint', content: { text: 'The imprint' } }]);
    // 150 ms, plus the delays of a busy machine.
    expect(ms).toBeGreaterThan(140);
    expect(ms).toBeLessThan(1_000);
    // The late decision ends and leaves no row, because its answer was the fallback.
    for (let tries = 0; tries < 40; tries++) {
      const [busy] = await sql<{ n: number }[]>`
        select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      if (busy?.n === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([await decisionsOf(customer), await awaitedOf(customer)]).toEqual([[], []]);
    const { body: then } = await ask(`user:${user}`);
    expect(then.actions).toMatchObject([{ action: 'tip' }]);
    expect(await awaitedOf(customer)).toEqual([then.decisionId]);
  });

  it('answers the fallback from memory when the database is unavailable', async () => {
    await willing('away');
    const db = openDatabase(api.databaseUrl, { max: 1, name: 'cut' });
    const app = createApp({ ...api.deps, db, limits: { keyCacheMs: 60_000 } });
    const call = () =>
      request(app)
        .post('/v1/decisions')
        .auth(api.keys.api, { type: 'bearer' })
        .send({ customer: 'user:away', placement: 'web-side' });
    expect((await call()).body).toMatchObject({ fallbackReason: null });
    await db.close();
    const { status, body } = await call();
    expect([status, body.decisionId]).toEqual([200, null]);
    expect(['unavailable', 'deadline']).toContain(body.fallbackReason);
  });

  it('a locked customer doesn’t delay other customers', async () => {
    const busy = await willing('busy');
    await willing('stranger');
    const [one, other] = await whileLocked(
      (tx) => tx`select id from customers where id = ${busy} for update`,
      () => Promise.all([ask('user:busy', { placement: 'web-hasty' }), ask('user:stranger')]),
    );
    expect(one.body.fallbackReason).toBe('deadline');
    expect(other.body).toMatchObject({ fallbackReason: null, decisionId: expect.any(String) });
    const again = await ask('user:busy');
    expect(again.body.fallbackReason).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await decisionsOf(busy)).toEqual([again.body.decisionId]);
    expect(await awaitedOf(busy)).toEqual([again.body.decisionId]);
  });
});

describe('answered decisions', () => {
  it('I1: every decision id that was returned is stored, for any number of concurrent requests', async () => {
    const users = Array.from({ length: 20 }, (_, n) => `crowd-${n}`);
    for (const user of users) await willing(user);
    const answers = await Promise.all(
      users.flatMap((user) => Array.from({ length: 5 }, () => ask(`user:${user}`))),
    );
    const given = answers.flatMap(({ body }) => body.decisionId ?? []);
    expect(given.length).toBeGreaterThan(50);
    const rows = await api.db.sql`select id from decisions where id = any(${given})`;
    expect(rows).toHaveLength(given.length);
    const awaited = await api.db.sql`select decision_id as id from rewards where decision_id = any(${given})`;
    expect(awaited.map(({ id }) => id).sort()).toEqual([...given].sort());
    const kept = await api.db.sql`select id from decisions where kind = 'realtime' and customer_id in (
      select customer_id from identities where workspace = ${WORKSPACE} and value = any(${users}))`;
    expect(new Set(kept.map(({ id }) => id))).toEqual(new Set(given));
  });

  it('correctness 17: a concurrent erasure leaves no decision behind', async () => {
    for (let round = 0; round < 15; round++) {
      const customer = await willing(`erased-${round}`);
      await Promise.all([
        ...Array.from({ length: 4 }, () => ask(`user:erased-${round}`)),
        eraseCustomer(api.deps, { workspace: WORKSPACE, customerId: customer, actor: 'test' }),
      ]);
      await ask(customer);
      expect([round, await decisionsOf(customer), await awaitedOf(customer)]).toEqual([round, [], []]);
    }
  });

  it('correctness 8: many concurrent shown reports never deadlock, and each counts', async () => {
    const customer = await willing('many');
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask('user:many')));
    const given = answers.flatMap(({ body }) => body.decisionId ?? []);
    const told = await Promise.all(
      given.flatMap((id) =>
        ['shown', 'clicked'].map((kind) =>
          api.post(`/v1/decisions/${id}/outcomes`, { actionId: 'tip', kind }),
        ),
      ),
    );
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set([200]));
    const rows = await api.db.sql`select id from deliveries where customer_id = ${customer}`;
    expect(rows).toHaveLength(given.length);
    expect((await ask('user:many')).body.actions).toMatchObject([{ action: 'imprint' }]);
  });
});
