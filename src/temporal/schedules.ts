import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Job } from '../domain/job.ts';
import { JOB_TYPE, type JobInput } from '../workflows/job-messages.ts';
import { SWEEP_TYPE, type SweepInput } from '../workflows/sweep-messages.ts';

/** A schedule of ours: at its instants a sweep goes through the workspace. */
export interface SweepSchedule {
  workspace: string;
  /** Of a journey's entry; null: the hourly look at whom time alone has moved. */
  entry: { journey: string; index: number; cron: string } | null;
  /** IANA zone in which the cron is read. */
  timezone: string;
}

/** A schedule of ours: at its instants a job is done for the workspace. */
export interface JobSchedule {
  workspace: string;
  job: Job;
  /** Five fields; or every so many seconds. */
  when: { cron: string; timezone: string } | { seconds: number };
}

/** Runs of an outage are made up for if they are at most this late: a promotion of yesterday morning is none any more. */
const CATCHUP = '1h';

/** What a schedule is for. */
export type ScheduleSubject = Pick<SweepSchedule, 'workspace' | 'entry'>;

/** Names a schedule within a house: `entry/aroma/weekly/0`, `look/aroma`. */
export function buildScheduleName({ workspace, entry }: ScheduleSubject): string {
  return entry === null ? `look/${workspace}` : `entry/${workspace}/${entry.journey}/${entry.index}`;
}

/** Temporal keeps one per id. Two houses that share a namespace have task queues of their own, and so schedules. */
export function buildScheduleId(taskQueue: string, subject: ScheduleSubject): string {
  return `${taskQueue}/${buildScheduleName(subject)}`;
}

/** Puts a schedule in place, or brings the one that is there to this. `bounds` may lower those of a run, for tests. */
export async function upsertSweepSchedule(
  client: Client,
  taskQueue: string,
  schedule: SweepSchedule,
  bounds: Pick<SweepInput, 'pages'> = {},
): Promise<void> {
  const scheduleId = buildScheduleId(taskQueue, schedule);
  const { workspace, entry, timezone } = schedule;
  const input: SweepInput = {
    ...bounds,
    workspace,
    sweepId: null,
    scheduled:
      entry === null ? { kind: 'look' } : { kind: 'schedule', journey: entry.journey, entry: entry.index },
  };
  const options = {
    spec: { cronExpressions: [entry?.cron ?? hourly(workspace)], timezone },
    action: {
      type: 'startWorkflow' as const,
      workflowType: SWEEP_TYPE,
      // The server appends the instant.
      workflowId: `sweep/${scheduleId}`,
      taskQueue,
      args: [input],
    },
    policies: { overlap: ScheduleOverlapPolicy.BUFFER_ONE, catchupWindow: CATCHUP },
  };
  await keep(client, scheduleId, options);
}

/** Under which Temporal keeps a job's schedule. */
export function buildJobScheduleId(
  taskQueue: string,
  { workspace, job }: Pick<JobSchedule, 'workspace' | 'job'>,
): string {
  return `${taskQueue}/${job}/${workspace}`;
}

/** Puts a job's schedule in place, or brings the one that is there to this. */
export async function upsertJobSchedule(
  client: Client,
  taskQueue: string,
  schedule: JobSchedule,
): Promise<void> {
  const { workspace, job, when } = schedule;
  const scheduleId = buildJobScheduleId(taskQueue, schedule);
  await keep(client, scheduleId, {
    spec:
      'cron' in when
        ? { cronExpressions: [when.cron], timezone: when.timezone }
        : { intervals: [{ every: when.seconds * 1_000 }] },
    action: {
      type: 'startWorkflow',
      workflowType: JOB_TYPE,
      workflowId: `job/${scheduleId}`,
      taskQueue,
      args: [{ workspace, job } satisfies JobInput],
    },
    // One that is missed is made up for by the next: each does all there is to do.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
  });
}

type Options = Omit<Parameters<Client['schedule']['create']>[0], 'scheduleId'>;

async function keep(client: Client, scheduleId: string, options: Options): Promise<void> {
  try {
    await client.schedule.create({ ...options, scheduleId });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    // Whether an operator has paused it is theirs to say.
    await client.schedule
      .getHandle(scheduleId)
      .update(({ state }) => ({ ...options, state: { paused: state.paused, note: state.note } }) as never);
  }
}

/** Removes a schedule. One that isn't there is removed already. */
export async function dropSchedule(
  client: Client,
  taskQueue: string,
  subject: ScheduleSubject,
): Promise<void> {
  await client.schedule
    .getHandle(buildScheduleId(taskQueue, subject))
    .delete()
    .catch((error: Error) => {
      if (error.name !== 'ScheduleNotFoundError') throw error;
    });
}

/** Not everybody at the full hour. */
function hourly(workspace: string): string {
  const minute = [...workspace].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 60, 0);
  return `${minute} * * * *`;
}
