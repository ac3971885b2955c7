import type { Tx } from '../../../db/client.ts';
import type { Claimant } from '../../../db/customers/claimant.ts';
import type { TaskRow } from '../../../db/tasks/tasks.ts';
import { EVENT } from '../../domain/event.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
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
    const isTheirs = task.state === 'acknowledged' && task.assignee === assignee;
    if (isTheirs && !isSnoozed(task, now)) return null;
    if (!isTheirs) requireState(task, 'open');
    const refused = await refuseClaim(tx, deps, claimant, task, now);
    if (refused) return refused;
    return buildStep({ state: 'acknowledged', assignee, snoozedUntil: null }, EVENT.taskAcknowledged, {
      actor: assignee,
    });
  };
}

/** Puts the task back into its queue. */
export function planRelease(note: StepNote): PlanTaskStep {
  return (_tx, task) => {
    if (task.state === 'open') return null;
    requireState(task, 'acknowledged');
    return buildStep(
      { state: 'open', assignee: null, snoozedUntil: null },
      EVENT.taskReleased,
      describeStep(note, task),
    );
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
    const change = {
      state: 'open',
      assignee: null,
      queue,
      level,
      acknowledgeBy,
      snoozedUntil: null,
    } as const;
    return buildStep(change, EVENT.taskEscalated, { queue, level, ...describeStep(note, task) });
  };
}

/**
 * Puts the task off: until then it is in no queue, and does not escalate. Then it is back, with the whole time to
 * acknowledge it. The time to resolve it goes on, because that is what the customer waits for.
 * @throws UseCaseError `invalid_until`
 */
export function planSnooze(until: Instant, reason: string, note: StepNote): PlanTaskStep {
  return (_tx, task, now) => {
    if (task.snoozedUntil === until && isSnoozed(task, now)) return null;
    requireState(task, 'open', 'acknowledged');
    if (until <= now || until >= task.resolveBy)
      throw new UseCaseError(
        'unprocessable',
        'invalid_until',
        `a task is snoozed until a time between now and ${iso(task.resolveBy)}, by when it must be resolved`,
        { errors: [{ path: 'until', code: 'invalid_until' }], extra: { resolveBy: iso(task.resolveBy) } },
      );
    const acknowledgeBy = task.state === 'open' ? until + task.definition.acknowledge : task.acknowledgeBy;
    const change = { state: task.state, snoozedUntil: until, acknowledgeBy };
    const properties = { until: iso(until), reason, ...describeStep(note, task) };
    return buildStep(change, EVENT.taskSnoozed, properties);
  };
}

/** Withdraws the task. */
export function planDismiss(reason: string, note: StepNote): PlanTaskStep {
  return (_tx, task) => {
    if (task.state === 'withdrawn') return null;
    requireState(task, 'open', 'acknowledged');
    const change = { state: 'withdrawn', endReason: reason } as const;
    return buildStep(change, EVENT.taskWithdrawn, { reason, ...describeStep(note, task) });
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
  const change = { state: 'withdrawn', endReason: refusals[0]?.code ?? 'refused' } as const;
  const withdrawal = buildStep(change, EVENT.taskWithdrawn, { verdict: refusals });
  return { ...withdrawal, refusals };
}

function isSnoozed({ snoozedUntil }: TaskRow, now: Instant): boolean {
  return snoozedUntil !== null && snoozedUntil > now;
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
  const held = task.state === 'acknowledged' ? ` by ${task.assignee}` : '';
  const message = `the task is ${task.state}${held}, not ${states.join(' or ')}`;
  throw new UseCaseError('conflict', 'task_state', message, { extra });
}
