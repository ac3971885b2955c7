import { type Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { SWEEP_TYPE, type SweepInput } from '../workflows/sweep-messages.ts';
import {
  dropSchedule,
  type JobSchedule,
  type ScheduleSubject,
  type SweepSchedule,
  upsertJobSchedule,
  upsertSweepSchedule,
} from './schedules.ts';

/** What the rest of the house may do with sweeps. Everything may be asked for again. */
export interface SweepClient {
  /** Runs a sweep that has begun, unless it is running. */
  run(sweep: { workspace: string; sweepId: string }): Promise<void>;
  upsertSweepSchedule(schedule: SweepSchedule): Promise<void>;
  upsertJobSchedule(schedule: JobSchedule): Promise<void>;
  dropSchedule(subject: ScheduleSubject): Promise<void>;
}

/** `bounds` may lower those of a run, for tests. */
export function createSweepClient(
  client: Client,
  taskQueue: string,
  bounds: Pick<SweepInput, 'pages'> = {},
): SweepClient {
  return {
    async run(sweep) {
      await client.workflow.start(SWEEP_TYPE, {
        // Two houses may share a namespace, but no task queue.
        workflowId: `sweep/${taskQueue}/${sweep.sweepId}`,
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
