import type { DecideStep } from '../../../domain/definition.ts';
import { type DeliveryFact, isFinal, type TaskFact } from '../../../domain/delivery.ts';
import type { Enrollment, EnrollmentStatus } from '../../../domain/state.ts';
import { isInForce, silences } from '../../../domain/ticket.ts';
import { SECOND } from '../../../domain/time/time.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { moveToStep } from '../steps/run-steps.ts';

type Delivering = Extract<EnrollmentStatus, { kind: 'delivering' }>;

const REFUSAL_PAUSE = 30 * SECOND;

/**
 * Looks at what became of the effects that the enrollment waits for. The rows decide, not the events about them:
 * a row that isn't final is a matter of this decision, whoever forgot it.
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
  const mine = status.deliveries.flatMap((id) => run.input.facts.deliveries.filter((d) => d.id === id));
  const refused = mine.filter((d) => d.state === 'held');
  for (const delivery of refused) cancel(run, delivery);
  const others = mine.filter((d) => !refused.includes(d));
  const left = others.filter((d) => d.state === 'sent' || d.state === 'unknown');
  if (!others.every((d) => isFinal(d.state))) {
    enrollment.status = { ...status, deliveries: others.map((d) => d.id) };
    return;
  }
  // What went through another channel isn't asked for again.
  if (refused[0] && left.length === 0)
    return holdAfresh(run, enrollment, status.refusals + 1, refused[0].refusal);
  const action = left[0]?.action;
  moveToStep(run, enrollment, action ? nextStepFor(step, action) : nextStepFor(step, 'failed'), 'delivered');
}

/** The claim refused: the facts have changed since. The delivery is over; what to do now is asked again, in full. */
function cancel(run: AdvanceRun, refused: DeliveryFact): void {
  refused.state = 'cancelled';
  run.plan.cancelledDeliveries.push({ id: refused.id, reason: 'decided_afresh' });
}

function holdAfresh(
  run: AdvanceRun,
  enrollment: Enrollment,
  count: number,
  said: DeliveryFact['refusal'] = null,
): void {
  const pause = REFUSAL_PAUSE * 2 ** Math.min(count - 1, 10);
  const refusal = {
    code: said?.code ?? 'refused',
    count,
    notBefore: Math.max(said?.liftsAt ?? 0, run.now + pause),
  };
  enrollment.status = { kind: 'held', since: run.now, recheckAt: run.now, liftsOn: [], refusal };
}

function settleTask(run: AdvanceRun, enrollment: Enrollment, step: DecideStep, id: string): void {
  const task = run.input.facts.tasks.find((t) => t.id === id);
  if (!task) throw new Error(`agent task ${id} is gone`);
  if (!isFinal(task.state) && silenced(run, enrollment, task)) withdraw(run, task);
  else if (!isFinal(task.state)) followUp(run, enrollment, task);
  if (!isFinal(task.state)) return;
  if (task.state === 'withdrawn') return holdAfresh(run, enrollment, 1);
  const outcome = task.state === 'resolved' ? (task.outcome ?? 'resolved') : task.state;
  moveToStep(run, enrollment, nextStepFor(step, task.action, outcome), `task ${outcome}`);
}

/** A marketing call must not lie on the desk while a ticket is open. */
function silenced(run: AdvanceRun, enrollment: Enrollment, task: TaskFact): boolean {
  if (task.class !== 'marketing') return false;
  const policy = run.input.bundle.workspace.tickets;
  const product = run.actionOf(enrollment, task.action)?.product ?? null;
  return run.input.facts.tickets.some(
    (ticket) =>
      isInForce(policy, ticket, run.now) && silences(policy, ticket, { class: task.class, product }),
  );
}

function withdraw(run: AdvanceRun, task: TaskFact): void {
  task.state = 'withdrawn';
  run.plan.withdrawnTasks.push({ id: task.id, reason: 'ticket_open' });
}

/** Deadlines of a task: unacknowledged, it goes to the next queue; unresolved, it expires. */
function followUp(run: AdvanceRun, enrollment: Enrollment, task: TaskFact): void {
  const definition = run.actionOf(enrollment, task.action)?.task;
  if (task.resolveBy <= run.now) {
    task.state = 'expired';
    run.plan.expiredTasks.push(task.id);
    return;
  }
  const unseen = task.state === 'open' && task.acknowledgeBy <= run.now;
  const next = definition?.escalate[task.level];
  if (!unseen || !definition || next === undefined) return;
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

/** Where `then` sends this outcome: the most particular line that is there, else the next step. */
export function nextStepFor(step: DecideStep, action: string, outcome?: string): string {
  const particular = outcome === undefined ? undefined : step.then[`${action}.${outcome}`];
  return particular ?? step.then[action] ?? step.next;
}
