import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { findFreePort } from '../../src/dev/ports.ts';
import { buildWorkflowId } from '../../src/workflows/identifiers.ts';
import { shop } from '../api/support/shop.ts';
import { type ChildProcessHandle, startChildProcess } from '../support/child-process.ts';
import { buildProduct } from '../support/product.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

/** A journey that every member of the account enters, by an event of one of them. */
const SEATS = {
  path: 'journeys/seats.yaml',
  text: `
id: seats
class: service
owner: care
enter: { on: Seat Asked, match: account, when: "account.plan != 'none'" }
exit: [{ after: 60d }]
steps:
  - id: tell
    decide: { actions: [confirmation], hold: 2d }
  - id: call
    decide: { actions: [call-back], hold: 2d }
  - id: rest
    wait: { until: [{ after: 30d }] }
`,
};

let system: TestSystem;
let roles: ChildProcessHandle;
let url: string;
const keys = { write: '', api: '' };

beforeAll(async () => {
  system = await startTestSystem({
    files: () => [...shop(), SEATS],
    worker: false,
    relay: false,
    mailbox: {
      // The provider's reply names the address, as many do.
      onRcpt: (address) =>
        address.startsWith('bounce')
          ? { code: 550, message: `5.1.1 <${address}> is unknown here` }
          : undefined,
    },
  });
  const { db } = system.db;
  keys.write = await createKey(db, { workspace: WORKSPACE, kind: 'write', scopes: [], label: 'shop' });
  const scopes = ['read', 'act', 'operate', 'decide', 'configure'] as const;
  keys.api = await createKey(db, {
    workspace: WORKSPACE,
    kind: 'api',
    scopes: [...scopes],
    label: 'support',
  });
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
  const env = { PORT: String(port), LOG_LEVEL: 'debug' };
  roles = await startChildProcess(system, buildProduct(), env, ['serve', 'api', 'relay', 'worker']);
  const isUp = () =>
    fetch(`${url}/healthz`)
      .then(({ ok }) => ok)
      .catch(() => false);
  await waitUntil(isUp, 'the roles to run', 60_000);
}, 120_000);
afterAll(async () => {
  await roles?.kill();
  await system?.stop();
});

/** Random words that stand for what a person says, by where they say it. */
const canaries = new Map<string, string>();
function canary(place: string): string {
  const word = `canary${String(canaries.size).padStart(3, '0')}q${Math.random().toString(36).slice(2, 8)}q`;
  canaries.set(place, word);
  return word;
}

async function call(method: string, path: string, body?: object, headers: object = {}): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${keys.api}`, 'content-type': 'application/json', ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

async function send(...events: object[]): Promise<void> {
  const answer = await fetch(`${url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${keys.write}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch: events }),
  });
  expect(answer.status).toBe(200);
}

async function sendCloudEvent(event: object): Promise<void> {
  const answer = await fetch(`${url}/v1/cloudevents?writeKey=${keys.write}`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(event),
  });
  expect(answer.status).toBe(200);
}

/** Where each of these words still stands in the database, by table. */
async function findInDatabase(words: string[]): Promise<[word: string, table: string][]> {
  const { sql } = system.db.db;
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`;
  const found: [string, string][] = [];
  for (const { name } of tables) {
    const rows = await sql<{ word: string }[]>`
      select distinct w as word from ${sql(name)} t, unnest(${words}::text[]) w
      where to_jsonb(t)::text ilike '%' || w || '%'`;
    for (const { word } of rows) found.push([word, name]);
  }
  return found;
}

/** The histories of all workflows of this test, as text. */
async function readHistories(): Promise<string> {
  const texts: string[] = [];
  const list = system.client.workflow.list({ query: `TaskQueue = '${system.service.config.taskQueue}'` });
  for await (const { workflowId, runId } of list) {
    const history = await system.client.workflow.getHandle(workflowId, runId).fetchHistory();
    texts.push(JSON.stringify(history, decodeBytes));
  }
  return texts.join('\n');
}

function decodeBytes(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key];
  return original instanceof Uint8Array ? Buffer.from(original).toString() : value;
}

const nameOf = (word: string) => [...canaries].find(([, other]) => other === word)?.[0] ?? word;

test('after an erasure no word of the person stands in any table, history or log, whatever became of the events that held it', async () => {
  const userId = `user${canary('user id')}`;
  const anonymousId = `device-${canary('anonymous id')}`;
  const email = `bounce${canary('address')}@example.com`;
  const about = { userId, anonymousId };
  const groupId = `company-${canary('account id')}`;

  // Another member of the account, who stays.
  await send(
    { type: 'identify', userId: 'bob', traits: { email: 'bob@example.com' } },
    { type: 'group', userId: 'bob', groupId, traits: { industry: 'coffee' } },
  );
  const bob = await system.findCustomerId('bob');
  // Work for an agent, before a ticket holds it back.
  await send({ type: 'track', ...about, event: 'Call Asked', properties: { why: canary('call') } });
  const tasks = async () => {
    const { data } = (await (await call('GET', '/v1/tasks')).json()) as {
      data: { id: string; customerId: string }[];
    };
    return data;
  };
  await waitUntil(async () => (await tasks()).some((task) => task.customerId !== bob), 'a task');
  const task = (await tasks()).find(({ customerId }) => customerId !== bob);
  await call('POST', `/v1/tasks/${task?.id}/claim`, { assignee: canary('assignee') });

  // Accepted events, one of each kind.
  await send(
    {
      type: 'identify',
      ...about,
      messageId: `m-${canary('message id')}`,
      traits: {
        email,
        phone: '+49 170 1234567',
        nickname: canary('trait'),
        city: { name: canary('nested trait') },
      },
      context: {
        externalIds: [{ type: 'crm', id: canary('external id') }],
        consent: { categoryPreferences: { marketing: true, [canary('purpose')]: true } },
        page: { title: canary('context') },
      },
    },
    { type: 'group', ...about, groupId, traits: { plan: canary('account trait') } },
    { type: 'page', ...about, name: canary('page') },
    { type: 'screen', ...about, name: canary('screen') },
    {
      type: 'track',
      ...about,
      event: `Wish ${canary('event name')}`,
      properties: { wish: canary('property') },
    },
    { type: 'track', ...about, event: 'Signed Up', properties: { campaign: canary('entry of a journey') } },
    {
      type: 'track',
      ...about,
      event: 'Order Completed',
      properties: {
        order_id: canary('order id'),
        total: `12 ${canary('unreadable amount')}`,
        products: [{ product_id: canary('product'), name: canary('product name'), price: 3 }],
      },
    },
    {
      type: 'track',
      ...about,
      event: 'Payment Failed',
      properties: { order_id: 'o-2', code: canary('payment') },
    },
    {
      type: 'track',
      ...about,
      event: 'Ticket Opened',
      properties: {
        ticket_id: canary('ticket id'),
        subject: canary('ticket subject'),
        severity: 'high',
        status: canary('ticket status'),
        product: canary('ticket product'),
      },
    },
    { type: 'track', ...about, event: 'Question Asked', properties: { question_id: canary('question') } },
    { type: 'track', ...about, event: 'Seat Asked', properties: { note: canary('event of the account') } },
    {
      type: 'track',
      ...about,
      event: 'Product Added',
      historical: true,
      properties: { product_id: canary('backfill') },
    },
    {
      type: 'track',
      ...about,
      event: 'Consent Changed',
      properties: { purpose: 'marketing', status: canary('unknown consent word') },
    },
    { type: 'page', anonymousId: `old-${canary('previous id')}`, name: canary('page of the merged') },
    { type: 'alias', ...about, previousId: `old-${canaries.get('previous id')}` },
  );
  await sendCloudEvent({
    specversion: '1.0',
    id: canary('CloudEvent id'),
    source: '/shop',
    type: 'Seen',
    data: { userId, properties: { a: canary('CloudEvent') } },
  });

  // Refused events, one of each kind.
  const refused = (name: string, more: object) => ({
    type: 'track',
    event: 'Refused',
    userId,
    ...more,
    properties: { a: canary(`refused: ${name}`) },
  });
  const deep = (depth: number): object => (depth === 0 ? {} : { a: deep(depth - 1) });
  await send(
    refused('type', { type: 'unknown' }),
    refused('name', { event: '' }),
    refused('reserved name', { event: 'Customer Paused' }),
    refused('long message id', { messageId: 'x'.repeat(300) }),
    refused('reserved message id', { messageId: 'dlv_1' }),
    refused('external ids', { context: { externalIds: 'none' } }),
    refused('long id', { userId: 'x'.repeat(600), anonymousId }),
    refused('long key', { event: 'Ticket Opened', traits: { email }, context: { ticket: 1 } }),
    refused('depth', { context: deep(40) }),
    refused('text', { context: { text: 'half \ud800 pair' } }),
    refused('size', { context: { text: 'x'.repeat(33_000) } }),
    refused('only an address', {
      userId: undefined,
      event: '',
      context: { traits: { email: email.toUpperCase() } },
    }),
    refused('only an external id', {
      userId: undefined,
      event: '',
      context: { externalIds: [{ type: 'crm', id: canaries.get('external id') }] },
    }),
    refused('message id of another event', { messageId: `m-${canaries.get('message id')}` }),
  );
  await sendCloudEvent({
    specversion: '1.0',
    type: 'Seen',
    userid: userId,
    data: { a: canary('refused: CloudEvent') },
  });

  const customer = await system.findCustomerId(userId);
  await waitUntil(
    async () => (await call('GET', `/v1/customers/${customer}?live=true`)).ok,
    'the journey to answer',
  );
  // Directly signalled events: one that is accepted, one that is refused.
  await system.getWorkflowHandle(customer).signal('events', {
    events: [
      { name: 'Seen Again', at: new Date().toISOString(), properties: { a: canary('signal') } },
      { name: 'x'.repeat(300), properties: { a: canary('refused: signal') } },
    ],
  });

  // What people do with the customer.
  const by = (place: string) => ({
    reason: canary(`reason: ${place}`),
    actor: canary(`actor: ${place}`),
    wait: true,
  });
  const to = (step: string) => `/v1/customers/${customer}/${step}`;
  const keyed = { 'idempotency-key': 'kept' };
  expect((await call('POST', to('pause'), by('pause'), keyed)).status).toBeLessThan(300);
  expect((await call('POST', to('resume'), by('resume'))).status).toBeLessThan(300);
  expect((await call('POST', to('snooze'), { duration: '7d', ...by('snooze') })).status).toBeLessThan(300);
  const consents = [
    { purpose: 'marketing', channel: 'email', status: 'granted', source: canary('consent source') },
  ];
  expect((await call('PUT', to('consents'), { consents, ...by('consents') })).status).toBeLessThan(300);
  const enrollment = { customer, key: canary('enrollment key'), properties: { a: canary('enrollment') } };
  await call('POST', '/v1/journeys/letters/enrollments', { ...enrollment, ...by('enrollment') });
  await send({ type: 'page', userId: 'other-id' });
  await waitUntil(async () => (await system.findCustomerId('other-id')) !== undefined, 'the other customer');
  const into = `user:${userId}`;
  expect(
    (await call('POST', '/v1/customers/user:other-id/merge', { into, ...by('merge') })).status,
  ).toBeLessThan(300);
  for (const id of [customer, bob]) await system.waitUntilSettled(id);
  await waitUntil(async () => {
    const rows = await system.db.db.sql`select 1 from suppressed_addresses`;
    return rows.length > 0;
  }, 'the address to be suppressed');

  // All of them are stored, so the search below can fail. The words of a statement that is none are not.
  const words = [...canaries.values()];
  const stored = new Set((await findInDatabase(words)).map(([word]) => word));
  expect(words.filter((word) => !stored.has(word)).map(nameOf)).toEqual([]);

  const erased = await call('POST', to('erase'), by('erasure'));
  expect(erased.status).toBe(202);
  await waitUntil(
    async () => {
      await system.db.db.sql`update erasures set next_at = now()`;
      const open = await system.db.db.sql`select 1 from erasures where done_at is null`;
      return open.length === 0;
    },
    'the erasure to end',
    60_000,
  );
  // A ticket of the account has gone with its owner: the other member's journey decides again.
  await waitUntil(async () => {
    const [row] = await system.db.db.sql`
      select j.state -> 'openTickets' = '[]' as free from journeys j where customer_id = ${bob}`;
    return row?.free === true;
  }, 'the other member to be free of the ticket');
  await system.waitUntilSettled(bob);

  // The account stays, since another member belongs to it; who has erased whom is on record.
  const kept = new Set([canaries.get('account id'), canaries.get('actor: erasure')]);
  const found = await findInDatabase(words);
  expect(
    found.filter(([word]) => !kept.has(word)).map(([word, table]) => `${nameOf(word)} in ${table}`),
  ).toEqual([]);
  const histories = await readHistories();
  expect(histories).toContain(buildWorkflowId(WORKSPACE, bob));
  // Histories hold ids: those of the account and of its tickets.
  const toldTo = new Set([canaries.get('account id'), canaries.get('ticket id')]);
  expect(words.filter((word) => histories.includes(word) && !toldTo.has(word)).map(nameOf)).toEqual([]);
  const log = roles.lines.join('\n');
  expect(words.filter((word) => log.includes(word)).map(nameOf)).toEqual([]);
}, 180_000);
