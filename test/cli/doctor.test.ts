import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { doctorCommand } from '../../src/cli/doctor/doctor.ts';
import { JOBS } from '../../src/domain/job.ts';
import { buildJobScheduleId } from '../../src/temporal/schedules.ts';
import { createScheduleSyncFor } from '../support/sweep-fixtures.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';
import { runCommand } from './support/run-command.ts';

/** `throughline doctor` on real servers, with some faults made. */

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ relay: false });
  await createScheduleSyncFor(system)();
});
afterAll(async () => {
  for (const job of JOBS)
    await new Client({ connection: system.client.connection }).schedule
      .getHandle(buildJobScheduleId(system.service.config.taskQueue, { workspace: WORKSPACE, job }))
      .delete()
      .catch(() => {});
  await system?.stop();
});

interface Answer {
  healthy: boolean;
  findings: { level: string; check: string; message: string; remedy?: string }[];
}

/** Runs the command with this environment, and returns its JSON. */
async function examine(env: Record<string, string> = {}): Promise<Answer> {
  const { config } = system.service;
  const all = {
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TASK_QUEUE: config.taskQueue,
    SMTP_URL: config.smtpUrl ?? '',
    CHANNELS: JSON.stringify(config.channels),
    THROUGHLINE_SECRET: config.secret,
    PUBLIC_URL: 'https://shop.example',
    ...env,
  };
  const printed = await runCommand(env.DATABASE_URL ?? system.db.url, async () => {
    for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
    // It also fails where the answer is not healthy.
    await doctorCommand({ json: true }).catch((error: Error) => console.error(error.message));
  });
  return JSON.parse(printed.out.join('\n')) as Answer;
}

const select = ({ findings }: Answer, ...levels: string[]) =>
  findings.filter(({ level }) => levels.includes(level)).map(({ check }) => check);

test('a running system has no failure, and the warnings of a development server', async () => {
  let answer = await examine();
  // The listing of schedules lags behind.
  await waitUntil(
    async () => {
      answer = await examine();
      return !select(answer, 'fail').includes('schedules_missing');
    },
    'the schedules to be listed',
    30_000,
  );
  // Postgres of the tests forces nothing to disk.
  expect(select(answer, 'fail')).toEqual(['postgres_fsync', 'postgres_synchronous_commit']);
  expect(select(answer, 'warn')).toEqual(expect.arrayContaining(['postgres_standby', 'secret']));
  expect(select(answer, 'ok')).toEqual(
    expect.arrayContaining([
      'postgres_version',
      'postgres_pooler',
      'clock',
      'schema',
      'lag_events',
      'temporal_server',
      'temporal_namespace',
      'task_queue',
      'schedules',
      'journeys_stuck',
      'customers_parked',
      'mail_server',
    ]),
  );
  for (const { level, remedy } of answer.findings) expect(remedy === undefined).toBe(level === 'ok');
}, 90_000);

test('faults are found, each by its check, and what does not answer hides nothing else', async () => {
  const { sql } = system.db.db;
  await sql`
    insert into drizzle.__drizzle_migrations (hash, created_at)
    select 'of a newer build', max(created_at) + 1 from drizzle.__drizzle_migrations`;
  const ahead = await examine({ SMTP_URL: 'smtp://127.0.0.1:1', PORT: 'http' });
  expect(select(ahead, 'fail')).toEqual(expect.arrayContaining(['environment', 'schema']));
  await sql`delete from drizzle.__drizzle_migrations where hash = 'of a newer build'`;

  await system.client.schedule
    .getHandle(buildJobScheduleId(system.service.config.taskQueue, { workspace: WORKSPACE, job: 'fit' }))
    .pause();
  const faulty = async () =>
    examine({ CHANNELS: '', SMTP_URL: 'smtp://127.0.0.1:1', PUBLIC_URL: 'http://127.0.0.1:3000' });
  let answer = await faulty();
  await waitUntil(
    async () => {
      answer = await faulty();
      return select(answer, 'warn').includes('schedules_paused');
    },
    'the paused schedule to be listed',
    30_000,
  );
  expect(select(answer, 'fail')).toEqual(expect.arrayContaining(['mail_server']));
  expect(select(answer, 'warn')).toEqual(expect.arrayContaining(['public_url', 'schedules_paused']));

  const elsewhere = await examine({
    TASK_QUEUE: 'nobody-polls-this',
    TEMPORAL_NAMESPACE: 'no-such-namespace',
  });
  expect(select(elsewhere, 'fail')).toContain('temporal_namespace');
  const unpolled = await examine({ TASK_QUEUE: 'nobody-polls-this' });
  expect(select(unpolled, 'fail')).toEqual(expect.arrayContaining(['task_queue', 'schedules_missing']));

  const away = await examine({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(select(away, 'fail')).toContain('temporal');
  expect(select(away, 'ok')).toEqual(
    expect.arrayContaining(['postgres_version', 'lag_events', 'mail_server']),
  );
  const noDatabase = await examine({ DATABASE_URL: 'postgres://x@127.0.0.1:1/x' });
  expect(select(noDatabase, 'fail')).toContain('postgres');
  expect(select(noDatabase, 'ok')).toEqual(expect.arrayContaining(['temporal_server', 'task_queue']));
}, 120_000);

test('without --json each finding is a line, with what to do about it below', async () => {
  const printed = await runCommand('postgres://x@127.0.0.1:1/x', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', inject('temporalAddress'));
    await expect(doctorCommand()).rejects.toThrow(/^doctor: \d+ failed, \d+ warned, \d+ ok$/);
  });
  expect(printed.out.join('\n')).toMatch(
    /^fail {2}the database doesn't answer .*\n {6}→ correct that first/m,
  );
});
