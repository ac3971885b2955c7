import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { advanceCommand } from '../../../src/cli/advance/advance.ts';
import { readAdvanceDuration } from '../../../src/cli/advance/read-duration.ts';
import { refuseOldServer } from '../../../src/cli/advance/refusals.ts';
import { startTemporalServer } from '../../../src/dev/temporal/start.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time/time.ts';
import { startApi } from '../../../src/service/api.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { buildMachineOrder } from '../../support/machine-order.ts';
import { findSentActions, startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';

let system: TestSystem;
let api: Awaited<ReturnType<typeof startApi>>;
let key: string;

beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
  api = await startApi(system.service);
  key = await createKey(system.db.db, { workspace: WORKSPACE, kind: 'api', scopes: ['read'], label: 'test' });
});
afterAll(async () => {
  await api?.stop();
  await system?.stop();
});
beforeEach(() => {
  vi.stubEnv('THROUGHLINE_URL', `http://127.0.0.1:${api.port}`);
  vi.stubEnv('THROUGHLINE_API_KEY', key);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Runs the command and returns what it prints. */
async function advance(ref: string, duration: string): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  try {
    await advanceCommand(ref, duration);
  } finally {
    log.mockRestore();
  }
  return lines.join('\n');
}

async function startCustomer(userId: string): Promise<string> {
  await system.accept({ ...buildMachineOrder(userId), userId });
  const id = await system.findCustomerId(userId);
  await system.waitUntilSettled(id);
  return id;
}

test('advance lets 25 hours pass for a journey in seconds: it wakes, decides and sends at the later time', async () => {
  const id = await startCustomer('helen');
  expect(await findSentActions(system, id)).toEqual(['order-confirmation']);
  const began = Date.now();
  const printed = await advance('user:helen', '25h');
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(await findSentActions(system, id)).toEqual(['order-confirmation', 'tip-grinder']);
  expect(printed).toMatch(
    /^25h passed for user:helen: this journey's clock is at 20.{17} \(Europe\/Berlin\)\.\nWhat happened:\n/,
  );
  expect(printed).toMatch(
    / {2}(20.{17}) {2}decided: .*tip-grinder.*\n {2}\1 {2}tip-grinder was sent by email\n/,
  );
  expect(printed).toMatch(/\nJourneys:\n {2}tips: waiting at week, until 20.{17} at the latest$/);

  // All decisions were made at the skipped time, and Postgres keeps its own clock.
  const [row] = await system.db.db.sql`
    select j.last_now - extract(epoch from clock_timestamp()) * 1000 as ahead,
      (select max(at) from deliveries where customer_id = ${id})
        - extract(epoch from clock_timestamp()) * 1000 as sent_ahead
    from journeys j where customer_id = ${id}`;
  expect(Number(row?.ahead)).toBeGreaterThan(20 * HOUR);
  expect(Number(row?.ahead)).toBeLessThanOrEqual(25 * HOUR);
  expect(Number(row?.sent_ahead)).toBeGreaterThan(20 * HOUR);
});

test('a journey whose clock is ahead goes on with events of today, and advances again', async () => {
  const id = await startCustomer('ada');
  await advance('user:ada', 'P1DT1H');
  const ticket = { ticket_id: 'T1', subject: 'It leaks' };
  await system.accept({ name: 'Ticket Opened', userId: 'ada', properties: ticket });
  await system.waitUntilSettled(id);
  expect((await findSentActions(system, id)).at(-1)).toBe('ticket-help');
  expect(await advance(id, '10d')).toMatch(/tips: held at /);
  await system.accept({ name: 'Ticket Closed', userId: 'ada', properties: ticket });
  expect(await advance(id, '3d')).toMatch(/csat-survey/);
  expect(await findSentActions(system, id)).toContain('csat-survey');
});

test('advance refuses with one line: an unknown customer, an address, one without a running journey, a bad duration', async () => {
  await expect(advance('user:nobody', '1h')).rejects.toThrow(
    /^there is no customer user:nobody at http:.*: send an event of this customer first$/,
  );
  await expect(advance('email:a@example.com', '1h')).rejects.toThrow(/look it up with/);
  const id = await startCustomer('gone');
  await system.getWorkflowHandle(id).terminate('for the test');
  await expect(advance('user:gone', '1h')).rejects.toThrow(
    'user:gone has no running journey: send an event of this customer while relay and worker run, then try again',
  );
  await expect(advance('user:gone', 'tomorrow')).rejects.toThrow(
    'tomorrow is no duration: write 90m, 25h, 3d or 2w, or an ISO 8601 one such as PT25H',
  );
});

test('advance refuses production, and a Temporal that is not for development', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  await expect(advance('user:helen', '1h')).rejects.toThrow(
    'advance is for development servers only, and NODE_ENV is production',
  );
  vi.stubEnv('NODE_ENV', 'test');
  vi.stubEnv('TEMPORAL_API_KEY', 'secret');
  await expect(advance('user:helen', '1h')).rejects.toThrow(
    /needs TLS or an API key: use the server that npm/,
  );
});

test('advance refuses a server whose time can’t be skipped, and says how to change that', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'advance-test-'));
  const temporal = await startTemporalServer({
    dir,
    persist: false,
    log: () => {},
    env: { PATH: process.env.PATH },
    settings: { 'frontend.WorkflowTimeSkippingEnabled': false },
  });
  const other = await startTestSystem({ files: treatEveryCustomer, temporalAddress: temporal.address });
  const otherApi = await startApi(other.service);
  try {
    const otherKey = await createKey(other.db.db, {
      workspace: WORKSPACE,
      kind: 'api',
      scopes: ['read'],
      label: 'test',
    });
    vi.stubEnv('THROUGHLINE_URL', `http://127.0.0.1:${otherApi.port}`);
    vi.stubEnv('THROUGHLINE_API_KEY', otherKey);
    await other.accept({ ...buildMachineOrder('helen'), userId: 'helen' });
    await expect(advance('user:helen', '1h')).rejects.toThrow(
      /^time skipping is off on the Temporal server at 127\.0\.0\.1:\d+ \(.*\): set frontend\.WorkflowTimeSkippingEnabled to true/,
    );
  } finally {
    await otherApi.stop();
    await other.stop();
    await temporal.stop();
    rmSync(dir, { recursive: true, force: true });
    vi.stubEnv('TEMPORAL_ADDRESS', '');
  }
});

test('advance refuses a server of before 1.32', async () => {
  const serving = (serverVersion: string) =>
    refuseOldServer(
      { workflowService: { getSystemInfo: async () => ({ serverVersion }) } } as never,
      'there:7233',
    );
  await expect(serving('1.31.2')).rejects.toThrow(
    "Temporal 1.31.2 at there:7233 can't skip time: upgrade it to 1.32.0 or newer",
  );
  await expect(serving('1.32.0')).resolves.toBeUndefined();
  await expect(serving('')).resolves.toBeUndefined();
});

test('readAdvanceDuration reads durations of a bundle and of ISO 8601, up to a year', () => {
  expect(readAdvanceDuration('90m')).toBe(90 * MINUTE);
  expect(readAdvanceDuration('25h')).toBe(25 * HOUR);
  expect(readAdvanceDuration('2w')).toBe(14 * DAY);
  expect(readAdvanceDuration('PT25H')).toBe(25 * HOUR);
  expect(readAdvanceDuration('P1W2DT3H4M5S')).toBe(9 * DAY + 3 * HOUR + 4 * MINUTE + 5_000);
  for (const text of ['0h', 'P', 'PT', 'P1M', '1.5h', '-3d', '']) {
    expect(() => readAdvanceDuration(text)).toThrow(/is no duration/);
  }
  expect(() => readAdvanceDuration('367d')).toThrow('367d is too long: advance at most 366d at once');
});
