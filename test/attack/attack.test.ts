import getPort from 'get-port';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildProcessHandle, startChildProcess } from '../support/child-process.ts';
import { buildProduct } from '../support/product.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';
import { createHttpClient } from './http.ts';
import { assertLoopback } from './loopback.ts';
import type { Access } from './openapi.ts';
import { access } from './parts/access.ts';
import { calls } from './parts/calls.ts';
import { consoleFiles } from './parts/console.ts';
import { events } from './parts/events.ts';
import { readReport } from './parts/schemathesis.ts';
import { smuggling } from './parts/smuggling.ts';
import { tokens } from './parts/tokens.ts';
import { createRandom } from './random.ts';
import { fillPath, SOURCES } from './records.ts';
import { formatReport } from './report.ts';
import { readParts } from './run.ts';
import { runParts } from './run-parts.ts';
import { Tally } from './tally.ts';
import { prepareTarget, type Target } from './target.ts';

const SECONDS = 6;
const SEED = 1;

let system: TestSystem;
let api: ChildProcessHandle;
let target: Target;

beforeAll(async () => {
  system = await startTestSystem();
  const port = await getPort();
  api = await startChildProcess(system, buildProduct(), { PORT: String(port), LOG_LEVEL: 'warn', SOURCES }, [
    'serve',
    'api',
  ]);
  const url = `http://127.0.0.1:${port}`;
  const probe = createHttpClient(url);
  await waitUntil(async () => (await probe.send({ path: '/readyz' })).status === 200, 'the API', 60_000);
  probe.close();
  target = await prepareTarget({
    url,
    db: system.db.db,
    secret: system.service.config.secret,
    apiPid: api.pid,
    messages: () => system.mailbox.messages(),
  });
}, 120_000);
afterAll(async () => {
  target?.close();
  await api?.kill();
  await system?.stop();
}, 60_000);

const NO_CHOICES = { random: createRandom(SEED), seconds: 0, short: true };

test('a call that needs another scope than the document says is reported: a control', async () => {
  const journeys = target.calls.find(({ path }) => path === '/v1/journeys');
  if (!journeys) throw new Error('there is no /v1/journeys');
  const { access: right } = journeys;
  if (right.kind !== 'api') throw new Error('/v1/journeys needs no key of the API');
  const others: Access[] = [
    { ...right, scopes: ['operate'] },
    { ...right, roles: ['viewer'] },
    { ...right, takesEmbedToken: true },
    { kind: 'session' },
    { kind: 'open' },
    { kind: 'write' },
  ];
  for (const wrong of others) {
    const tally = new Tally();
    await access.run({
      ...NO_CHOICES,
      target: { ...target, calls: [{ ...journeys, access: wrong }] },
      tally,
    });
    expect(tally.violations.length).toBeGreaterThan(0);
  }
});

test('a key that is no secret, and data of another workspace in an answer, are reported: controls', async () => {
  const { home, rival } = target;
  const open = new Tally();
  await tokens.run({
    ...NO_CHOICES,
    target: { ...target, home: { ...home, api: 'ak_unknown' } },
    tally: open,
  });
  expect(open.violations.map(({ what }) => what)).toEqual([expect.stringMatching(/^answered 401, not 200/)]);
  const leaky = new Tally();
  const customers = target.calls.filter(({ path, method }) => path === '/v1/customers' && method === 'GET');
  await access.run({
    ...NO_CHOICES,
    target: { ...target, calls: customers, rival: { ...rival, api: home.api } },
    tally: leaky,
  });
  expect(leaky.violations.map(({ what }) => what)).toEqual([
    "a rival's API key: the answer has data of another workspace",
  ]);
});

test('no route gives a caller more than the document says, no tampered token is accepted, and nobody is stuck', async () => {
  const parts = [access, tokens, consoleFiles, smuggling, events, calls];
  const results = await runParts(target, parts, {
    random: createRandom(SEED),
    seconds: SECONDS,
    short: true,
  });
  console.log(formatReport(results));
  expect(
    results.flatMap(({ name, tally }) => tally.violations.map((violation) => ({ name, ...violation }))),
  ).toEqual([]);
  const tried = Object.fromEntries(results.map(({ name, tally }) => [name, tally.tried]));
  expect(tried.access).toBeGreaterThan(target.calls.length * 25);
  expect(tried.tokens).toBeGreaterThan(300);
  expect(tried.console).toBeGreaterThan(300);
  expect(tried.events).toBeGreaterThan(50);
}, 120_000);

test('a parameter of a new kind needs a record', () => {
  expect(() => fillPath({ path: '/v1/widgets/{id}' }, target.home.parameters)).toThrow(
    /add widgets\/\{id\} to/,
  );
  for (const call of target.calls) expect(fillPath(call, target.home.parameters)).not.toContain('{');
});

test('only this machine is attacked', () => {
  for (const url of ['http://127.0.0.1:1', 'http://127.9.9.9', 'http://[::1]:1']) assertLoopback(url);
  for (const url of [
    'http://example.com',
    'http://10.0.0.1',
    'http://127.0.0.1.example.com',
    'http://0.0.0.0',
    'http://localhost.example.com',
    'http://[2001:db8::1]',
  ])
    expect(() => assertLoopback(url), url).toThrow(/not a loopback address/);
});

test('parts are chosen by name, and an unknown one is refused', () => {
  expect(readParts('tokens, access').map(({ name }) => name)).toEqual(['tokens', 'access']);
  expect(readParts(undefined).length).toBeGreaterThan(10);
  expect(() => readParts('nothing')).toThrow(/there is no part "nothing"/);
});

test('the same seed makes the same choices', () => {
  const draw = (seed: number) => {
    const random = createRandom(seed).fork('a');
    return Array.from({ length: 20 }, () => random.between(0, 1_000));
  };
  expect(draw(3)).toEqual(draw(3));
  expect(draw(3)).not.toEqual(draw(4));
});

test('failures in a report of schemathesis are counted', () => {
  const scenario = (name: string, id: string) =>
    JSON.stringify({
      ScenarioFinished: {
        recorder: {
          cases: { [id]: { value: { method: 'GET', path: '/x' } } },
          checks: {
            [id]: [
              { name, status: 'failure', failure_info: { failure: { message: 'wrong' } } },
              { name: 'other', status: 'success' },
            ],
          },
          interactions: { [id]: { request: { method: 'GET', uri: '/x?a' }, response: { elapsed: 0.25 } } },
        },
      },
    });
  const tally = new Tally();
  const lines = [
    scenario('not_a_server_error', 'a'),
    scenario('schema', 'b'),
    scenario('schema', 'c'),
    '{"Other":{}}',
  ];
  readReport(lines.join('\n'), tally);
  expect(tally).toMatchObject({ tried: 3, serverErrors: 1, slowestMs: 250 });
  expect(tally.violations).toHaveLength(2);
});
