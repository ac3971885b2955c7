import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Job } from '../domain/job.ts';
import { JOB_TYPE, type JobInput } from '../workflows/job-messages.ts';
import { SWEEP_TYPE, type SweepInput } from '../workflows/sweep-messages.ts';

/** A schedule that starts a sweep of the workspace. */
export interface SweepSchedule {
  workspace: string;
  /** The journey's entry; null for the hourly sweep of customers whom time alone has moved. */
  entry: { journey: string; index: number; cron: string } | null;
  /** IANA zone in which the cron is read. */
  timezone: string;
}

/** A schedule that runs a job of the workspace. */
export interface JobSchedule {
  workspace: string;
  job: Job;
  /** A cron of five fields, or an interval in seconds. */
  when: { cron: string; timezone: string } | { seconds: number };
}

/** After an outage, missed runs are made up for if they are at most this late: yesterday's promotion is void. */
const CATCHUP = '1h';

/** Identifies a sweep's schedule. */
export type ScheduleSubject = Pick<SweepSchedule, 'workspace' | 'entry'>;

/** Name of a schedule within an installation: `entry/aroma/weekly/0`, `hourly/aroma`. */
export function buildScheduleName({ workspace, entry }: ScheduleSubject): string {
  return entry === null ? `hourly/${workspace}` : `entry/${workspace}/${entry.journey}/${entry.index}`;
}

/** Id of a schedule. Installations that share a namespace have task queues of their own, and so own schedules. */
function buildScheduleId(taskQueue: string, subject: ScheduleSubject): string {
  return `${taskQueue}/${buildScheduleName(subject)}`;
}

/**
 * Creates or updates the schedule of a sweep.
 *
 * @param bounds lowers the limits of a workflow run; for tests
 */
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
      entry === null ? { kind: 'hourly' } : { kind: 'schedule', journey: entry.journey, entry: entry.index },
  };
  const options = {
    spec: { cronExpressions: [entry?.cron ?? buildHourlyCron(workspace)], timezone },
    action: {
      type: 'startWorkflow' as const,
      workflowType: SWEEP_TYPE,
      // The server appends the scheduled instant.
      workflowId: `sweep/${scheduleId}`,
      taskQueue,
      args: [input],
    },
    policies: { overlap: ScheduleOverlapPolicy.BUFFER_ONE, catchupWindow: CATCHUP },
  };
  await upsertSchedule(client, scheduleId, options);
}

/** Name of a job's schedule within an installation: `learn/aroma`. */
export function buildJobScheduleName({ workspace, job }: Pick<JobSchedule, 'workspace' | 'job'>): string {
  return `${job}/${workspace}`;
}

/** Id of a job's schedule. */
export function buildJobScheduleId(
  taskQueue: string,
  schedule: Pick<JobSchedule, 'workspace' | 'job'>,
): string {
  return `${taskQueue}/${buildJobScheduleName(schedule)}`;
}

/** Creates or updates the schedule of a job. */
export async function upsertJobSchedule(
  client: Client,
  taskQueue: string,
  schedule: JobSchedule,
): Promise<void> {
  const { workspace, job, when } = schedule;
  const scheduleId = buildJobScheduleId(taskQueue, schedule);
  await upsertSchedule(client, scheduleId, {
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
    // A missed run needs no catch-up: the next one does all the work that is due.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
  });
}

type ScheduleDefinition = Omit<Parameters<Client['schedule']['create']>[0], 'scheduleId'>;

async function upsertSchedule(
  client: Client,
  scheduleId: string,
  options: ScheduleDefinition,
): Promise<void> {
  try {
    await client.schedule.create({ ...options, scheduleId });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    // A schedule that an operator has paused stays paused.
    await client.schedule
      .getHandle(scheduleId)
      .update(({ state }) => ({ ...options, state: { paused: state.paused, note: state.note } }) as never);
  }
}

/** Names of the schedules of an installation. The listing lags behind by seconds. */
export async function listSchedules(client: Client, taskQueue: string): Promise<string[]> {
  const prefix = `${taskQueue}/`;
  const names: string[] = [];
  for await (const { scheduleId } of client.schedule.list({ pageSize: 1_000 }))
    if (scheduleId.startsWith(prefix)) names.push(scheduleId.slice(prefix.length));
  return names;
}

/** Whether the installation has a schedule of this name. */
export async function hasSchedule(client: Client, taskQueue: string, name: string): Promise<boolean> {
  try {
    await client.schedule.getHandle(`${taskQueue}/${name}`).describe();
    return true;
  } catch (error) {
    if ((error as Error).name === 'ScheduleNotFoundError') return false;
    throw error;
  }
}

/** Removes the schedule of a sweep. Does nothing when there is none. */
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

/** Cron of the hourly sweep: the minute follows from the workspace, so that not all of them start together. */
function buildHourlyCron(workspace: string): string {
  const minute = [...workspace].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 60, 0);
  return `${minute} * * * *`;
}
