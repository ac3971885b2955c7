import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../../src/api/app.ts';
import { IntakeBatcher } from '../../../src/app/intake/batcher.ts';
import type { TrackedHits } from '../../../src/app/receipts/tracked-hits.ts';
import { lookUpZone } from '../../../src/app/time-zones.ts';
import { createClickToken, createOpenToken } from '../../../src/content/tracking-token.ts';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { createTrackedHits } from '../../../src/service/create-tracked-hits.ts';
import { type ActivityCalls, createActivityCalls, fakeChannel } from '../../support/activity-calls.ts';
import type { BundleFile } from '../../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { shop } from '../support/shop.ts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const BODY = `---
subject: A tip
---
<html><body><p>Hello</p><a href="https://shop.example/tip?a=1&amp;b=ü">Read</a> <a href="https://shop.example/two">Two</a>
<a href="{{ unsubscribe_url }}">Unsubscribe</a> <a href="{{ preferences_url }}">Choose</a></body></html>`;

let system: TestSystem;
let desk: ActivityCalls;
let hits: TrackedHits;
let app: ReturnType<typeof createApp>;
const channel = fakeChannel(({ deliveryId }) => ({ state: 'sent', providerId: deliveryId }));

const files = (tracking: string): BundleFile[] =>
  shop().map((file) => {
    if (file.path === 'workspace.yaml') return { ...file, text: `${file.text}\ntracking: ${tracking}\n` };
    return file.path === 'content/tip/email.en.liquid' ? { ...file, text: BODY } : file;
  });

beforeAll(async () => {
  system = await startTestSystem({
    worker: false,
    relay: false,
    files: () => files('{ clicks: true, opens: true }'),
  });
  const { db, bundles, compiler, models, fits, journeys, config, metrics, log } = system.service;
  hits = createTrackedHits(system.service, { holdMs: 20, soonestAnswer: 0 });
  const intake = new IntakeBatcher({ db, bundles, secret: config.secret });
  const services = { db, bundles, compiler, models, fits, intake, journeys, config, hits, metrics, log };
  app = createApp({ ...services, evaluate: createEvaluator(), zones: lookUpZone });
  desk = createActivityCalls(system, channel);
});
afterAll(async () => {
  await hits?.close();
  await system?.stop();
});

/** Sends the tip. Returns its mail and the paths of what is tracked in it. */
async function send(userId: string, before: Parameters<TestSystem['accept']> = []) {
  await system.accept(
    { name: 'Customer Identified', type: 'identify', userId, traits: { email: `${userId}@example.com` } },
    { name: 'Consent Changed', userId, properties: { purpose: 'marketing', status: 'granted' } },
    ...before.map((event) => ({ ...event, userId })),
    { name: 'Signed Up', userId },
  );
  const customer = await system.findCustomerId(userId);
  const id = await desk.planDelivery(customer);
  await desk.deliver(customer, id);
  const html = channel.outgoing.find(({ deliveryId }) => deliveryId === id)?.html ?? '';
  const links = [...html.matchAll(/\/r\/[\w.-]+/g)].map(([path]) => path);
  return { customer, id, html, links, image: /\/o\/[\w.-]+\.gif/.exec(html)?.[0] ?? null };
}

const get = (path: string, agent = BROWSER) => request(app).get(path).set('user-agent', agent);

async function listEvents(customer: string) {
  const rows = await system.db.db.sql`
    select name, body -> 'properties' as properties from events
    where customer_id = ${customer} and name ~ '^Delivery (Opened|Clicked)' order by seq`;
  return rows.map(({ name, properties }) => [name, properties.position ?? null, properties.url ?? null]);
}

test('a click is redirected to what the author wrote, and is an event; only links of the shop are tracked', async () => {
  const { customer, id, html, links } = await send('clicks');
  expect(links).toHaveLength(2);
  expect(html.match(/\/(unsubscribe|preferences)\//g)).toHaveLength(2);
  const answer = await get(links[0] as string);
  expect([answer.status, answer.headers.location]).toEqual([302, 'https://shop.example/tip?a=1&b=%C3%BC']);
  expect(answer.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'",
  });
  expect(answer.headers['set-cookie']).toBeUndefined();
  await get(links[0] as string);
  await waitUntil(async () => (await listEvents(customer)).length > 0, 'the click');
  expect(await listEvents(customer)).toEqual([['Delivery Clicked', 0, 'https://shop.example/tip?a=1&b=ü']]);
  const [row] = await system.db.db.sql`select receipts from deliveries where id = ${id}`;
  expect(Object.keys(row?.receipts)).toEqual(['clicked']);
});

test('the image is transparent, and its loading is an open; that of a proxy is an automatic one', async () => {
  const { customer, image } = await send('opens');
  const answer = await get(image as string);
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/gif']);
  expect(answer.headers['cross-origin-resource-policy']).toBe('cross-origin');
  expect(answer.body).toHaveLength(42);
  await get(image as string, 'Mozilla/5.0');
  await waitUntil(async () => (await listEvents(customer)).length > 1, 'the opens');
  expect((await listEvents(customer)).map(([name]) => name).sort()).toEqual([
    'Delivery Opened',
    'Delivery Opened Automatically',
  ]);
});

test('a scanner is redirected like anybody, and counts as automatic', async () => {
  const { customer, links } = await send('scanned');
  const head = await request(app)
    .head(links[1] as string)
    .set('user-agent', BROWSER);
  expect([head.status, head.headers.location]).toEqual([302, 'https://shop.example/two']);
  await get(links[0] as string, 'python-requests/2.32');
  await waitUntil(async () => (await listEvents(customer)).length > 1, 'the clicks');
  expect((await listEvents(customer)).map(([name]) => name)).toEqual(
    Array(2).fill('Delivery Clicked Automatically'),
  );
});

test('no open redirect, and no error for what is no token', async () => {
  const message = { workspace: WORKSPACE, deliveryId: 'dlv_x', expiresAt: Date.now() + DAY };
  const forged = createClickToken(message, { url: 'https://evil.example', position: 0 }, 'another secret');
  for (const token of [forged, 'x', 'a.b.c.d.e', '%00', 'a'.repeat(3_000)]) {
    const answer = await get(`/r/${token}`);
    expect([token.slice(0, 9), answer.status, answer.headers.location]).toEqual([
      token.slice(0, 9),
      404,
      undefined,
    ]);
    expect((await get(`/o/${token}.gif`)).status).toBe(200);
  }
  expect((await request(app).post(`/r/${forged}`)).status).toBe(405);
  expect((await get('/r/')).status).toBe(404);
});

test('an old link leads on and counts nothing; so does one whose message is gone', async () => {
  const { customer, id } = await send('late');
  const { secret } = system.service.config;
  const old = { workspace: WORKSPACE, deliveryId: id, expiresAt: Date.now() - 1 };
  const answer = await get(
    `/r/${createClickToken(old, { url: 'https://shop.example/', position: 0 }, secret)}`,
  );
  expect([answer.status, answer.headers.location]).toEqual([302, 'https://shop.example/']);
  await get(`/o/${createOpenToken(old, secret)}.gif`);
  const gone = { ...old, deliveryId: 'dlv_gone', expiresAt: Date.now() + DAY };
  expect(
    (await get(`/r/${createClickToken(gone, { url: 'https://shop.example/', position: 0 }, secret)}`)).status,
  ).toBe(302);
  await waitUntil(() => Promise.resolve(hits.waiting === 0), 'the hits');
  expect(await listEvents(customer)).toEqual([]);
});

test('nothing is tracked of who wants no personalisation, or has withdrawn profiling', async () => {
  const level = await send('impersonal', [
    { name: 'Preferences Changed', source: 'api', properties: { personalisation: 0 } },
  ]);
  const profiling = await send('unprofiled', [
    { name: 'Consent Changed', properties: { purpose: 'profiling', status: 'withdrawn' } },
  ]);
  for (const { links, image, html } of [level, profiling]) {
    expect([links, image]).toEqual([[], null]);
    expect(html).toContain('href="https://shop.example/tip?a=1&amp;b=ü"');
  }
});

test('a workspace that counts neither sends the mail as it was written', async () => {
  await system.applyFiles(WORKSPACE, files('{ clicks: false }'));
  const { links, image } = await send('uncounted');
  expect([links, image]).toEqual([[], null]);
});
