import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { describeOutcome } from '../../../src/cli/job/describe-outcome.ts';
import { jobCommand } from '../../../src/cli/job/job.ts';
import { JOBS } from '../../../src/domain/job.ts';
import { buildJobScheduleId } from '../../../src/temporal/schedules.ts';
import { createScheduleSyncFor } from '../../support/sweep-fixtures.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ relay: false });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
afterAll(async () => {
  for (const job of JOBS)
    await system?.client.schedule
      .getHandle(buildJobScheduleId(system.service.config.taskQueue, { workspace: WORKSPACE, job }))
      .delete();
  await system?.stop();
});

/** Runs the command and returns the lines that it prints. */
async function runCommand(...args: Parameters<typeof jobCommand>): Promise<string[]> {
  vi.stubEnv('DATABASE_URL', system.db.url);
  vi.stubEnv('TASK_QUEUE', system.service.config.taskQueue);
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  try {
    await jobCommand(...args);
  } finally {
    log.mockRestore();
  }
  return lines;
}

test('jobCommand runs a job at once, even if its schedule is paused, and prints the result in one line', async () => {
  await expect(runCommand('fit')).rejects.toThrow(/^there is no schedule for fit of aroma/);
  await createScheduleSyncFor(system)();
  const order = { order_id: 'o-1', total: 50 };
  await system.accept({ name: 'Order Completed', userId: 'buyer', properties: order });
  const { taskQueue } = system.service.config;
  await system.client.schedule
    .getHandle(buildJobScheduleId(taskQueue, { workspace: WORKSPACE, job: 'fit' }))
    .pause();
  const [first] = await runCommand('fit', { workspace: WORKSPACE });
  expect(first).toMatch(/^fitted 1 customer: version 1, without what needs a model of buying \(.*[^.]\)$/);
  expect((await runCommand('fit'))[0]).toMatch(/^today's fit exists already: version 1 of 20/);
  expect(await runCommand('learn')).toEqual([expect.stringMatching(/: model version \d+$/)]);
  expect(await runCommand('guard')).toEqual(['no action is paused']);
  expect(await runCommand('expire')).toEqual(['ended 0 coupons']);
});

test('jobCommand rejects an unknown job or workspace with a one-line error', async () => {
  await expect(runCommand('fitt')).rejects.toThrow('there is no job fitt: use learn, fit, guard, expire');
  await expect(runCommand('fit', { workspace: 'x' })).rejects.toThrow(
    'there is no workspace x with a bundle: use aroma',
  );
  vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
  await expect(runCommand('fit')).rejects.toThrow(
    "Temporal doesn't answer at 127.0.0.1:1: run npm start, or set TEMPORAL_ADDRESS",
  );
});

test('describeOutcome describes the difference between the states before and after a job', () => {
  const before = {
    fit: null,
    model: 1,
    closed: 3,
    counted: 2,
    paused: ['tip'],
    expired: 1,
    countedAt: 1,
    toCount: 5,
  };
  const fit = { version: 3, at: 0, customers: 2_357, refusal: null };
  const after = {
    fit,
    model: 2,
    closed: 1_003,
    counted: 502,
    paused: ['offer', 'tip'],
    expired: 2,
    countedAt: 2,
    toCount: 0,
  };
  expect(JOBS.map((job) => describeOutcome(job, before, after))).toEqual([
    'closed 1,000 rewards, learned from 500: model version 2',
    'fitted 2,357 customers: version 3',
    'paused offer',
    'ended 1 coupon',
    'all is counted',
  ]);
  expect(describeOutcome('learn', { ...before, model: 0 }, { ...before, model: 0 })).toBe(
    'no reward’s window had ended: there is no model yet',
  );
  expect(describeOutcome('guard', after, after)).toBe('no further action is paused: offer, tip were');
});
