import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { tailCommand } from '../../../src/cli/customer/tail.ts';
import { whyCommand } from '../../../src/cli/customer/why.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { startApi } from '../../../src/service/api.ts';
import { UserError } from '../../../src/user-error.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { ROOT } from '../../support/paths.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../../support/system.ts';

let system: TestSystem;
let api: Awaited<ReturnType<typeof startApi>>;
let key: string;
const out: string[] = [];
const err: string[] = [];
const PAUSES = { pollMs: 50, retryMs: 50 };

beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
  api = await startApi(system.service);
  const scopes = ['read', 'act', 'configure', 'operate'] as ('read' | 'act' | 'configure' | 'operate')[];
  key = await createKey(system.db.db, { workspace: WORKSPACE, kind: 'api', scopes, label: 'test' });
});
afterAll(async () => {
  await api?.stop();
  await system?.stop();
});
beforeEach(() => {
  out.length = 0;
  err.length = 0;
  vi.stubEnv('THROUGHLINE_URL', `http://127.0.0.1:${api.port}`);
  vi.stubEnv('THROUGHLINE_API_KEY', key);
  vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
});
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What differs from run to run: times, and ids. */
function normalize(line: string): string {
  return line
    .replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}/, '')
    .replace(/(?:\w{3} \d+ \w+(?: \d{4})?, )?\b\d\d:\d\d\b/g, 'TIME')
    .replace(/\b(cus|enr|dec|dlv)_\w+/g, '$1_…');
}

async function why(ref: string, action?: string, options = {}): Promise<string[]> {
  out.length = 0;
  await whyCommand(ref, action, options);
  return out.map(normalize);
}

async function timeline(ref: string, options = {}): Promise<string[]> {
  out.length = 0;
  await tailCommand(ref, { follow: false, ...options });
  return out.map(normalize);
}

const ZONE = '  times are in Europe/Berlin';

async function buy(userId: string, orderId: string): Promise<string> {
  await system.accept({
    name: 'Order Completed',
    userId,
    properties: { order_id: orderId, total: 412, products: [{ product_id: 'espresso-machine' }] },
    context: {
      traits: { email: `${userId}@example.com` },
      consent: { categoryPreferences: { marketing: true } },
    },
  });
  const customer = await system.findCustomerId(userId);
  await system.waitUntilSettled(customer);
  return customer;
}

async function call(method: string, path: string, body: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${api.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'test', actor: 'kim', ...body }),
  });
  expect(response.ok, await response.clone().text()).toBe(true);
}

/** What a question must not change. */
async function countRows(customer: string): Promise<unknown> {
  const [row] = await system.db.db.sql`
    select (select count(*) from events where customer_id = ${customer}) as events,
      (select count(*) from decisions where customer_id = ${customer}) as decisions,
      (select count(*) from deliveries where customer_id = ${customer}) as deliveries,
      (select updated_at from journeys where customer_id = ${customer}) as journey`;
  return row;
}

test('the five minutes of the README, in sentences', async () => {
  const helen = await buy('helen', 'o-1');
  const held = '  tips is held at the step tip, and decided again by TIME';
  expect(await why('user:helen', 'tip-grinder')).toEqual([
    'outranked: nothing blocks it, but at TIME order-confirmation ranked higher; it competes again at TIME',
    held,
    ZONE,
  ]);

  await system.accept({
    name: 'Ticket Opened',
    userId: 'helen',
    properties: { ticket_id: 'T1', subject: 'It leaks', severity: 'high' },
  });
  await system.waitUntilSettled(helen);
  expect(await why('user:helen', 'tip-grinder')).toEqual([
    'silent: ticket T1 has been open since TIME; lifts on Ticket Closed, then 48 h',
    held,
    ZONE,
  ]);
  expect(await why('user:helen', 'order-confirmation')).toEqual([
    'sent: went by email at TIME, and the customer is not in order-confirmation any more',
    ZONE,
  ]);

  await system.accept({
    name: 'Payment Failed',
    userId: 'helen',
    properties: { order_id: 'o-2', value: 412, code: 'card_declined' },
  });
  await system.waitUntilSettled(helen);
  expect(await why('user:helen', 'agent-call')).toEqual([
    'with a person: its task is open in the queue sales, to be done by TIME',
    '  sent as often as its limit allows: 1 of 1 in 7 days; lifts at TIME',
    '  payment-rescue has a task with a person at the step rescue',
    ZONE,
  ]);

  const lines = await timeline('user:helen');
  expect(lines.map((line) => line.replace(/due on \d{1,2} \w+( \d{4})?/, 'due on DATE'))).toEqual([
    'order o-1 completed: 412 for espresso-machine',
    'decided: order-confirmation; entered order-confirmation for o-1; entered tips; stage none → adoption; win-back is due on DATE',
    'stage changed from none to adoption',
    'order-confirmation was sent by email',
    'decided: no action; order-confirmation ended: its last step is done',
    'ticket T1 opened (high): It leaks; messages that it silences wait until it is closed',
    'decided: ticket-help; entered ticket-care for T1',
    'ticket-help was sent by email',
    'decided: no action; ticket-care moved from help to calm',
    'payment of order o-2 failed: card_declined, 412',
    'decided: agent-call; entered payment-rescue for o-2; stage adoption → purchase',
    'stage changed from adoption to purchase',
    'task agent-call is open in the queue sales',
  ]);
  expect(await timeline('user:helen', { lines: '1' })).toEqual(lines.slice(-1));
  expect(await timeline('user:helen', { since: '1h' })).toEqual(lines);
  expect(err.at(-1)).toBe('times are in Europe/Berlin');

  const all = await why('user:helen');
  expect(all).toContain(
    'tip-grinder         silent: ticket T1 has been open since TIME; lifts on Ticket Closed, then 48 h',
  );
  expect(all).toContain(
    'letter              not offered: the customer is not in newsletter, the journey that offers it',
  );
});

describe('why', () => {
  test('each kind of answer, from the running system', async () => {
    const ada = await buy('ada', 'o-10');
    const before = await countRows(ada);
    await why('user:ada');
    expect(await countRows(ada)).toEqual(before);
    await system.advanceTime(ada, 1.5 * DAY);
    expect((await why('user:ada', 'tip-grinder'))[0]).toMatch(
      /^silent: sent as often as its limit allows: 1 of 1 in 60 days; lifts at TIME$/,
    );
    expect(await why('user:ada', 'tip-grinder')).toContain('  last sent by email at TIME');
    expect(await why('user:ada', 'tip-grinder')).toContain('  tips waits at the step week until TIME');
    await call('POST', `/v1/customers/${ada}/snooze`, { duration: '7d', topics: ['tips'] });
    expect(await why('email:ada@example.com', 'tip-milk')).toContain(
      'silent: the customer asked for silence about tips; lifts at TIME, or on Customer Snoozed',
    );
    await call('PUT', `/v1/customers/${ada}/consents`, {
      consents: [
        { purpose: 'marketing', channel: 'email', topic: 'tips', status: 'withdrawn', source: 'phone' },
      ],
    });
    expect(await why('user:ada', 'tip-milk')).toContain(
      'silent: consent to marketing about tips by email was withdrawn; lifts on Consent Changed',
    );
    await call('POST', `/v1/customers/${ada}/pause`, { reason: 'legal case' });
    await call('POST', '/v1/actions/tip-milk/pause', {});
    const all = await why('user:ada', 'tip-milk');
    expect(all).toContain('  the customer is paused: legal case; lifts on Customer Resumed');
    expect(all).toContain(
      '  the action is paused for all customers since TIME; lifts when the action is resumed',
    );
    await call('POST', '/v1/actions/tip-milk/resume', {});
  });

  test('data, exit codes, and names that are not known', async () => {
    await buy('eve', 'o-20');
    await why('user:eve', 'letter', { json: true, exitCode: true });
    expect(process.exitCode).toBe(3);
    expect(JSON.parse(out[0] as string)).toMatchObject({
      customerId: expect.stringMatching(/^cus_/),
      action: 'letter',
      state: 'not_enrolled',
      reaches: false,
      headline: 'not offered: the customer is not in newsletter, the journey that offers it',
      timezone: 'Europe/Berlin',
    });
    await expect(why('user:eve', 'tip-grindr')).rejects.toThrow(
      new UserError("there is no action tip-grindr; did you mean 'tip-grinder'?"),
    );
    await expect(why('user:nobody', 'tip-grinder')).rejects.toThrow(
      new UserError('there is no customer user:nobody: a customer is known from their first event on'),
    );
    await expect(why('eve', 'tip-grinder')).rejects.toThrow('there is no customer eve: write user:eve');
    vi.stubEnv('THROUGHLINE_API_KEY', 'ak_wrong');
    await expect(why('user:eve', 'tip-grinder')).rejects.toThrow(/^the key is refused: /);
    vi.stubEnv('THROUGHLINE_URL', 'http://127.0.0.1:1');
    await expect(why('user:eve', 'tip-grinder')).rejects.toThrow('no server answers');
  });

  test('a control, a merged and an erased customer', async () => {
    const ben = await buy('ben', 'o-30');
    await system.db.db.sql`
      update enrollments set arm = 'control' where customer_id = ${ben} and journey = 'tips'`;
    await system.db.db.sql`
      update journeys set state = jsonb_set(state, '{enrollments}', (select jsonb_agg(e || case
        when e ->> 'journey' = 'tips' then '{"arm": "control", "status": {"kind": "control"}}'::jsonb
        else '{}'::jsonb end) from jsonb_array_elements(state -> 'enrollments') e)) where customer_id = ${ben}`;
    expect((await why('user:ben', 'tip-grinder'))[0]).toBe(
      'control: the customer is in the control group of tips, which gets no messages',
    );
    const ben2 = await buy('ben-2', 'o-31');
    await call('POST', `/v1/customers/${ben2}/merge`, { into: ben });
    expect(await why(ben2, 'letter')).toContain(`  cus_… was merged into cus_…`);
    await call('POST', `/v1/customers/${ben}/erase`, {});
    expect(await why(ben, 'letter', { exitCode: true })).toEqual([
      'nothing: cus_… was erased, and gets no messages',
    ]);
    expect(process.exitCode).toBe(3);
  });
});

describe('tail', () => {
  /** Follows a customer while the work runs, and until it ends or is stopped. */
  async function follow(ref: string, work: () => Promise<void>, options = {}): Promise<string[]> {
    out.length = 0;
    const stop = new AbortController();
    const ended = tailCommand(ref, { lines: '0', ...options }, { ...PAUSES, signal: stop.signal });
    await waitUntil(
      async () => err.some((line) => line.startsWith('times are')) || out.length > 0,
      'tail to begin',
    );
    await work();
    stop.abort();
    await ended;
    return out.map(normalize);
  }

  const seen = (text: string) => waitUntil(async () => out.some((line) => line.includes(text)), text);
  const noticed = (text: string) => waitUntil(async () => err.some((line) => line.includes(text)), text);

  test('prints what happens, once and in order, while the API restarts', async () => {
    await buy('ivy', 'o-40');
    const lines = await follow('user:ivy', async () => {
      const view = (n: number) =>
        system.accept({ name: 'Product Viewed', userId: 'ivy', properties: { product_id: `p-${n}` } });
      await view(1);
      await seen('p-1');
      const { port } = api;
      await api.stop();
      await noticed('trying again');
      await view(2);
      await view(3);
      vi.stubEnv('PORT', String(port));
      api = await startApi({ ...system.service, config: { ...system.service.config, port } });
      await noticed('answers again');
      await view(4);
      await seen('p-4');
    });
    expect(lines).toEqual([1, 2, 3, 4].map((n) => `Product Viewed (product_id p-${n})`));
  });

  test('follows a merge, and ends with an erasure', async () => {
    const one = await buy('joe', 'o-50');
    const two = await buy('joe-2', 'o-51');
    const lines = await follow(one, async () => {
      await call('POST', `/v1/customers/${one}/merge`, { into: two });
      await noticed(`merged into ${two}, and is followed there`);
      await system.accept({ name: 'Product Viewed', userId: 'joe-2' });
      await seen('Product Viewed');
      await call('POST', `/v1/customers/${two}/erase`, {});
      await noticed('was erased: there is no timeline any more');
    });
    expect(lines.filter((line) => line.includes('merged'))).toEqual([
      'customer cus_… was merged into cus_…: test',
    ]);
    expect(lines).toContain('Product Viewed');
  });

  test('a key that is revoked meanwhile ends it with one clear line', async () => {
    await buy('mia', 'o-70');
    const own = await createKey(system.db.db, {
      workspace: WORKSPACE,
      kind: 'api',
      scopes: ['read'],
      label: 'revoked',
    });
    vi.stubEnv('THROUGHLINE_API_KEY', own);
    const stop = AbortSignal.timeout(30_000);
    const ended = tailCommand('user:mia', { lines: '0' }, { ...PAUSES, signal: stop });
    await noticed('times are');
    await system.db.db.sql`update keys set revoked_at = now() where label = 'revoked'`;
    await expect(ended).rejects.toThrow(/^the key is refused: /);
  });

  test('ends at once with Ctrl-C, without an error', async () => {
    await buy('lou', 'o-60');
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'src/cli/main.ts', 'tail', 'user:lou', '-n', '1'],
      { cwd: ROOT, env: process.env },
    );
    let printed = '';
    let complained = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complained += chunk;
    });
    const exited = once(child, 'exit');
    await waitUntil(async () => printed.includes('\n'), 'the first line');
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(printed.trim().split('\n')).toHaveLength(1);
    expect(complained).toBe('times are in Europe/Berlin\n');
  });

  test('JSON has the item and its sentence; texts of senders cannot steer the terminal', async () => {
    const name = `\u001b[2J\u009b31m${'x'.repeat(300)}\u202e`;
    await system.accept({ name: 'Product Viewed', userId: 'kim', properties: { product_id: name } });
    await system.waitUntilSettled(await system.findCustomerId('kim'));
    await timeline('user:kim', { json: true });
    for (const line of out) expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const [viewed] = out.map((line) => JSON.parse(line));
    expect(viewed).toMatchObject({ title: 'Product Viewed', data: { product_id: name } });
    expect(viewed.sentence).toMatch(/^Product Viewed \(product_id x+…\)$/);
  });

  test('refuses what it cannot read, and says what to write', async () => {
    await expect(timeline('user:kim', { since: 'yesterday' })).rejects.toThrow(
      '--since is "yesterday": write a duration such as 2h or 3d',
    );
    await expect(timeline('user:kim', { lines: 'many' })).rejects.toThrow('--lines is "many"');
    await expect(timeline('user:nobody')).rejects.toThrow('there is no customer user:nobody');
  });
});
