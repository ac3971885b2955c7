import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, isUnavailable, openDatabase, type Tx } from '../../../db/client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startProxyOf, type TcpProxy, through } from '../../support/tcp-proxy.ts';

/** What a connection does that ends at the worst moment. No case may leave an unhandled rejection or exception. */
let database: TestDatabase;
let proxy: TcpProxy;
let db: Database;
const uncaught: unknown[] = [];
const note = (error: unknown) => uncaught.push(error);

beforeAll(async () => {
  database = await createTestDatabase({ max: 2 });
  await database.db.sql`create table notes (note text)`;
  process.on('uncaughtException', note).on('unhandledRejection', note);
});
afterAll(async () => {
  process.off('uncaughtException', note).off('unhandledRejection', note);
  await database.drop();
});
beforeEach(async () => {
  proxy = await startProxyOf(database.url);
  db = openDatabase(through(database.url, proxy), { max: 3, name: 'through a proxy' });
  await database.db.sql`delete from notes`;
});
afterEach(async () => {
  await db.close();
  await proxy.stop();
  await sleep(20);
  expect(uncaught.splice(0)).toEqual([]);
});

const notes = async () =>
  (await database.db.sql`select note from notes order by note`).map(({ note }) => note);
const add = (tx: Tx, note: string) => tx`insert into notes values (${note})`;
const works = async () => (await db.sql`select 1 as one`)[0]?.one === 1;

test('postgres.js alone throws a TypeError that nobody can catch (the reason for this folder)', async () => {
  const sql = postgres(through(database.url, proxy), { max: 1, onnotice: () => {} });
  const ended = sql.begin(async (tx) => {
    await tx`select 1`;
    proxy.reset();
    await sleep(50);
    await tx`select 2`;
  });
  await expect(ended).rejects.toThrow();
  await expect
    .poll(() => uncaught.map(String))
    .toContainEqual(expect.stringContaining("Cannot read properties of null (reading 'write')"));
  await sql.end({ timeout: 0 });
  await sleep(100);
  uncaught.splice(0);
});

describe('a transaction whose connection ends', () => {
  test('rejects while it waits for an answer, and the next one works', async () => {
    const lost = db.sql.begin(async (tx) => {
      await add(tx, 'a');
      await tx`select pg_sleep(5)`;
    });
    await sleep(200);
    proxy.reset();
    await expect(lost).rejects.toSatisfy(isUnavailable);
    await db.sql.begin((tx) => add(tx, 'b'));
    expect(await notes()).toEqual(['b']);
  });

  test('rejects between two of its statements, without waiting for the second', async () => {
    let second: unknown;
    const lost = db.sql.begin(async (tx) => {
      await add(tx, 'a');
      proxy.reset();
      await sleep(200);
      second = await add(tx, 'b').catch((error) => error);
    });
    await expect(lost).rejects.toSatisfy(isUnavailable);
    await sleep(250);
    expect(second).toSatisfy(isUnavailable);
    expect(await notes()).toEqual([]);
  });

  test('never reaches a connection that others use meanwhile', async () => {
    db = openDatabase(through(database.url, proxy), { max: 1, name: 'one connection' });
    const late: Promise<unknown>[] = [];
    const lost = db.sql.begin(async (tx) => {
      await add(tx, 'before');
      proxy.reset();
      await sleep(300);
      // The work goes on although its transaction is lost, while the next transaction has the only connection.
      late.push(add(tx, 'late').catch((error) => error));
      await late[0];
      throw new Error('rolls back');
    });
    await expect(lost).rejects.toSatisfy(isUnavailable);
    await db.sql.begin(async (tx) => {
      await add(tx, 'next, first');
      await sleep(500);
      await add(tx, 'next, second');
    });
    expect(late).toHaveLength(1);
    expect(await notes()).toEqual(['next, first', 'next, second']);
  });

  test('rejects when the server ends the session', async () => {
    const lost = db.sql.begin(async (tx) => {
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await add(tx, 'a');
      await database.db.sql`select pg_terminate_backend(${row?.pid ?? 0})`;
      await add(tx, 'b');
    });
    await expect(lost).rejects.toSatisfy(isUnavailable);
    expect([await works(), await notes()]).toEqual([true, []]);
  });

  test('fails a cursor at its next page instead of ending it', async () => {
    const seen: number[] = [];
    const lost = db.sql.begin(async (tx) => {
      for await (const rows of tx<{ n: number }[]>`select generate_series(1, 10) as n`.cursor(2)) {
        seen.push(...rows.map(({ n }) => n));
        if (seen.length === 2) {
          proxy.reset();
          await sleep(100);
        }
      }
      return 'complete';
    });
    await expect(lost).rejects.toSatisfy(isUnavailable);
    await sleep(150);
    expect(seen).toEqual([1, 2]);
  });

  test('many at once: everything rejects, nothing is half written, and all is well afterwards', async () => {
    const rounds = 20;
    let rejected = 0;
    for (let round = 0; round < rounds; round++) {
      const work = Array.from({ length: 12 }, (_, n) =>
        n % 3 === 0
          ? works()
          : db.sql.begin(async (tx) => {
              await add(tx, `${round}/${n}`);
              await Promise.all([add(tx, `${round}/${n}`), tx`select pg_sleep(${Math.random() / 50})`]);
            }),
      );
      setTimeout(() => proxy.reset(), Math.random() * 30);
      const settled = await Promise.allSettled(work);
      for (const result of settled) {
        if (result.status === 'fulfilled') continue;
        expect(result.reason).toSatisfy(isUnavailable);
        rejected++;
      }
    }
    expect(rejected).toBeGreaterThan(0);
    expect(await works()).toBe(true);
    const halves = await database.db.sql`select note from notes group by note having count(*) <> 2`;
    expect(halves).toEqual([]);
  }, 30_000);
});

describe('a transaction that fails by itself', () => {
  test('rolls back if a query failed, although the failure was caught', async () => {
    const failed = db.sql.begin(async (tx) => {
      await add(tx, 'a');
      await tx`select 1/0`.catch(() => {});
      return 'done';
    });
    await expect(failed).rejects.toMatchObject({ code: '22012' });
    expect(await notes()).toEqual([]);
  });

  test('changes nothing after its end by work that still runs', async () => {
    let late: unknown;
    const failed = db.sql.begin((tx) =>
      Promise.all([
        tx`select 1/0`,
        sleep(100).then(() =>
          add(tx, 'late').catch((error) => {
            late = error;
          }),
        ),
      ]),
    );
    await expect(failed).rejects.toMatchObject({ code: '22012' });
    await sleep(200);
    expect(late).toMatchObject({ message: expect.stringContaining('the transaction has ended') });
    expect(await notes()).toEqual([]);
  });

  test('rejects if a query failed that nobody awaited', async () => {
    const failed = db.sql.begin(async (tx) => {
      await add(tx, 'a');
      tx`select 1/0`.execute();
      await sleep(0);
    });
    await expect(failed).rejects.toMatchObject({ code: '22012' });
    expect([await works(), await notes()]).toEqual([true, []]);
  });
});

describe('a query outside of a transaction', () => {
  test('rejects when its connection ends, whatever the moment, and is never answered empty', async () => {
    await works();
    for (let round = 0; round < 40; round++) {
      const [first] = await Promise.allSettled([
        db.sql`select 7 as seven`,
        // A second query may be given the same connection between its error and its end.
        new Promise((resolve) => setImmediate(() => resolve(proxy.reset()))),
        sleep(Math.random() * 3).then(() => db.sql`select 8 as eight`.catch(() => {})),
      ]);
      if (first.status === 'fulfilled') expect(first.value).toMatchObject([{ seven: 7 }]);
      else expect(first.reason).toSatisfy(isUnavailable);
    }
    expect(await works()).toBe(true);
  });

  test('takes no cursor', async () => {
    const pages = db.sql`select 1`.cursor(1)[Symbol.asyncIterator]();
    await expect(pages.next()).rejects.toThrow('a cursor needs a transaction');
  });
});

test('connections that end while they are made harm nobody', async () => {
  for (let round = 0; round < 30; round++) {
    const [result] = await Promise.allSettled([works(), sleep(Math.random() * 12).then(() => proxy.reset())]);
    if (result.status === 'rejected') expect(result.reason).toSatisfy(isUnavailable);
    proxy.reset();
  }
  await sleep(50);
  expect(await works()).toBe(true);
});

test('the server’s refusal to log in is passed on, and tried again', async () => {
  const wrong = new URL(database.url);
  wrong.pathname = '/no_such_database';
  const other = openDatabase(wrong.href);
  await expect(other.sql`select 1`).rejects.toMatchObject({ code: '3D000' });
  await expect(other.sql`select 1`).rejects.toMatchObject({ code: '3D000' });
  await other.close();
});

test('closing waits for work that is under way and refuses more', async () => {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const slow = db.sql.begin(async (tx) => {
    await add(tx, 'a');
    begin();
    await sleep(200);
    await add(tx, 'b');
  });
  await begun;
  await db.close();
  await slow;
  expect(await notes()).toEqual(['a', 'b']);
  await expect(db.sql`select 1`).rejects.toMatchObject({ code: 'CONNECTION_ENDED' });
});

test('an error says where its query stands in the code', async () => {
  const byPool = await readMissing(db.sql).catch((error: Error) => error.stack);
  const inTransaction = await db.sql.begin(readMissing).catch((error: Error) => error.stack);
  for (const stack of [byPool, inTransaction]) {
    expect(stack).toContain('relation "missing" does not exist');
    expect(stack).toMatch(/readMissing .*lost-connection\.test\.ts/);
  }
});

async function readMissing(tx: Tx) {
  await tx`select * from missing`;
}
