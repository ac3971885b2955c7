import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPartition } from '../../../db/partitions/create-partitions.ts';
import { addMonths, monthOf, partitionName, startOf } from '../../../db/partitions/months.ts';
import { jobCommand } from '../../../src/cli/job/job.ts';
import { readRetention } from '../../../src/config.ts';
import { DAY, iso } from '../../../src/domain/time/time.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const OLD = addMonths(monthOf(Date.now()), -12);

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  const { sql } = database.db;
  await sql.begin((tx) => createPartition(tx, 'events', 'accepted_at', OLD));
  const at = iso(startOf(OLD) + DAY);
  await sql`insert into customers (id, workspace, seq, profile) values ('cus_a', 'aroma', 2, '{}')`;
  await sql`insert into wakes (customer_id, workspace, requested_seq, processed_seq) values ('cus_a', 'aroma', 2, 1)`;
  await sql`
    insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
    select 'cus_a', n, 'aroma', 'evt_' || n, 'm' || n, 'track', 'Seen', ${at}, ${at}, false, 'shop', '{}'
    from generate_series(1, 2) n`;
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await database.drop();
});

async function runCommand(env: Record<string, string>, options = {}): Promise<string[]> {
  vi.stubEnv('DATABASE_URL', database.url);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  await jobCommand('retain', options);
  return lines;
}

const exists = async () => {
  const [row] = await database.db
    .sql`select to_regclass(${partitionName('events', OLD)}) is not null as found`;
  return row?.found;
};

test('job retain --dry-run says what would be dropped, job retain drops it and says so', async () => {
  const env = { RETAIN_EVENTS: '6 months', RETAIN_DECISIONS: '6 months', RETAIN_CONTENT: '6 months' };
  expect(await runCommand(env, { dryRun: true })).toEqual([
    expect.stringMatching(`^events of ${OLD}: would drop 1 row and keep 1 \\(\\d+ MB\\)$`),
  ]);
  expect(await exists()).toBe(true);
  expect(await runCommand(env)).toEqual([`events of ${OLD}: dropped 1 row, kept 1`]);
  expect(await exists()).toBe(false);
  expect(await runCommand(env)).toEqual(['nothing is older than it is kept']);
});

test('job retain without limits drops nothing and says which variable to set', async () => {
  expect(await runCommand({})).toEqual([
    'events are kept without limit: set RETAIN_EVENTS',
    'decisions are kept without limit: set RETAIN_DECISIONS',
    'content is kept without limit: set RETAIN_CONTENT',
  ]);
  expect(await exists()).toBe(true);
  await expect(runCommand({}, { workspace: 'aroma' })).rejects.toThrow('all workspaces');
  await expect(runCommand({ RETAIN_EVENTS: 'soon' })).rejects.toThrow(
    'RETAIN_EVENTS: must be a length of time; for example RETAIN_EVENTS=25 months',
  );
});

test.each([
  ['25 months', 775],
  ['400d', 400],
  ['60 weeks', 420],
  ['1 year', 366],
  ['92d', 92],
])('RETAIN_EVENTS=%s is %i days', (text, days) => {
  expect(readRetention({ RETAIN_EVENTS: text })).toEqual({
    events: days * DAY,
    decisions: null,
    sent_messages: null,
  });
});

test.each(['91d', '2 months', '0d'])('RETAIN_DECISIONS=%s is too short', (text) => {
  expect(() => readRetention({ RETAIN_DECISIONS: text })).toThrow(
    'RETAIN_DECISIONS: must be at least 92 days',
  );
});
