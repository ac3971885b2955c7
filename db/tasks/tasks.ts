import type { TaskState } from '../../src/domain/delivery.ts';
import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { agentTasks } from '../schema.ts';

const COLUMNS = [
  'id',
  'customerId',
  'workspace',
  'decisionId',
  'enrollmentId',
  'action',
  'class',
  'topic',
  'key',
  'subject',
  'bundleVersion',
  'cost',
  'state',
  'queue',
  'level',
  'at',
  'acknowledgeBy',
  'resolveBy',
  'snoozedUntil',
  'assignee',
  'outcome',
  'endReason',
  'definition',
  'reasons',
  'case',
  'updatedAt',
] as const;

export type TaskRow = Row<typeof agentTasks, (typeof COLUMNS)[number]>;

export const TASK_COLUMNS = (tx: Tx, alias?: string) => selectColumns(tx, agentTasks, COLUMNS, alias);

export async function readTask(tx: Tx, workspace: string, id: string): Promise<TaskRow | null> {
  const [row] = await tx<TaskRow[]>`
    select ${TASK_COLUMNS(tx)} from agent_tasks where id = ${id} and workspace = ${workspace}`;
  return row ?? null;
}

export async function lockTask(tx: Tx, id: string): Promise<TaskRow | null> {
  const [row] = await tx<TaskRow[]>`select ${TASK_COLUMNS(tx)} from agent_tasks where id = ${id} for update`;
  return row ?? null;
}

export interface TaskChange {
  state: TaskState;
  assignee?: string | null;
  outcome?: string | null;
  endReason?: string | null;
  queue?: string;
  level?: number;
  acknowledgeBy?: number;
  snoozedUntil?: number | null;
  case?: unknown;
}

/** Changes the given members of a locked task. */
export async function changeTask(tx: Tx, task: TaskRow, change: TaskChange): Promise<void> {
  const next = { ...task, ...change };
  await tx`
    update agent_tasks set state = ${next.state}, assignee = ${next.assignee}, outcome = ${next.outcome},
      end_reason = ${next.endReason},
      queue = ${next.queue}, level = ${next.level},
      acknowledge_by = ${next.acknowledgeBy}, snoozed_until = ${next.snoozedUntil}, "case" = ${JSON.stringify(next.case ?? null)}::text::jsonb,
      updated_at = clock_timestamp()
    where id = ${task.id}`;
}
