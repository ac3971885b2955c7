import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Sql } from '../../../db/client.ts';
import { saveReceipts } from '../../../db/deliveries/receipts.ts';
import { createApp } from '../../../src/api/app.ts';
import { ChangeStreams } from '../../../src/api/streams/change-streams.ts';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { OTHER, serve, startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { openStream } from '../support/open-stream.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.stop();
});

/** A process of the API. */
async function start(options: ConstructorParameters<typeof ChangeStreams>[1] = {}, db = api.db) {
  const streams = new ChangeStreams({ db, log: api.deps.log }, { lookMs: 30, ...options });
  const server = await serve(createApp({ ...api.deps, changeStreams: streams }));
  started.push({
    async stop() {
      streams.close();
      await server.stop();
    },
  });
  const open = (path: string, key = api.keys.api) =>
    openStream(server.url + path, { Authorization: `Bearer ${key}` });
  return { streams, open };
}

async function createCustomer(userId: string): Promise<string> {
  await api.track(userId, 'Signed Up');
  await api.decide();
  return api.customerOf(userId);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the stream of a customer', () => {
  it('says hello, and then that an event came and that it was decided', async () => {
    const { open } = await start();
    const id = await createCustomer('live');
    const stream = await open('/v1/customers/user:live/stream');
    expect(await stream.waitFor(1)).toMatchObject([{ event: 'hello', data: { customer: id, seq: 1 } }]);
    await api.track('live', 'Order Completed', { order_id: 'o-1', total: 5 });
    const [hello, changed] = await stream.waitFor(2);
    expect(changed).toEqual({
      event: 'changed',
      data: { customer: id, seq: 2, ordinal: hello?.data.ordinal },
    });
    await api.decide();
    await stream.waitFor(3);
    expect(stream.events.at(-1)?.data.ordinal).toBeGreaterThan(hello?.data.ordinal as number);
    await pause(100);
    const { length } = stream.events;
    await createCustomer('somebody else');
    await pause(100);
    expect(stream.events).toHaveLength(length);
    stream.close();
  });

  it('says that a delivery of the customer has changed, though the journey stands still', async () => {
    const { open } = await start();
    const [own, other] = [await createCustomer('delivered'), await createCustomer('not-delivered')];
    const insert = (id: string, customer: string) => api.db.sql`
      insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel,
        bundle_version, state, at, not_after, entry)
      values (${id}, ${customer}, ${WORKSPACE}, 'd', 'e', 'tip', 'marketing', 'email', 1, 'planned', 0, 0, '{}')`;
    const stream = await open(`/v1/customers/${own}/stream`);
    await stream.waitFor(1);
    await insert('dlv_of_other', other);
    await insert('dlv_of_own', own);
    await stream.waitFor(2);
    await api.db.sql`
      update deliveries set error = 'refused', updated_at = clock_timestamp() where id = 'dlv_of_own'`;
    await stream.waitFor(3);
    expect(stream.events.map(({ event, data }) => [event, data.customer])).toEqual([
      ['hello', own],
      ['changed', own],
      ['changed', own],
    ]);
    stream.close();
  });

  it('goes on with the customer that it was merged into', async () => {
    const { open } = await start();
    const [from, into] = [await createCustomer('merged-away'), await createCustomer('merged-into')];
    const stream = await open(`/v1/customers/${from}/stream`);
    await stream.waitFor(1);
    const body = { into, actor: 'ops', reason: 'the same person' };
    const { status } = await api.whileDeciding(() => api.post(`/v1/customers/${from}/merge`, body));
    expect(status).toBe(200);
    await stream.waitFor(3);
    expect(stream.events.slice(1, 3)).toMatchObject([
      { event: 'merged', data: { customer: from, into } },
      { event: 'changed', data: { customer: into } },
    ]);
    await api.track('merged-into', 'Signed Up');
    await stream.waitFor(4);
    expect(stream.events.at(-1)?.data.customer).toBe(into);
    stream.close();
  });

  it('ends when the customer is erased, and is not opened again', async () => {
    const { open } = await start();
    const id = await createCustomer('erased');
    const stream = await open(`/v1/customers/${id}/stream`);
    await stream.waitFor(1);
    await api.db.sql`update customers set erased_at = clock_timestamp() where id = ${id}`;
    await stream.ended;
    expect(stream.events.at(-1)).toMatchObject({ event: 'erased', data: { customer: id } });
    expect((await open(`/v1/customers/${id}/stream`)).status).toBe(410);
    expect((await open('/v1/customers/user:nobody/stream')).status).toBe(404);
    expect((await open('/v1/customers/user:%00/stream')).status).toBe(400);
    expect(
      (await open(`/v1/customers/${await createCustomer('own')}/stream`, api.keys.otherApi)).status,
    ).toBe(404);
  });
});

describe('the stream of a workspace', () => {
  it('names the topic that has changed', async () => {
    const { open } = await start();
    const all = await open('/v1/stream');
    const tasks = await open('/v1/stream?topics=tasks');
    expect((await all.waitFor(1))[0]).toEqual({
      event: 'hello',
      data: { topics: ['events', 'tasks', 'rejected', 'deliveries'] },
    });
    await tasks.waitFor(1);
    const next = async () => (await all.waitFor(all.events.length + 1)).at(-1)?.data.topic;
    await api.track('topics', 'Signed Up');
    expect(await next()).toBe('events');
    await api.batch({ type: 'track', event: 'Signed Up' });
    expect(await next()).toBe('rejected');
    await api.db.sql`
      insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel,
        claimed_at, bundle_version, state, at, not_after, entry)
      values ('dlv_1', 'cus_1', ${WORKSPACE}, 'dec_1', 'enr_1', 'tip', 'marketing', 'email', now(), 1, 'sending', 0, 0, '{}')`;
    expect(await next()).toBe('deliveries');
    await api.db.sql`update deliveries set state = 'sent', updated_at = clock_timestamp() where id = 'dlv_1'`;
    expect(await next()).toBe('deliveries');
    await api.db.sql`
      insert into agent_tasks (id, customer_id, workspace, decision_id, enrollment_id, action, class, bundle_version,
        state, queue, at, acknowledge_by, resolve_by, definition, reasons)
      values ('tsk_1', 'cus_1', ${WORKSPACE}, 'dec_1', 'enr_1', 'call', 'service', 1, 'open', 'sales', 0, 0, 0, '{}', '[]')`;
    expect(await next()).toBe('tasks');
    await api.db
      .sql`update agent_tasks set state = 'acknowledged', updated_at = clock_timestamp() where id = 'tsk_1'`;
    expect(await next()).toBe('tasks');
    expect(tasks.events.map(({ event, data }) => [event, data.topic])).toEqual([
      ['hello', undefined],
      ['changed', 'tasks'],
      ['changed', 'tasks'],
    ]);
    all.close();
    tasks.close();
  });

  it('sees a change of an old record, and one that committed after newer ones', async () => {
    const { sql } = api.db;
    await sql`
      insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel,
        claimed_at, updated_at, bundle_version, state, at, not_after, entry)
      select 'dlv_old_' || n, 'cus_old', ${WORKSPACE}, 'd', 'e', 'tip', 'marketing', 'email', t, t, 1, 'sent', 0, 0, '{}'
      from generate_series(1, 300) n, lateral (select clock_timestamp() - n * interval '1 hour' as t) at`;
    await sql`
      insert into agent_tasks (id, customer_id, workspace, decision_id, enrollment_id, action, class, bundle_version,
        state, queue, at, acknowledge_by, resolve_by, definition, reasons, updated_at)
      select 'tsk_old_' || n, 'cus_old', ${WORKSPACE}, 'd', 'e', 'call', 'service', 1, 'open', 'sales', 0, 0, 0, '{}', '[]',
        clock_timestamp() - n * interval '1 hour' from generate_series(1, 300) n`;
    const { open } = await start();
    const stream = await open('/v1/stream?topics=deliveries,tasks');
    await stream.waitFor(1);
    const next = async () => (await stream.waitFor(stream.events.length + 1)).at(-1)?.data.topic;
    await saveReceipts(sql, 'dlv_old_250', {
      receipts: { opened: 1 },
      providerId: null,
      isSent: false,
      sentBefore: 0,
    });
    expect(await next()).toBe('deliveries');
    await sql`update agent_tasks set state = 'resolved', updated_at = clock_timestamp() where id = 'tsk_old_250'`;
    expect(await next()).toBe('tasks');
    // It takes its time first, and commits last.
    let commit = () => {};
    let wrote = () => {};
    const written = new Promise<void>((resolve) => {
      wrote = resolve;
    });
    const late = sql.begin(async (tx) => {
      await tx`update deliveries set error = 'late', updated_at = clock_timestamp() where id = 'dlv_old_200'`;
      wrote();
      await new Promise<void>((resolve) => {
        commit = resolve;
      });
    });
    await written;
    await sql`update deliveries set updated_at = clock_timestamp() where id < 'dlv_old_2' and id like 'dlv_old_%'`;
    expect(await next()).toBe('deliveries');
    commit();
    await late;
    expect(await next()).toBe('deliveries');
    stream.close();
  });

  it('says nothing about other workspaces', async () => {
    const { open } = await start();
    const [own, other] = [await open('/v1/stream'), await open('/v1/stream', api.keys.otherApi)];
    await own.waitFor(1);
    await other.waitFor(1);
    await api.track('mine', 'Signed Up');
    await own.waitFor(2);
    await pause(100);
    expect([own.events.length, other.events.length]).toEqual([2, 1]);
    own.close();
    other.close();
  });

  it('is refused without the right to read, and for a topic that there is not', async () => {
    const { open } = await start();
    const act = await createKey(api.db, {
      workspace: OTHER,
      kind: 'api',
      scopes: ['act'],
      label: 'no reader',
    });
    const statuses = [];
    for (const [path, key] of [
      ['/v1/stream', 'nonsense'],
      ['/v1/stream', act],
      ['/v1/stream', api.keys.write],
      ['/v1/stream?topics=events,weather', api.keys.api],
      ['/v1/stream?topics=', api.keys.api],
    ] as const)
      statuses.push((await open(path, key)).status);
    expect(statuses).toEqual([401, 403, 403, 400, 400]);
  });
});

describe('streams of changes', () => {
  it('look with one statement for all of them, and with none while none is open', async () => {
    let statements = 0;
    const sql = Object.assign((...args: Parameters<Sql>) => {
      const query = api.db.sql(...args);
      const run = query.then.bind(query);
      // A part of a statement is not awaited.
      return Object.assign(query, {
        // biome-ignore lint/suspicious/noThenProperty: a query is thenable, and runs when it is awaited
        then(...handlers: Parameters<typeof run>) {
          statements++;
          return run(...handlers);
        },
      });
    }, api.db.sql) as Sql;
    const { streams, open } = await start({ lookMs: 100, checkMs: 60_000 }, { ...api.db, sql });
    const ids = await Promise.all(Array.from({ length: 20 }, () => createCustomer(`many-${randomUUID()}`)));
    await pause(250);
    expect(statements).toBe(0);
    const opened = await Promise.all([
      ...ids.map((id) => open(`/v1/customers/${id}/stream`)),
      ...ids.map(() => open('/v1/stream')),
    ]);
    await Promise.all(opened.map((stream) => stream.waitFor(1)));
    statements = 0;
    const since = performance.now();
    while (statements < 5) await pause(20);
    expect(statements).toBeLessThanOrEqual((performance.now() - since) / 100 + 2);
    for (const stream of opened) stream.close();
    for (let tries = 0; streams.size > 0 && tries < 1_000; tries++) await pause(20);
    await pause(150);
    statements = 0;
    await pause(250);
    expect(statements).toBe(0);
  });

  it('reach the clients of every process, also after their connections to Postgres were killed', async () => {
    const own = openDatabase(api.databaseUrl, { max: 2, name: 'killed' });
    started.push({ stop: () => own.close() });
    const processes = [await start(), await start({}, own)];
    const id = await createCustomer('everywhere');
    const opened = await Promise.all(
      processes.flatMap(({ open }) => [open(`/v1/customers/${id}/stream`), open('/v1/stream?topics=events')]),
    );
    await Promise.all(opened.map((stream) => stream.waitFor(1)));
    await api.track('everywhere', 'Signed Up');
    await Promise.all(opened.map((stream) => stream.waitFor(2)));
    await api.db
      .sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'killed'`;
    await api.track('everywhere', 'Signed Up');
    for (const stream of opened) {
      await stream.waitFor(3);
      expect(stream.events.map(({ event }) => event)).toEqual(['hello', 'changed', 'changed']);
      stream.close();
    }
  });

  it('end when their key is revoked, after their longest time, and when the process stops', async () => {
    const { open } = await start({ checkMs: 20 });
    const key = await createKey(api.db, {
      workspace: WORKSPACE,
      kind: 'api',
      scopes: ['read'],
      label: 'page',
    });
    const stream = await open('/v1/stream', key);
    await stream.waitFor(1);
    await api.db.sql`update keys set revoked_at = clock_timestamp() where label = 'page'`;
    await stream.ended;
    const brief = await start({ beatMs: 20, longestMs: 100 });
    await (await brief.open('/v1/stream')).ended;
    const last = await start();
    const open2 = await last.open('/v1/stream');
    last.streams.close();
    await open2.ended;
    expect((await last.open('/v1/stream')).status).toBe(503);
  });

  it('are refused beyond their number, and those that close make room', async () => {
    const { streams, open } = await start({ streams: 2 });
    const opened = [await open('/v1/stream'), await open('/v1/stream')];
    expect((await open('/v1/stream')).status).toBe(429);
    for (const stream of opened) stream.close();
    for (let tries = 0; streams.size > 0 && tries < 1_000; tries++) await pause(20);
    const again = await open('/v1/stream');
    expect(again.status).toBe(200);
    again.close();
  });
});
