import { type Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { buildSweepWorkflowId } from '../workflows/identifiers.ts';
import { SWEEP_TYPE, type SweepInput } from '../workflows/sweep-messages.ts';
import {
  dropSchedule,
  type JobSchedule,
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
  };
}
