import { randomBytes } from 'node:crypto';
import getPort from 'get-port';
import { afterAll, expect, inject, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startChildProcess } from '../support/child-process.ts';
import { buildProduct } from '../support/product.ts';
import { createSmallDisk } from '../support/small-disk.ts';
import { startTestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

/** The disk of Postgres becomes full while the roles run, and has space again later. */

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
}, 60_000);

test('a full disk refuses events with 503 storage_full, loses none that was accepted, and needs no restart', async (context) => {
  const disk = await createSmallDisk(80);
  if (disk === null) return context.skip();
  stops.push(() => disk.remove());
  const system = await startTestSystem({
    files: treatEveryCustomer,
    worker: false,
    relay: false,
    tablespace: disk.tablespace,
  });
  stops.push(() => system.stop());
  const { sql } = system.db.db;
  const port = await getPort();
  const roles = await startChildProcess(
    system,
    buildProduct(),
    { PORT: String(port), LOG_LEVEL: 'warn', TEMPORAL_ADDRESS: inject('temporalAddress') },
    ['serve', 'api', 'relay', 'worker'],
  );
  stops.push(() => roles.kill());
  const key = await createKey(system.db.db, {
    workspace: WORKSPACE,
    kind: 'write',
    scopes: [],
    label: 'shop',
  });
  const url = `http://127.0.0.1:${port}`;

  const accepted: string[] = [];
  let sent = 0;
  /** Sends an order of a new customer, with details that do not compress. Returns status and code of the answer. */
  const sendOrder = async (): Promise<[number, string | undefined]> => {
    const userId = `buyer-${sent++}`;
    const response = await fetch(`${url}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        userId,
        messageId: `order of ${userId}`,
        event: 'Order Completed',
        properties: { order_id: `o-${userId}`, total: 10, details: randomBytes(12_000).toString('base64') },
        context: { traits: { email: `${userId}@example.com` } },
      }),
    });
    const body = (await response.json()) as { code?: string };
    if (response.status === 200) accepted.push(userId);
    return [response.status, body.code];
  };
  const confirmationsOf = (userId: string) =>
    system.mailbox.messages().filter(({ to }) => to.includes(`${userId}@example.com`)).length;

  await waitUntil(
    async () => (await fetch(`${url}/healthz`).catch(() => null))?.ok === true,
    'the API',
    60_000,
  );
  expect(await sendOrder()).toEqual([200, undefined]);
  await waitUntil(async () => confirmationsOf('buyer-0') === 1, 'the first confirmation', 30_000);

  await sql`create table filler (bytes bytea)`;
  await sql`alter table filler alter column bytes set storage external`;
  for (const size of [4_000_000, 400_000, 40_000, 8_000]) while (await insertFiller(size));
  async function insertFiller(size: number): Promise<boolean> {
    return sql`insert into filler values (${randomBytes(size)})`.then(
      () => true,
      (error: { code?: string }) => {
        expect(error.code).toBe('53100');
        return false;
      },
    );
  }

  // Pages with room take a few more.
  await waitUntil(async () => (await sendOrder())[0] !== 200, 'an event to be refused', 30_000);
  expect(await sendOrder()).toEqual([503, 'storage_full']);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const beforeSpace = accepted.length;
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect((await sendOrder())[0]).toBe(503);
  expect(accepted).toHaveLength(beforeSpace);
  const remedies = roles.lines.filter((line) => line.includes('"remedy":"the disk of Postgres is full: '));
  expect(remedies.length).toBeGreaterThan(0);

  await sql`drop table filler`;
  await waitUntil(async () => (await sendOrder())[0] === 200, 'events to be accepted again', 30_000);
  await waitUntil(
    async () => accepted.every((userId) => confirmationsOf(userId) > 0),
    'the confirmation of each accepted order',
    60_000,
  );
  expect(accepted.filter((userId) => confirmationsOf(userId) !== 1)).toEqual([]);
  const stored = await sql`
    select value from identities where workspace = ${WORKSPACE} and type = 'user' and value like 'buyer-%'`;
  expect(stored.map(({ value }) => value).sort()).toEqual([...accepted].sort());
}, 240_000);
