import type { ActionClass, TaskDef } from '../../src/domain/definition.ts';
import type { TaskState } from '../../src/domain/delivery.ts';
import type { Tx } from '../client.ts';

export interface TaskRow {
  id: string;
  customerId: string;
  workspace: string;
  decisionId: string;
  enrollmentId: string;
  action: string;
  class: ActionClass;
  topic: string | null;
  key: string | null;
  subject: string | null;
  bundleVersion: number;
  /** Minor units of the workspace's currency that are reserved for it. */
  cost: number;
  state: TaskState;
  queue: string;
  level: number;
  at: number;
  acknowledgeBy: number;
  resolveBy: number;
  assignee: string | null;
  outcome: string | null;
  definition: TaskDef;
  reasons: string[];
  case: unknown;
}

export const TASK_COLUMNS = (tx: Tx) => tx`
  id, customer_id as "customerId", workspace, decision_id as "decisionId", enrollment_id as "enrollmentId", action,
  class, topic, key, subject, bundle_version as "bundleVersion", cost, state, queue, level, at, acknowledge_by as "acknowledgeBy",
  resolve_by as "resolveBy", assignee, outcome, definition, reasons, "case"`;

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
  queue?: string;
  level?: number;
  acknowledgeBy?: number;
  case?: unknown;
}

/** Changes a locked task. What isn't named stays. */
export async function changeTask(tx: Tx, task: TaskRow, change: TaskChange): Promise<void> {
  const next = { ...task, ...change };
  await tx`
    update agent_tasks set state = ${next.state}, assignee = ${next.assignee}, outcome = ${next.outcome},
      queue = ${next.queue}, level = ${next.level},
      acknowledge_by = ${next.acknowledgeBy}, "case" = ${JSON.stringify(next.case ?? null)}::text::jsonb,
      updated_at = clock_timestamp()
    where id = ${task.id}`;
}
