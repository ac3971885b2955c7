import type { Tx } from '../../../db/client.ts';
import type { Claimant } from '../../../db/customers/claimant.ts';
import { readProcessedPosition } from '../../../db/journeys/processed-position.ts';
import { changeTask, lockTask, readTask, type TaskChange, type TaskRow } from '../../../db/tasks/tasks.ts';
import type { GateVerdict } from '../../domain/candidate.ts';
import type { EVENT } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import { buildEvent } from '../commands/append-commands.ts';
import { lockForClaim, runClaimTransaction } from '../decide/claim/lock.ts';
import type { DecisionServices } from '../decide/services.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import { acceptInTransaction } from '../intake/commit.ts';
import { recordNotFound } from '../use-case-error.ts';

/** What an agent does to a task. */
export interface TaskStep {
  /** Null: the task stays as it is. */
  write: {
    change: TaskChange;
    event: (typeof EVENT)[
      | 'taskAcknowledged'
      | 'taskReleased'
      | 'taskSnoozed'
      | 'taskEscalated'
      | 'taskResolved'
      | 'taskWithdrawn'];
    properties: Record<string, unknown>;
  } | null;
  /** Verdicts of the gates that refused the step. */
  refusals: GateVerdict[];
}

/** Plans a step for a locked task; null if the task is already in the requested state. It may throw a refusal. */
export type PlanTaskStep = (
  tx: Tx,
  task: TaskRow,
  now: Instant,
  claimant: Claimant,
) => Promise<TaskStep | null> | TaskStep | null;

export interface TaskStepRequest {
  workspace: string;
  taskId: string;
  /** Message id of the event that records the step. */
  messageId: string;
}

/**
 * Changes a task and appends the event about it, in one transaction. The locks are those of acceptance and claims, in
 * the same order, and the task is locked last. `plan` runs under all of them, so a ticket that was accepted before is
 * visible to it (I3).
 *
 * @returns the verdicts of the gates that refused the step
 * @throws UseCaseError `not_found`
 */
export async function applyTaskStep(
  deps: DecisionServices,
  request: TaskStepRequest,
  plan: PlanTaskStep,
  inSameTransaction?: InSameTransaction<GateVerdict[]>,
): Promise<GateVerdict[]> {
  const task = await readTask(deps.db.sql, request.workspace, request.taskId);
  if (!task) throw recordNotFound('task');
  return runClaimTransaction(deps.db, async (tx) => {
    const step = await applyInTransaction(tx, deps, request, task, plan);
    const refusals = step?.refusals ?? [];
    await inSameTransaction?.(tx, refusals);
    return refusals;
  });
}

async function applyInTransaction(
  tx: Tx,
  deps: DecisionServices,
  request: TaskStepRequest,
  unlocked: TaskRow,
  plan: PlanTaskStep,
): Promise<TaskStep | null> {
  // A merge may have given the task to another customer.
  const claimant = await lockForClaim(tx, unlocked);
  if (!claimant || claimant.erased) throw recordNotFound('task');
  const { customerId } = claimant;
  const task = await lockTask(tx, unlocked.id);
  if (!task) throw recordNotFound('task');
  const { lastNow } = await readProcessedPosition(tx, customerId);
  const step = await plan(tx, task, Math.max(Date.now(), lastNow), claimant);
  if (!step?.write) return step;
  const { change, event, properties } = step.write;
  const refs = { task_id: task.id, enrollment_id: task.enrollmentId, action: task.action };
  const [receipt] = await acceptInTransaction(tx, deps, [
    buildEvent(request, customerId, event, { ...refs, ...properties }),
  ]);
  if (receipt?.status !== 'accepted') return null;
  await changeTask(tx, task, change);
  return step;
}
