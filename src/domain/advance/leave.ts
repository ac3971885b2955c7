import { isFinal } from '../delivery.ts';
import type { JourneyEvent } from '../event.ts';
import { type Enrollment, entryOf } from '../state.ts';
import type { Run } from './run.ts';
import { triggers } from './trigger.ts';

/** Ends an enrollment: cancels what isn't on its way yet, withdraws open tasks, keeps the record. */
export function end(run: Run, enrollment: Enrollment, reason: string): void {
  const index = run.state.enrollments.indexOf(enrollment);
  if (index < 0) return;
  run.state.enrollments.splice(index, 1);
  run.plan.ended.push({ ...enrollment, endedAt: run.now, reason });
  run.changes.push({ kind: 'ended', enrollment: enrollment.id, journey: enrollment.journey, reason });

  for (const delivery of run.input.facts.deliveries) {
    if (delivery.enrollmentId !== enrollment.id) continue;
    if (delivery.state !== 'planned' && delivery.state !== 'held') continue;
    delivery.state = 'cancelled';
    run.plan.cancelledDeliveries.push({ id: delivery.id, reason: `enrollment ended: ${reason}` });
  }
  for (const task of run.input.facts.tasks) {
    if (task.enrollmentId !== enrollment.id || isFinal(task.state)) continue;
    task.state = 'withdrawn';
    run.plan.withdrawnTasks.push({ id: task.id, reason: `enrollment ended: ${reason}` });
  }
}

/** Goal and exits by event. True when the enrollment has ended. */
export function leaveByEvent(run: Run, enrollment: Enrollment, event: JourneyEvent): boolean {
  const journey = run.journey(enrollment.journey);
  if (!journey || event.seq <= enrollment.entry.seq) return false;
  const { goal } = journey;
  if (goal && enrollment.goalAt === null && event.at <= enrollment.enteredAt + goal.within) {
    if (triggers(run, goal, event, enrollment)) {
      enrollment.goalAt = run.now;
      run.changes.push({ kind: 'goal', enrollment: enrollment.id, journey: journey.id, event: event.id });
      if (goal.exit) {
        end(run, enrollment, 'goal');
        return true;
      }
    }
  }
  const exit = journey.exit.find((e) => e.kind === 'event' && triggers(run, e.trigger, event, enrollment));
  if (exit) end(run, enrollment, `exit: ${event.name}`);
  return exit !== undefined;
}

/** Exits by condition and by time, checked before any step, in the order in which they are listed. */
export function leaveByTime(run: Run, enrollment: Enrollment): boolean {
  const journey = run.journey(enrollment.journey);
  if (!journey) return false;
  for (const exit of journey.exit) {
    const due =
      (exit.kind === 'after' && enrollment.enteredAt + exit.after <= run.now) ||
      (exit.kind === 'when' && run.holds(exit.when, enrollment, entryOf(enrollment)));
    if (!due) continue;
    end(run, enrollment, exit.kind === 'after' ? 'exit: time' : `exit: ${exit.when}`);
    return true;
  }
  return false;
}
