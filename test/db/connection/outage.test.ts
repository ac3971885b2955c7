import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, isUnavailable, openDatabase } from '../../../db/client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type LinkState, startProxyOf, type TcpProxy, through } from '../../support/tcp-proxy.ts';

/** Longer than every pause, wait and time-out of the pool (10 s), and than any number of tries that it could give up after. */
const LONG_MS = 16_000;
/** The pool's own promise is 10 s. A second or two is what it takes. */
const RECOVERY_MS = 10_000;
/** A query ends within this time, answered or not: the silence after which a connection is dead, and the way there. Twice what it takes, because the machine may be busy. */
const LONGEST_QUERY_MS = 32_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface Asked {
  at: number;
  ms: number;
  error: unknown;
}

/** Asks all the time, as requests do: reads, transactions, and some that hold a connection for a while. */
function keepAsking(db: Database) {
  const asked: Asked[] = [];
  const open = new Set<Promise<void>>();
  let n = 0;
  const ask = async () => {
    const at = performance.now();
    const kind = n++ % 3;
    const error = await (kind === 0
      ? db.sql`select 1`
      : db.sql.begin((tx) => (kind === 1 ? tx`select 1` : tx`select pg_sleep(0.1)`))
    ).then(
      () => null,
      (reason: unknown) => reason,
    );
    asked.push({ at, ms: performance.now() - at, error });
  };
  const timer = setInterval(() => {
    const one = ask().finally(() => open.delete(one));
    open.add(one);
  }, 40);
  return {
    asked,
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      return asked;
    },
  };
}

async function goAway(
  state: LinkState,
  ms: number,
  during: (proxy: TcpProxy) => Promise<void> = async () => {},
) {
  const proxy = await startProxyOf(database.url);
  const db = openDatabase(through(database.url, proxy), { max: 5, name: `${state} for ${ms} ms` });
  const heard: string[] = [];
  const listener = await db.listen('outage', (payload) => heard.push(payload));
  const asking = keepAsking(db);
  await sleep(1_000);
  await proxy.set(state);
  const gone = performance.now();
  await Promise.all([sleep(ms), during(proxy)]);
  await proxy.set('up');
  const back = performance.now();
  await sleep(RECOVERY_MS);
  const missing = `after ${state}`;
  for (let tries = 0; tries < 50 && !heard.includes(missing); tries++) {
    await database.db.sql`select pg_notify('outage', ${missing})`;
    await sleep(20);
  }
  const recovered = performance.now();
  await sleep(500);
  const asked = await asking.stop();
  await listener.stop();
  await db.close();
  await proxy.stop();
  return { asked, gone, back, recovered, heard: heard.includes(missing) };
}

describe.concurrent('a pool whose server is away while work arrives', () => {
  test.each<[LinkState, number]>([
    ['refused', 50],
    ['refused', LONG_MS],
    ['lost', 1_000],
    ['black-holed', LONG_MS],
    ['lost', LONG_MS],
  ])('%s for %i ms: work fails as unavailable or waits, and works again within 10 s', async (state, ms) => {
    const { asked, gone, back, recovered, heard } = await goAway(state, ms);
    const before = asked.filter(({ at }) => at < gone - 500);
    expect(before.length).toBeGreaterThan(3);
    expect(before.filter(({ error }) => error)).toEqual([]);
    for (const { error } of asked) if (error) expect(error).toSatisfy(isUnavailable);
    expect(Math.max(...asked.map((one) => one.ms))).toBeLessThan(LONGEST_QUERY_MS);
    if (ms === LONG_MS) expect(asked.filter(({ error }) => error).length).toBeGreaterThan(100);
    const after = asked.filter(({ at }) => at > recovered - 200);
    expect(after.length).toBeGreaterThan(5);
    expect(after.filter(({ error }) => error)).toEqual([]);
    const firstAnswer = Math.min(
      ...asked.filter(({ at, error }) => at > back && !error).map(({ at, ms: took }) => at + took),
    );
    expect(firstAnswer - back).toBeLessThan(RECOVERY_MS);
    expect(heard).toBe(true);
  });

  test('sessions that end one after the other', async () => {
    const { asked, recovered, heard } = await goAway('up', 6_000, async (proxy) => {
      for (let n = 0; n < 60; n++) {
        proxy.reset();
        await sleep(100);
      }
    });
    for (const { error } of asked) if (error) expect(error).toSatisfy(isUnavailable);
    expect(asked.filter(({ at, error }) => at > recovered - 200 && error)).toEqual([]);
    expect(heard).toBe(true);
  });
}, 60_000);
