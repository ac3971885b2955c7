import type { DecideStep } from '../../../domain/definition.ts';
import { type DeliveryFact, isFinal, type TaskFact } from '../../../domain/delivery.ts';
import type { Enrollment, EnrollmentStatus } from '../../../domain/state.ts';
import { isInForce, suppressesAction } from '../../../domain/ticket-suppression.ts';
import { SECOND } from '../../../domain/time/time.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { moveToStep } from '../steps/run-steps.ts';

type Delivering = Extract<EnrollmentStatus, { kind: 'delivering' }>;

/** Pause after a claim's refusal. Each further refusal in a row doubles it. */
const REFUSAL_PAUSE = 30 * SECOND;

/**
 * Reads the state of the effects that the enrollment waits for, and moves it on once they are final. It reads the rows,
 * not the events about them, so that a lost event cannot stop an enrollment.
 */
export function settleEffects(run: AdvanceRun, enrollment: Enrollment): void {
  const step = run.stepOf(enrollment);
  if (step?.kind !== 'decide') return;
  if (enrollment.status.kind === 'delivering') settleDeliveries(run, enrollment, step, enrollment.status);
  if (enrollment.status.kind === 'tasked') settleTask(run, enrollment, step, enrollment.status.task);
}

function settleDeliveries(
  run: AdvanceRun,
  enrollment: Enrollment,
  step: DecideStep,
  status: Delivering,
): void {
  const own = status.deliveries.flatMap((id) => run.input.facts.deliveries.filter((d) => d.id === id));
  const refused = own.filter((d) => d.state === 'held');
  for (const delivery of refused) cancel(run, delivery);
  const others = own.filter((d) => !refused.includes(d));
  const sent = others.filter((d) => d.state === 'sent' || d.state === 'unknown');
  if (!others.every((d) => isFinal(d.state))) {
    enrollment.status = { ...status, deliveries: others.map((d) => d.id) };
    return;
  }
  // If another channel has sent the action, the refused one is not tried again.
  if (refused[0] && sent.length === 0)
    return holdAfterRefusal(run, enrollment, status.refusals + 1, refused[0].refusal);
  const action = sent[0]?.action;
  moveToStep(run, enrollment, action ? nextStepFor(step, action) : nextStepFor(step, 'failed'), 'delivered');
}

/** The claim refused, since the facts have changed. The delivery is cancelled, and the pool decides again. */
function cancel(run: AdvanceRun, refused: DeliveryFact): void {
  refused.state = 'cancelled';
  run.plan.cancelledDeliveries.push({ id: refused.id, reason: 'decided_afresh' });
}

function holdAfterRefusal(
  run: AdvanceRun,
  enrollment: Enrollment,
  count: number,
  claim: DeliveryFact['refusal'] = null,
): void {
  const pause = REFUSAL_PAUSE * 2 ** Math.min(count - 1, 10);
  const refusal = {
    code: claim?.code ?? 'refused',
    count,
    notBefore: Math.max(claim?.liftsAt ?? 0, run.now + pause),
  };
  enrollment.status = { kind: 'held', since: run.now, recheckAt: run.now, liftsOn: [], refusal };
}

function settleTask(run: AdvanceRun, enrollment: Enrollment, step: DecideStep, id: string): void {
  const task = run.input.facts.tasks.find((t) => t.id === id);
  if (!task) throw new Error(`agent task ${id} is gone`);
  if (!isFinal(task.state) && isSuppressed(run, enrollment, task)) withdraw(run, task);
  else if (!isFinal(task.state)) followUp(run, enrollment, task);
  if (!isFinal(task.state)) return;
  if (task.state === 'withdrawn') return holdAfterRefusal(run, enrollment, 1);
  const outcome = task.state === 'resolved' ? (task.outcome ?? 'resolved') : task.state;
  moveToStep(run, enrollment, nextStepFor(step, task.action, outcome), `task ${outcome}`);
}

/** Whether a ticket suppresses the task: agents must not make marketing calls while a ticket is open. */
function isSuppressed(run: AdvanceRun, enrollment: Enrollment, task: TaskFact): boolean {
  if (task.class !== 'marketing') return false;
  const policy = run.input.bundle.workspace.tickets;
  const product = run.actionOf(enrollment, task.action)?.product ?? null;
  return run.input.facts.tickets.some(
    (ticket) =>
      isInForce(policy, ticket, run.now) && suppressesAction(policy, ticket, { class: task.class, product }),
  );
}

function withdraw(run: AdvanceRun, task: TaskFact): void {
  task.state = 'withdrawn';
  run.plan.withdrawnTasks.push({ id: task.id, reason: 'ticket_open' });
}

/** Applies a task's deadlines: unacknowledged, it escalates to the next queue; unresolved, it expires. */
function followUp(run: AdvanceRun, enrollment: Enrollment, task: TaskFact): void {
  const definition = run.actionOf(enrollment, task.action)?.task;
  if (task.resolveBy <= run.now) {
    task.state = 'expired';
    run.plan.expiredTasks.push(task.id);
    return;
  }
  const isUnacknowledged = task.state === 'open' && task.acknowledgeBy <= run.now;
  const next = definition?.escalate[task.level];
  if (!isUnacknowledged || !definition || next === undefined) return;
  task.queue = next;
  task.level++;
  task.acknowledgeBy = run.now + definition.acknowledge;
  run.plan.escalatedTasks.push({
    id: task.id,
    queue: next,
    level: task.level,
    acknowledgeBy: task.acknowledgeBy,
  });
}

/** The target of an outcome: `then.{action}.{outcome}` if there is one, then `then.{action}`, then the next step. */
export function nextStepFor(step: DecideStep, action: string, outcome?: string): string {
  const specific = outcome === undefined ? undefined : step.then[`${action}.${outcome}`];
  return specific ?? step.then[action] ?? step.next;
}
