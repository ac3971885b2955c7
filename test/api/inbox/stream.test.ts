import { createConnection } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createInboxNotifier } from '../../../db/inbox/notify.ts';
import { createApp } from '../../../src/api/app.ts';
import { createCustomerToken } from '../../../src/api/frame/customer-token.ts';
import { InboxStreams } from '../../../src/api/inbox/inbox-streams.ts';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { SECRET, serve, startApi, type TestApi } from '../support/harness.ts';
import { openStream } from '../support/open-stream.ts';
import { createCustomer, sendToInbox } from './support.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.stop();
});

async function start(limits: ConstructorParameters<typeof InboxStreams>[1] = {}) {
  const { db, deps } = api;
  const services = { ...deps, secret: SECRET } as never;
  const inboxStreams = new InboxStreams({ db, services, log: deps.log }, limits);
  const server = await serve(createApp({ ...deps, inboxStreams }));
  started.push({
    async stop() {
      await inboxStreams.close();
      await server.stop();
    },
  });
  return { url: server.url, streams: inboxStreams };
}

const tokenOf = (id: string, seconds = 60) =>
  createCustomerToken('inbox', { customerId: id, expiresAt: Date.now() + seconds * 1_000 }, SECRET);
const pathOf = (id: string, seconds?: number) =>
  `/v1/customers/me/inbox/stream?token=${tokenOf(id, seconds)}`;

it('brings unread items, then what comes, what is read and what is dismissed', async () => {
  const { url } = await start();
  const id = await createCustomer(api, 'live');
  const first = await sendToInbox(api, id, 'first');
  const stream = await openStream(url + pathOf(id));
  expect(await stream.waitFor(2)).toMatchObject([
    { event: 'item', id: first, data: { title: 'first' } },
    { event: 'unread', data: { unread: 1 } },
  ]);
  const second = await sendToInbox(api, id, 'second');
  createInboxNotifier(api.db)(id);
  expect((await stream.waitFor(4)).slice(2)).toMatchObject([
    { event: 'item', id: second, data: { title: 'second' } },
    { event: 'unread', data: { unread: 2 } },
  ]);
  await api.post(`/v1/customers/${id}/inbox/${first}/read`);
  expect((await stream.waitFor(6)).slice(4)).toMatchObject([
    { event: 'read', data: { id: first } },
    { event: 'unread', data: { unread: 1 } },
  ]);
  await api.post(`/v1/customers/${id}/inbox/${second}/dismiss`);
  expect((await stream.waitFor(8)).slice(6)).toMatchObject([
    { event: 'removed', data: { id: second } },
    { event: 'unread', data: { unread: 0 } },
  ]);
  stream.close();
});

it('goes on after Last-Event-ID, and hides marketing once a ticket is open', async () => {
  const { url } = await start({ beatMs: 50 });
  const id = await createCustomer(api, 'resumes');
  const first = await sendToInbox(api, id, 'first');
  const second = await sendToInbox(api, id, 'second');
  const stream = await openStream(url + pathOf(id), { 'Last-Event-ID': first });
  expect(await stream.waitFor(2)).toMatchObject([
    { event: 'item', id: second },
    { event: 'unread', data: { unread: 2 } },
  ]);
  await api.track('resumes', 'Ticket Opened', { ticket_id: 'T1' });
  const hidden = (await stream.waitFor(5)).slice(2);
  expect(hidden.map(({ event }) => event)).toEqual(['removed', 'removed', 'unread']);
  expect(stream.beats()).toBeGreaterThan(0);
  stream.close();
});

it('ends with the token, after its longest time, and when the process stops', async () => {
  const { url, streams } = await start({ beatMs: 20, longestMs: 200 });
  const id = await createCustomer(api, 'ending');
  const stream = await openStream(url + pathOf(id));
  await stream.ended;
  expect((await openStream(url + pathOf(id, -1))).status).toBe(401);
  const other = await openStream(url + pathOf(id));
  await streams.close();
  await other.ended;
  expect((await openStream(url + pathOf(id))).status).toBe(503);
});

it('ends when its key is revoked', async () => {
  const { url } = await start({ checkMs: 20 });
  const id = await createCustomer(api, 'revoked');
  const key = await createKey(api.db, { workspace: 'aroma', kind: 'api', scopes: ['read'], label: 'desk' });
  const stream = await openStream(`${url}/v1/customers/${id}/inbox/stream`, {
    Authorization: `Bearer ${key}`,
  });
  await stream.waitFor(1);
  await api.db.sql`update keys set revoked_at = clock_timestamp() where label = 'desk'`;
  await stream.ended;
});

it('is refused beyond its limits, and those that close make room', async () => {
  const { url, streams } = await start({ perCustomer: 2, streams: 3 });
  const [one, two] = [await createCustomer(api, 'many-1'), await createCustomer(api, 'many-2')];
  const open = (id: string) => openStream(url + pathOf(id));
  const opened = [await open(one), await open(one)];
  expect((await open(one)).status).toBe(429);
  opened.push(await open(two));
  expect((await open(two)).status).toBe(429);
  for (const stream of opened) stream.close();
  for (let tries = 0; streams.size > 0 && tries < 1_000; tries++) await new Promise((r) => setTimeout(r, 20));
  expect(streams.size).toBe(0);
  const again = await open(one);
  expect(again.status).toBe(200);
  again.close();
});

it('cuts off a client that does not read', async () => {
  const { url, streams } = await start({ beatMs: 30 });
  const id = await createCustomer(api, 'deaf');
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  socket.write(`GET ${pathOf(id)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  socket.pause();
  for (let tries = 0; streams.size === 0 && tries < 1_000; tries++)
    await new Promise((r) => setTimeout(r, 20));
  expect(streams.size).toBe(1);
  // Far more than the buffers of the system on both sides.
  for (let n = 0; n < 60 && streams.size > 0; n++) {
    const ids = await Promise.all(
      Array.from({ length: 20 }, () => sendToInbox(api, id, 'x'.repeat(200), { keepMs: 86_400_000 })),
    );
    await api.db.sql`update inbox_items set body = repeat('y', 20000) where delivery_id = any(${ids})`;
    createInboxNotifier(api.db)(id);
    await new Promise((r) => setTimeout(r, 60));
    await api.db.sql`update inbox_items set dismissed_at = clock_timestamp() where delivery_id = any(${ids})`;
  }
  expect(streams.size).toBe(0);
  socket.destroy();
});
