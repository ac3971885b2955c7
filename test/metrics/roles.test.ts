import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { activateBundle } from '../../src/app/config/activate-bundle.ts';
import { createOpenToken } from '../../src/content/tracking-token.ts';
import { type Mailbox, startMailbox } from '../../src/dev/mailbox/start.ts';
import { findFreePort } from '../../src/dev/ports.ts';
import { CATALOGUE } from '../../src/metrics/catalogue.ts';
import { type Declaration, ROLES, type Role } from '../../src/metrics/declaration.ts';
import { NODE_METRICS, SDK_METRICS } from '../../src/metrics/foreign-metrics.ts';
import { readBundleDir, treatEveryCustomer } from '../support/bundles.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { inlineCompiler } from '../support/inline-compiler.ts';
import { AROMA, ROOT } from '../support/paths.ts';
import { type ChildProcessHandle, spawnChild } from '../support/spawn-child.ts';
import { waitUntil } from '../support/wait-until.ts';
import { metricOf, parseScrape, type Scrape } from './scrape.ts';

const WORKSPACE = 'aroma';
const PLACEMENT = 'web-home';
const SECRET = 'a secret for the tests only';
let database: TestDatabase;
let mailbox: Mailbox;
let url: string;
const ports = new Map<Role, number>();
const roles = new Map<Role, ChildProcessHandle>();
const scrapes = new Map<Role, Scrape>();

async function scrape(role: Role): Promise<Scrape> {
  const answer = await fetch(`http://127.0.0.1:${ports.get(role)}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parseScrape(await answer.text());
}

/** The sum of a metric's series that have these labels. */
async function total(role: Role, name: string, labels: Record<string, string> = {}): Promise<number> {
  const { samples } = await scrape(role);
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

async function call(route: string, key: string, body?: object): Promise<number> {
  const { status } = await fetch(url + route, {
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  });
  return status;
}

beforeAll(async () => {
  database = await createTestDatabase();
  mailbox = await startMailbox();
  const { db } = database;
  const sources = { path: 'sources.yaml', text: '- { id: crm, kind: standard-webhooks }' };
  const files = [...treatEveryCustomer(await readBundleDir(AROMA)), sources];
  await activateBundle({ db, compiler: inlineCompiler }, WORKSPACE, files);
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
  for (const role of ROLES) {
    const healthPort = await findFreePort();
    ports.set(role, healthPort);
    const env = {
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TASK_QUEUE: `test-${database.url.slice(-12)}`,
      THROUGHLINE_SECRET: SECRET,
      SMTP_URL: mailbox.smtpUrl,
      SOURCES: JSON.stringify({ crm: { workspace: WORKSPACE, secrets: ['a secret of the crm'] } }),
      PORT: `${port}`,
      HEALTH_PORT: `${healthPort}`,
      LOG_LEVEL: 'silent',
    };
    roles.set(role, spawnChild(path.join(ROOT, 'src/cli/main.ts'), env, ['serve', role]));
  }
  for (const role of ROLES) {
    const isReady = () =>
      fetch(`http://127.0.0.1:${ports.get(role)}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await waitUntil(isReady, `${role} to be ready`, 60_000);
  }
  await causeEverything();
  for (const role of ROLES) scrapes.set(role, await scrape(role));
}, 240_000);

afterAll(async () => {
  await Promise.all([...roles.values()].map((role) => role.terminate()));
  await mailbox.stop();
  await database.drop();
});

/** Makes the roles do what the metrics count. */
async function causeEverything(): Promise<void> {
  const { sql } = database.db;
  const write = await createKey(database.db, {
    workspace: WORKSPACE,
    kind: 'write',
    scopes: [],
    label: 'shop',
  });
  const api = await createKey(database.db, {
    workspace: WORKSPACE,
    kind: 'api',
    scopes: ['read', 'decide'],
    label: 'support',
  });
  const messageId = randomBytes(8).toString('hex');
  const order = {
    type: 'track',
    messageId,
    userId: 'helen-canary',
    event: 'Order Completed',
    properties: { order_id: 'o-1', total: 412, products: [{ product_id: 'espresso-machine' }] },
    context: { traits: { email: 'helen-canary@example.com' } },
  };
  const failure = {
    type: 'track',
    userId: 'helen-canary',
    event: 'Payment Failed',
    properties: { order_id: 'o-2', value: 412, code: 'card_declined' },
  };
  expect(await call('/v1/batch', write, { batch: [order, { type: 'track', event: 'nobody' }] })).toBe(200);
  expect(await call('/v1/batch', write, { batch: [order, failure] })).toBe(200);
  expect(await call('/v1/track/', write, { userId: 'helen-canary', event: 'Product Viewed' })).toBe(200);
  const decision = { customer: 'user:helen-canary', placement: PLACEMENT };
  expect(await call('/v1/decisions', api, decision)).toBe(200);
  expect(await call('/v1/decisions', api, { placement: PLACEMENT })).toBe(200);
  expect(await call('/v1/customers/user:helen-canary', api)).toBe(200);
  expect(await call('/v1/customers/user:nobody-canary', api)).toBe(404);
  expect(await call('/canary', api)).toBe(404);
  expect(await call('/v1/sources/crm', api, {})).toBe(401);
  const credentials = { login: 'nobody-canary', password: 'not the password' };
  expect(await call('/v1/session', api, credentials)).toBe(401);
  await waitUntil(
    async () => (await total('worker', 'throughline_channel_sends_total', { result: 'sent' })) > 0,
    'a message to be sent',
  );
  const message = { workspace: WORKSPACE, deliveryId: 'dlv_gone', expiresAt: Date.now() + 60_000 };
  await fetch(`${url}/o/${createOpenToken(message, SECRET)}.gif`);
  await waitUntil(async () => (await total('api', 'throughline_receipts_total')) > 0, 'a receipt');
  // What no healthy system shows: a parked customer, a repair, and a delivery that nobody begins.
  await sql`update journeys set state = jsonb_set(state, '{poison}', '{"reason": "r"}')`;
  await sql`update reconciliations set repaired = '{"missing": 2}' where kind = 'journeys'`;
  await sql`
    insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel,
      bundle_version, state, at, not_after, entry)
    select 'dlv_1', id, workspace, 'dec_1', 'enr_1', 'tip', 'marketing', 'carrier_pigeon', 1, 'planned', 0, 0, '{}'
    from customers limit 1`;
  const BACKLOG = [
    'throughline_customers_parked',
    'throughline_tasks',
    'throughline_deliveries_due',
    'throughline_reconciliation_repairs_total',
  ];
  for (const name of BACKLOG)
    await waitUntil(async () => (await total('relay', name)) > 0, `the relay to read ${name}`, 40_000);
  const runs = () => total('worker', 'throughline_job_pages_total', { kind: 'learn', outcome: 'done' });
  await waitUntil(async () => (await runs()) > 0, 'the job that runs each minute', 100_000);
}

const DECLARED = Object.entries<Declaration>(CATALOGUE);

/** `name{label,label}: kind`, for comparisons. */
function describeMetric(name: string, kind: string | undefined, labels: readonly string[]): string {
  return `${name}{${[...labels].sort()}}: ${kind}`;
}

test.each(ROLES)('%s exports what is declared for it, with these labels, and nothing else', (role) => {
  const scraped = scrapes.get(role) as Scrape;
  const declared = new Map(DECLARED.filter(([, { roles = ROLES }]) => roles.includes(role)));
  const ours = [...scraped.types.keys()].filter((name) => name.startsWith('throughline_'));
  expect(ours.sort()).toEqual([...declared.keys()].sort());
  const series = scraped.samples
    .filter(({ name }) => name.startsWith('throughline_'))
    .map((sample) => {
      const name = metricOf(scraped, sample);
      const labels = Object.keys(sample.labels).filter((label) => label !== 'le');
      return describeMetric(name, scraped.types.get(name), labels);
    });
  const expected = [...declared].map(([name, { kind, labels = [] }]) => describeMetric(name, kind, labels));
  expect(expected).toEqual(expect.arrayContaining([...new Set(series)]));
});

test('every declared metric has a series in some role', () => {
  const names = [...scrapes.values()].flatMap((scraped) =>
    scraped.samples.map((sample) => metricOf(scraped, sample)),
  );
  expect(DECLARED.map(([name]) => name).filter((name) => !names.includes(name))).toEqual([]);
});

test('what the documentation names of Node and of the SDK is there, with these labels', () => {
  const worker = scrapes.get('worker') as Scrape;
  for (const [name, { kind, labels }] of Object.entries({ ...NODE_METRICS, ...SDK_METRICS })) {
    expect([name, worker.types.get(name)]).toEqual([name, kind]);
    const samples = worker.samples.filter((sample) => metricOf(worker, sample) === name);
    const found = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
    found.delete('le');
    expect([name, ...[...found].sort()]).toEqual([name, ...[...labels].sort()]);
  }
  const api = scrapes.get('api') as Scrape;
  expect([...api.types.keys()]).toEqual(expect.arrayContaining(Object.keys(NODE_METRICS)));
});

test('the public port serves no metrics', async () => {
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
});

test('the numbers are those of what was done', async () => {
  expect(await total('api', 'throughline_events_total', { outcome: 'accepted' })).toBe(3);
  expect(await total('api', 'throughline_events_total', { outcome: 'duplicate' })).toBe(1);
  expect(await total('api', 'throughline_events_rejected_total', { code: 'no_identity' })).toBe(1);
  expect(await total('api', 'throughline_decisions_total', { kind: 'realtime' })).toBe(2);
  expect(await total('api', 'throughline_realtime_fallbacks_total', { reason: 'unknown_customer' })).toBe(1);
  const acted = await total('worker', 'throughline_decisions_total', { kind: 'journey', outcome: 'acted' });
  expect(acted).toBeGreaterThan(0);
  const lags = await total('worker', 'throughline_wake_lag_seconds_count');
  expect(lags).toBeGreaterThanOrEqual(acted);
  const sent = await total('worker', 'throughline_channel_sends_total', { channel: 'email', result: 'sent' });
  const attempts = { channel: 'email', state: 'sent' };
  expect(await total('worker', 'throughline_delivery_attempts_total', attempts)).toBe(sent);
  expect(await total('relay', 'throughline_customers_parked', { workspace: WORKSPACE })).toBe(1);
  const missing = { kind: 'journeys', cause: 'missing' };
  expect(await total('relay', 'throughline_reconciliation_repairs_total', missing)).toBeGreaterThanOrEqual(2);
  const pigeons = { channel: 'carrier_pigeon', state: 'planned' };
  expect(await total('relay', 'throughline_deliveries_due', pigeons)).toBe(1);
});

test('no label holds an id of a customer, or what somebody has sent', () => {
  const values = [...scrapes.values()].flatMap(({ samples }) =>
    samples.flatMap(({ labels }) => Object.values(labels)),
  );
  expect(values.filter((value) => /canary|cus_|@/.test(value))).toEqual([]);
});
