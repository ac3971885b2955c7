import { type Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { buildSweepWorkflowId } from '../workflows/identifiers.ts';
import { SWEEP_TYPE, type SweepInput } from '../workflows/sweep-messages.ts';
import {
  dropSchedule,
  hasSchedule,
  type JobSchedule,
  listSchedules,
  type ScheduleSubject,
  type SweepSchedule,
  upsertJobSchedule,
  upsertSweepSchedule,
} from './schedules.ts';

/** Starts sweeps and maintains their schedules in Temporal. Every call is safe to repeat. */
export interface SweepClient {
  /** Starts the workflow of a sweep that has begun, unless it is running. */
  run(sweep: { workspace: string; sweepId: string }): Promise<void>;
  upsertSweepSchedule(schedule: SweepSchedule): Promise<void>;
  upsertJobSchedule(schedule: JobSchedule): Promise<void>;
  dropSchedule(subject: ScheduleSubject): Promise<void>;
  /** Names of the installation's schedules in Temporal, as `buildScheduleName` and `buildJobScheduleName` give them. */
  listSchedules(): Promise<string[]>;
  /** Whether there is a schedule of this name. Listings lag behind; this does not. */
  hasSchedule(name: string): Promise<boolean>;
  /** Ids of the running workflows of sweeps. */
  listRunningSweeps(): Promise<string[]>;
}

/** @param bounds lowers the limits of a workflow run; for tests */
export function createSweepClient(
  client: Client,
  taskQueue: string,
  bounds: Pick<SweepInput, 'pages'> = {},
): SweepClient {
  return {
    async run(sweep) {
      await client.workflow.start(SWEEP_TYPE, {
        workflowId: buildSweepWorkflowId(taskQueue, sweep.sweepId),
        taskQueue,
        args: [{ ...bounds, ...sweep } satisfies SweepInput],
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      });
    },
    upsertSweepSchedule: (schedule) => upsertSweepSchedule(client, taskQueue, schedule, bounds),
    upsertJobSchedule: (schedule) => upsertJobSchedule(client, taskQueue, schedule),
    dropSchedule: (subject) => dropSchedule(client, taskQueue, subject),
    listSchedules: () => listSchedules(client, taskQueue),
    hasSchedule: (name) => hasSchedule(client, taskQueue, name),
    async listRunningSweeps() {
      const ids: string[] = [];
      const query = `WorkflowType = '${SWEEP_TYPE}' AND TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
      for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
      return ids;
    },
  };
}
