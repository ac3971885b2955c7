import v8 from 'node:v8';
import vm from 'node:vm';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { beginSweep } from '../../db/sweeps/sweeps.ts';
import { decideNextBestAction } from '../../src/app/decide/journey.ts';
import { sweepPage } from '../../src/app/sweeps/sweep-page.ts';
import { createActivityDeps } from '../../src/service/activity-deps.ts';
import { fetchHistory, replayHistory } from '../../src/testing/replay.ts';
import { type ChildProcessHandle, startChildProcess } from '../support/child-process.ts';
import {
  buildJourneyFile,
  buildSegmentsFile,
  buildSmallBundle,
  createScheduleSyncFor,
  insertCustomers,
  PATIENT_JOURNEY,
} from '../support/sweep-fixtures.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

const VIP = "has(traits.tier) && traits.tier == 'gold'";
const weekly = buildJourneyFile('weekly', `{ schedule: "0 9 * * 1", where: vips }`);

let system: TestSystem;
const children: ChildProcessHandle[] = [];
beforeAll(async () => {
  system = await startTestSystem({
    files: () => buildSmallBundle(weekly, buildSegmentsFile({ vips: VIP })),
    worker: false,
    relay: false,
  });
});
afterAll(async () => {
  for (const child of children) await child.kill();
  await system?.stop();
});

async function worker(failpoints: Record<string, string> = {}): Promise<ChildProcessHandle> {
  const FAILPOINTS = JSON.stringify(failpoints);
  const child = await startChildProcess(system, 'test/support/failpoint-worker.ts', { FAILPOINTS });
  children.push(child);
  return child;
}

const reached = (child: ChildProcessHandle) =>
  waitUntil(
    async () => child.lines.some((l) => l.startsWith('reached')),
    'the worker to stop at the failpoint',
    60_000,
  );

/** Counts the `Entry Due` events of each customer. */
async function due(): Promise<Map<string, number>> {
  const rows = await system.db.db.sql`
    select customer_id as id, count(*) as n from events where name = 'Entry Due' group by customer_id`;
  return new Map(rows.map((row) => [row.id, Number(row.n)]));
}

test('an activation creates one schedule per schedule entry, however often it runs, and drops those of removed journeys', async () => {
  const arrange = createScheduleSyncFor(system);
  await arrange();
  await arrange();
  await createScheduleSyncFor(system)();
  const handle = system.client.schedule.getHandle(
    `${system.service.config.taskQueue}/entry/${WORKSPACE}/weekly/0`,
  );
  const there = await handle.describe();
  expect(there.policies).toMatchObject({
    overlap: ScheduleOverlapPolicy.BUFFER_ONE,
    catchupWindow: 3_600_000,
  });
  const [next] = there.info.nextActionTimes;
  const local = next?.toLocaleString('en-GB', {
    timeZone: 'Europe/Berlin',
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
  expect(local).toBe('Monday 09:00');
  const [row] = await system.db.db.sql`select synced_version as v, config_version as c from workspaces`;
  expect(row?.v).toBe(row?.c);

  await system.applyExample(() => buildSmallBundle(buildSegmentsFile({ vips: VIP })));
  await arrange();
  await expect(handle.describe()).rejects.toThrow();
  await system.applyExample(() => buildSmallBundle(weekly, buildSegmentsFile({ vips: VIP })));
  await arrange();
  await handle.describe();
});

test('a schedule enters 3,000 customers once each, even if the sweep’s worker is killed before and after a commit', async () => {
  const ids = await insertCustomers(system.db.db, 3_200, (n) => ({ tier: n < 3_000 ? 'gold' : 'tin' }));
  const handle = system.client.schedule.getHandle(
    `${system.service.config.taskQueue}/entry/${WORKSPACE}/weekly/0`,
  );
  const first = await worker({ '#1000': 'sweeping' });
  await handle.trigger();
  await reached(first);
  await first.kill();
  // The work before the commit is rolled back.
  expect((await due()).size).toBe(1_000);
  const second = await worker({ '#2000': 'swept' });
  await reached(second);
  await second.kill();
  expect((await due()).size).toBe(2_500);
  await worker();
  await waitUntil(
    async () => {
      const rows = await system.db.db
        .sql`select 1 from sweeps where kind = 'schedule' and done_at is not null`;
      return rows.length === 1;
    },
    'the sweep to end',
    90_000,
  );

  const { info } = await handle.describe();
  const [named] = await system.db.db.sql`select occurrence from sweeps where kind = 'schedule'`;
  // The scheduled instant in whole seconds, not the time at which the workflow started.
  expect(named?.occurrence).toBe(
    info.recentActions[0]?.scheduledAt.toISOString().replace(/\.\d+Z$/, '.000Z'),
  );
  // Two pages per run: it has continued as new, and its last run replays on the current code.
  const { workflowId, firstExecutionRunId } = info.recentActions[0]?.action.workflow ?? { workflowId: '' };
  expect((await system.client.workflow.getHandle(workflowId).describe()).runId).not.toBe(firstExecutionRunId);
  await replayHistory(await fetchHistory(system.client, workflowId), {
    bundle: { codePath: inject('workflowBundlePath') },
    workflowId,
  });

  const dueCounts = await due();
  expect([...dueCounts.values()].every((n) => n === 1)).toBe(true);
  expect([...dueCounts.keys()].sort()).toEqual(ids.slice(0, 3_000).sort());
  const [sweep] = await system.db.db.sql`select seen, found from sweeps where kind = 'schedule'`;
  expect([Number(sweep?.seen), Number(sweep?.found)]).toEqual([3_200, 3_000]);

  const deps = createActivityDeps(system.service, []);
  const request = {
    workspace: WORKSPACE,
    ordinal: null,
    directEvents: [],
    effectsSettled: false,
    rollingOver: false,
  };
  for (let from = 0; from < ids.length; from += 20) {
    const some = ids.slice(from, from + 20);
    await Promise.all(
      some.map((customerId) => decideNextBestAction(deps, { ...request, customerId, now: Date.now() })),
    );
  }
  const entered = await system.db.db.sql`
    select customer_id as id, count(*) as n from enrollments where journey = 'weekly' group by customer_id`;
  expect(entered.map((row) => row.id).sort()).toEqual(ids.slice(0, 3_000).sort());
  expect(entered.every((row) => Number(row.n) === 1)).toBe(true);
}, 240_000);

test('a sweep’s memory does not grow with the number of customers', async () => {
  v8.setFlagsFromString('--expose-gc');
  const kept = () => {
    vm.runInNewContext('gc')();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  for (let n = 0; n < 3; n++) await insertCustomers(system.db.db, 4_000, (i) => ({ tier: 'tin', i }));
  const sweep = {
    workspace: WORKSPACE,
    kind: 'schedule',
    journey: 'weekly',
    entry: 0,
    occurrence: 'x',
  } as const;
  const [row] = await system.db.db.sql`select config_version as v from workspaces`;
  const { id } = await beginSweep(system.db.db.sql, { ...sweep, version: row?.v, done: false });
  const deps = createActivityDeps(system.service, []);
  const sizes: number[] = [];
  for (let done = false; !done; ) {
    done = (await sweepPage(deps, { sweepId: id })).done;
    sizes.push(kept());
  }
  expect(sizes.length).toBeGreaterThan(25);
  // Ten more pages hold more than ten megabytes of profiles.
  expect((sizes.at(-1) ?? 0) - (sizes[8] ?? 0)).toBeLessThan(2);
}, 120_000);

test('a sweep without a worker continues when one starts, and a journey removed meanwhile enters no customer', async () => {
  const before = (await due()).size;
  await system.applyExample(() => buildSmallBundle(PATIENT_JOURNEY, buildSegmentsFile({ vips: VIP })));
  // The schedule still exists, because schedules have not been synchronised yet.
  await system.client.schedule
    .getHandle(`${system.service.config.taskQueue}/entry/${WORKSPACE}/weekly/0`)
    .trigger();
  await waitUntil(async () => {
    const rows = await system.db.db.sql`select 1 from sweeps where kind = 'schedule' and done_at is not null`;
    return rows.length === 3;
  }, 'the sweep to end');
  expect((await due()).size).toBe(before);
  await createScheduleSyncFor(system)();
});
