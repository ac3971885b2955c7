import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { findFreePort } from '../../src/dev/ports.ts';
import { type BundleFile, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { type ChildProcessHandle, startChildProcess } from '../support/child-process.ts';
import { buildProduct } from '../support/product.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

let system: TestSystem;
let key: string;
const children: ChildProcessHandle[] = [];

beforeAll(async () => {
  // Without a worker no command is processed, so the API waits some seconds between its commit and its answer.
  const patient = replaceInFile('placements.yaml', /deadline: 150ms/g, 'deadline: 3s');
  const files = (example: BundleFile[]) => patient(treatEveryCustomer(example));
  system = await startTestSystem({ files, worker: false, relay: false });
  const scopes = ['read', 'act', 'operate', 'decide'] as const;
  key = await createKey(system.db.db, {
    workspace: WORKSPACE,
    kind: 'api',
    scopes: [...scopes],
    label: 'test',
  });
});
afterAll(async () => {
  for (const child of children) await child.kill();
  await system?.stop();
});

interface Api {
  child: ChildProcessHandle;
  send(method: string, path: string, idempotencyKey: string, body: object): Promise<Response>;
}

async function startApi(): Promise<Api> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const child = await startChildProcess(system, buildProduct(), { PORT: String(port) }, ['serve', 'api']);
  children.push(child);
  const isUp = () =>
    fetch(`${url}/healthz`)
      .then(({ ok }) => ok)
      .catch(() => false);
  await waitUntil(isUp, 'the API to listen');
  return {
    child,
    send: (method, path, idempotencyKey, body) =>
      fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'idempotency-key': idempotencyKey,
        },
        body: JSON.stringify(body),
      }),
  };
}

async function countEvents(userId: string, name: string): Promise<number> {
  const [row] = await system.db.db.sql`
    select count(*)::int as n from events e join identities i using (customer_id)
    where i.type = 'user' and i.value = ${userId} and e.name = ${name}`;
  return row?.n;
}

const by = { reason: 'asked by phone', actor: 'kim' };
const consent = (status: string, wait: boolean) => ({
  consents: [{ purpose: 'marketing', channel: 'email', status, source: 'phone' }],
  ...by,
  wait,
});

test('fault 2: a command whose API is killed between commit and answer is answered when it is repeated, without a second effect', async () => {
  await system.accept({ name: 'Page Viewed', userId: 'p' }, { name: 'Page Viewed', userId: 'c' });
  const first = await startApi();
  const lost = [
    first.send('POST', '/v1/customers/user:p/pause', 'pause', { ...by, wait: true }),
    first.send('PUT', '/v1/customers/user:c/consents', 'grant', consent('granted', true)),
  ].map((answer) => answer.then(({ status }) => status).catch(() => 'lost'));
  await waitUntil(
    async () =>
      (await countEvents('p', 'Customer Paused')) === 1 && (await countEvents('c', 'Consent Changed')) === 1,
    'both commands to be committed',
  );
  await first.child.kill();
  expect(await Promise.all(lost)).toEqual(['lost', 'lost']);

  const second = await startApi();
  const withdrawn = await second.send(
    'PUT',
    '/v1/customers/user:c/consents',
    'withdraw',
    consent('withdrawn', false),
  );
  expect(withdrawn.status).toBe(202);
  const again = await Promise.all([
    second.send('POST', '/v1/customers/user:p/pause', 'pause', { ...by, wait: true }),
    second.send('PUT', '/v1/customers/user:c/consents', 'grant', consent('granted', true)),
  ]);
  expect(again.map(({ status }) => status)).toEqual([202, 202]);
  expect(await countEvents('p', 'Customer Paused')).toBe(1);
  expect(await countEvents('c', 'Consent Changed')).toBe(2);
  const [last] = await system.db.db.sql`
    select status from consents where customer_id = ${await system.findCustomerId('c')} order by seq desc limit 1`;
  expect(last?.status).toBe('withdrawn');
}, 60_000);

test('fault 2: a real-time decision whose API is killed before its answer is answered when it is repeated', async () => {
  await system.accept({ name: 'Page Viewed', userId: 'd' });
  const first = await startApi();
  const { sql } = system.db.db;
  await sql`
    create function lose() returns trigger language plpgsql as $$ begin perform pg_sleep(2); raise 'the API is gone'; end $$`;
  await sql`create trigger lose before update on idempotency for each row execute function lose()`;
  const ask = (api: Api) =>
    api.send('POST', '/v1/decisions', 'ask', { customer: 'user:d', placement: 'ivr-main', content: true });
  const lost = ask(first)
    .then(({ status }) => status)
    .catch(() => 'lost');
  const stored = () => sql`select id from decisions where kind = 'realtime'`;
  await waitUntil(async () => (await stored()).length === 1, 'the decision to be committed');
  await first.child.kill();
  expect(await lost).toBe('lost');
  const drop = () => sql`drop trigger lose on idempotency`;
  await waitUntil(() => drop().then(Boolean, () => false), 'the killed API to leave the table');

  const second = await startApi();
  const answers = [await ask(second), await ask(second)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { decisionId: string }[];
  const [decision, ...more] = await stored();
  expect(more).toEqual([]);
  expect(bodies.map(({ decisionId }) => decisionId)).toEqual([decision?.id, decision?.id]);
  expect(bodies[1]).toEqual(bodies[0]);
}, 60_000);
