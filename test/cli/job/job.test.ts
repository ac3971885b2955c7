import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { describeOutcome } from '../../../src/cli/job/describe-outcome.ts';
import { jobCommand } from '../../../src/cli/job/job.ts';
import { JOBS } from '../../../src/domain/job.ts';
import { buildJobScheduleId } from '../../../src/temporal/schedules.ts';
import { createScheduleSyncFor } from '../../support/sweep-fixtures.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';

let house: TestSystem;
beforeAll(async () => {
  house = await startTestSystem({ relay: false });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
afterAll(async () => {
  for (const job of JOBS)
    await house?.client.schedule
      .getHandle(buildJobScheduleId(house.service.config.taskQueue, { workspace: WORKSPACE, job }))
      .delete();
  await house?.stop();
});

/** What the command says. */
async function said(...args: Parameters<typeof jobCommand>): Promise<string[]> {
  vi.stubEnv('DATABASE_URL', house.db.url);
  vi.stubEnv('TASK_QUEUE', house.service.config.taskQueue);
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  try {
    await jobCommand(...args);
  } finally {
    log.mockRestore();
  }
  return lines;
}

test('a job is done at once and says in a line what came of it, also where its schedule is paused', async () => {
  await expect(said('fit')).rejects.toThrow(/^there is no schedule for fit of aroma/);
  await createScheduleSyncFor(house)();
  const order = { order_id: 'o-1', total: 50 };
  await house.accept({ name: 'Order Completed', userId: 'buyer', properties: order });
  const { taskQueue } = house.service.config;
  await house.client.schedule
    .getHandle(buildJobScheduleId(taskQueue, { workspace: WORKSPACE, job: 'fit' }))
    .pause();
  const [first] = await said('fit', { workspace: WORKSPACE });
  expect(first).toMatch(/^fitted 1 customer: version 1, without what needs a model of buying \(.*[^.]\)$/);
  expect((await said('fit'))[0]).toMatch(/^today's fit exists already: version 1 of 20/);
  expect(await said('learn')).toEqual([expect.stringMatching(/: model version \d+$/)]);
  expect(await said('guard')).toEqual(['no action is paused']);
  expect(await said('expire')).toEqual(['ended 0 coupons']);
});

test('what is asked for wrongly is told in one line', async () => {
  await expect(said('fitt')).rejects.toThrow('there is no job fitt: use learn, fit, guard, expire');
  await expect(said('fit', { workspace: 'x' })).rejects.toThrow(
    'there is no workspace x with a bundle: use aroma',
  );
  vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
  await expect(said('fit')).rejects.toThrow(
    "Temporal doesn't answer at 127.0.0.1:1: run npm start, or set TEMPORAL_ADDRESS",
  );
});

test('what a job did is what differs from before', () => {
  const before = { fit: null, model: 1, closed: 3, counted: 2, paused: ['tip'], expired: 1 };
  const fit = { version: 3, at: 0, customers: 2_357, refusal: null };
  const after = { fit, model: 2, closed: 1_003, counted: 502, paused: ['offer', 'tip'], expired: 2 };
  expect(JOBS.map((job) => describeOutcome(job, before, after))).toEqual([
    'closed 1,000 rewards, learned from 500: model version 2',
    'fitted 2,357 customers: version 3',
    'paused offer',
    'ended 1 coupon',
  ]);
  expect(describeOutcome('learn', { ...before, model: 0 }, { ...before, model: 0 })).toBe(
    'no reward’s window had ended: there is no model yet',
  );
  expect(describeOutcome('guard', after, after)).toBe('no further action is paused: offer, tip were');
});
