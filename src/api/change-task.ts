import type { Tx } from '../../db/client.ts';
import {
  changeTask,
  lockTask,
  readTask,
  type TaskChange,
  type TaskRow,
} from '../../db/queries/agent-tasks.ts';
import { readTaken } from '../../db/queries/read-taken.ts';
import { inClaim, lockForClaim } from '../activities/claim.ts';
import type { EVENT } from '../domain/event.ts';
import type { Instant } from '../domain/time.ts';
import { appendAll } from '../intake/commit.ts';
import { eventAbout } from './command.ts';
import { HttpError, notFound } from './http-error.ts';
import type { Call } from './operation.ts';

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
export type Judge = (tx: Tx, task: TaskRow, now: Instant) => Promise<TaskStep | null> | TaskStep | null;

/**
 * Changes a task and appends the event that says so, in one transaction. It locks what acceptance and claims lock, in
 * their order, before the task, and asks `judge` under the locks; so a ticket accepted before is seen (I3).
 */
export async function stepTask(call: Call, judge: Judge): Promise<TaskRow> {
  const { api, workspace } = call;
  const { sql } = api.deps.db;
  const id = call.params.id as string;
  const found = await readTask(sql, workspace, id);
  if (!found) throw notFound('task');
  const step = await inClaim(api.deps.db, (tx) => take(tx, call, found, judge));
  api.notify();
  if (step?.refusal) throw step.refusal;
  return (await readTask(sql, workspace, id)) ?? found;
}

async function take(tx: Tx, call: Call, found: TaskRow, judge: Judge): Promise<TaskStep | null> {
  // Whoever answers for the customer today: a merge may have moved the task.
  const claimant = await lockForClaim(tx, found);
  if (!claimant || claimant.erased) throw notFound('task');
  const { customerId } = claimant;
  const task = await lockTask(tx, found.id);
  if (!task) throw notFound('task');
  const { lastNow } = await readTaken(tx, customerId);
  const step = await judge(tx, task, Math.max(Date.now(), lastNow));
  if (!step) return null;
  const about = { task_id: task.id, enrollment_id: task.enrollmentId, action: task.action };
  const event = eventAbout(call, customerId, step.event, { ...about, ...step.properties });
  const [receipt] = await appendAll(tx, call.api.decide, [event]);
  // The same call under its idempotency key, whose first process died after this commit: it's done already.
  if (receipt?.status !== 'accepted') return null;
  await changeTask(tx, task, step.change);
  return step;
}

/** @throws HttpError 409 unless the task is in one of these states */
export function mustBe(task: TaskRow, ...states: TaskRow['state'][]): void {
  if (states.includes(task.state)) return;
  const extra = { state: task.state, assignee: task.assignee };
  throw new HttpError(409, 'task_state', `the task is ${task.state}, not ${states.join(' or ')}`, { extra });
}
