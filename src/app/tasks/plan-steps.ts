import type { Tx } from '../../../db/client.ts';
import type { Claimant } from '../../../db/customers/claimant.ts';
import type { TaskRow } from '../../../db/tasks/tasks.ts';
import { EVENT } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import { judgeClaim, toClaimSubject } from '../decide/claim/judge.ts';
import type { DecisionServices } from '../decide/services.ts';
import { UseCaseError } from '../use-case-error.ts';
import type { PlanTaskStep, TaskStep } from './apply-step.ts';

/** The agent who takes a step, and a remark. */
export interface StepNote {
  actor?: string | undefined;
  note?: string | undefined;
}

/** Gives the task to an agent. The gates are asked again: a ticket may have been opened since the decision. */
export function planClaim(deps: DecisionServices, assignee: string): PlanTaskStep {
  return async (tx, task, now, claimant) => {
    if (task.state === 'acknowledged' && task.assignee === assignee) return null;
    requireState(task, 'open');
    const refused = await refuseClaim(tx, deps, claimant, task, now);
    if (refused) return refused;
    return buildStep({ state: 'acknowledged', assignee }, EVENT.taskAcknowledged, { actor: assignee });
  };
}

/** Puts the task back into its queue. */
export function planRelease(note: StepNote): PlanTaskStep {
  return (_tx, task) => {
    if (task.state === 'open') return null;
    requireState(task, 'acknowledged');
    return buildStep({ state: 'open', assignee: null }, EVENT.taskReleased, describeStep(note, task));
  };
}

/** Ends the task with one of the outcomes of its definition. @throws UseCaseError `unknown_outcome` */
export function planResolve(outcome: string, note: StepNote): PlanTaskStep {
  return (_tx, task) => {
    const { outcomes } = task.definition;
    if (!outcomes.includes(outcome))
      throw new UseCaseError(
        'unprocessable',
        'unknown_outcome',
        `the outcome must be one of: ${outcomes.join(', ')}`,
        { errors: [{ path: 'outcome', code: 'unknown_outcome' }], extra: { outcomes } },
      );
    if (task.state === 'resolved' && task.outcome === outcome) return null;
    requireState(task, 'open', 'acknowledged');
    const properties = { outcome, ...describeStep(note, task) };
    return buildStep({ state: 'resolved', outcome }, EVENT.taskResolved, properties);
  };
}

/** Moves the task to the next queue of its definition. @throws UseCaseError `last_queue` */
export function planEscalate(note: StepNote): PlanTaskStep {
  return (_tx, task, now) => {
    requireState(task, 'open', 'acknowledged');
    const queue = task.definition.escalate[task.level];
    if (queue === undefined)
      throw new UseCaseError('conflict', 'last_queue', `${task.queue} is the last queue of this task`);
    const level = task.level + 1;
    const acknowledgeBy = now + task.definition.acknowledge;
    return buildStep({ state: 'open', assignee: null, queue, level, acknowledgeBy }, EVENT.taskEscalated, {
      queue,
      level,
      ...describeStep(note, task),
    });
  };
}

/** Withdraws the task. */
export function planDismiss(reason: string, note: StepNote): PlanTaskStep {
  return (_tx, task) => {
    if (task.state === 'withdrawn') return null;
    requireState(task, 'open', 'acknowledged');
    return buildStep({ state: 'withdrawn' }, EVENT.taskWithdrawn, { reason, ...describeStep(note, task) });
  };
}

/**
 * Null: the gates allow the claim. A refused marketing task is withdrawn; a task of another class stays, and can be
 * claimed once the reason has lifted.
 */
async function refuseClaim(
  tx: Tx,
  deps: DecisionServices,
  claimant: Claimant,
  task: TaskRow,
  now: Instant,
): Promise<TaskStep | null> {
  const { refusals } = await judgeClaim(tx, deps, claimant, toClaimSubject(task, now));
  if (refusals.length === 0) return null;
  if (task.class !== 'marketing') return { write: null, refusals };
  const withdrawal = buildStep({ state: 'withdrawn' }, EVENT.taskWithdrawn, { verdict: refusals });
  return { ...withdrawal, refusals };
}

type Write = NonNullable<TaskStep['write']>;

function buildStep(
  change: Write['change'],
  event: Write['event'],
  properties: Write['properties'],
): TaskStep {
  return { write: { change, event, properties }, refusals: [] };
}

/** The actor, by default the assignee, and the note. */
function describeStep({ actor = undefined, note }: StepNote, task: TaskRow): Record<string, unknown> {
  const agent = actor ?? task.assignee;
  return { ...(agent === null ? {} : { actor: agent }), ...(note === undefined ? {} : { note }) };
}

/** @throws UseCaseError `task_state` unless the task is in one of these states */
function requireState(task: TaskRow, ...states: TaskRow['state'][]): void {
  if (states.includes(task.state)) return;
  const extra = { state: task.state, assignee: task.assignee };
  const message = `the task is ${task.state}, not ${states.join(' or ')}`;
  throw new UseCaseError('conflict', 'task_state', message, { extra });
}
