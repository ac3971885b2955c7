import type { Tx } from '../../../db/client.ts';
import { readProcessedPosition } from '../../../db/journeys/processed-position.ts';
import { changeTask, lockTask, readTask, type TaskChange, type TaskRow } from '../../../db/tasks/tasks.ts';
import { buildEvent } from '../../api/commands/command.ts';
import { HttpError, notFound } from '../../api/frame/http-error.ts';
import type { Call } from '../../api/frame/operation.ts';
import type { EVENT } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import { lockForClaim, runClaimTransaction } from '../decide/claim/claim.ts';
import { acceptInTransaction } from '../intake/commit.ts';

/** What somebody does to a task. */
export interface TaskStep {
  change: TaskChange;
  event: (typeof EVENT)[
    | 'taskAcknowledged'
    | 'taskReleased'
    | 'taskEscalated'
    | 'taskResolved'
    | 'taskWithdrawn'];
  properties: Record<string, unknown>;
  /** Thrown when the step is committed: the call was refused, and that changed the task. */
  refusal?: HttpError;
}

/** Says what to do with the task as it is now; null: it's done already. May throw, then nothing is changed. */
export type PlanTaskStep = (
  tx: Tx,
  task: TaskRow,
  now: Instant,
) => Promise<TaskStep | null> | TaskStep | null;

/**
 * Changes a task and appends the event that says so, in one transaction. It locks what acceptance and claims lock, in
 * their order, before the task, and asks `judge` under the locks; so a ticket accepted before is seen (I3).
 */
export async function applyTaskStep(call: Call, judge: PlanTaskStep): Promise<TaskRow> {
  const { api, workspace } = call;
  const { sql } = api.deps.db;
  const id = call.params.id as string;
  const found = await readTask(sql, workspace, id);
  if (!found) throw notFound('task');
  const step = await runClaimTransaction(api.deps.db, (tx) => take(tx, call, found, judge));
  api.notifyRelays();
  if (step?.refusal) throw step.refusal;
  return (await readTask(sql, workspace, id)) ?? found;
}

async function take(tx: Tx, call: Call, found: TaskRow, judge: PlanTaskStep): Promise<TaskStep | null> {
  // Whoever answers for the customer today: a merge may have moved the task.
  const claimant = await lockForClaim(tx, found);
  if (!claimant || claimant.erased) throw notFound('task');
  const { customerId } = claimant;
  const task = await lockTask(tx, found.id);
  if (!task) throw notFound('task');
  const { lastNow } = await readProcessedPosition(tx, customerId);
  const step = await judge(tx, task, Math.max(Date.now(), lastNow));
  if (!step) return null;
  const about = { task_id: task.id, enrollment_id: task.enrollmentId, action: task.action };
  const event = buildEvent(call, customerId, step.event, { ...about, ...step.properties });
  const [receipt] = await acceptInTransaction(tx, call.api.decideDeps, [event]);
  // The same call under its idempotency key, whose first process died after this commit: it's done already.
  if (receipt?.status !== 'accepted') return null;
  await changeTask(tx, task, step.change);
  return step;
}

/** @throws HttpError 409 unless the task is in one of these states */
export function requireTaskState(task: TaskRow, ...states: TaskRow['state'][]): void {
  if (states.includes(task.state)) return;
  const extra = { state: task.state, assignee: task.assignee };
  throw new HttpError(409, 'task_state', `the task is ${task.state}, not ${states.join(' or ')}`, { extra });
}
