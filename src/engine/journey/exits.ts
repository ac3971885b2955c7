import type { Exit } from '../../domain/definition.ts';
import { isFinal, isRepeat } from '../../domain/delivery.ts';
import type { JourneyEvent } from '../../domain/event.ts';
import type { Enrollment } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { AdvanceRun } from './advance-run.ts';
import { matchesTrigger } from './trigger.ts';

/** Ends an enrollment and cancels the effects that have not begun. The plan keeps the ended enrollment. */
export function endEnrollment(run: AdvanceRun, enrollment: Enrollment, reason: string): void {
  const index = run.state.enrollments.indexOf(enrollment);
  if (index < 0) return;
  run.state.enrollments.splice(index, 1);
  run.plan.endedEnrollments.push({ ...enrollment, endedAt: run.now, reason });
  run.record.changes.push({ kind: 'ended', enrollment: enrollment.id, journey: enrollment.journey, reason });
  cancelEffects(run, enrollment, `enrollment ended: ${reason}`);
}

/** Cancels an enrollment's deliveries that are not being sent yet, except repeats, and withdraws its open tasks. */
export function cancelEffects(run: AdvanceRun, enrollment: Enrollment, reason: string): void {
  for (const delivery of run.input.facts.deliveries) {
    if (delivery.enrollmentId !== enrollment.id) continue;
    if (delivery.state !== 'planned' && delivery.state !== 'held') continue;
    if (isRepeat(delivery)) continue;
    delivery.state = 'cancelled';
    run.plan.cancelledDeliveries.push({ id: delivery.id, reason });
  }
  for (const task of run.input.facts.tasks) {
    if (task.enrollmentId !== enrollment.id || isFinal(task.state)) continue;
    task.state = 'withdrawn';
    run.plan.withdrawnTasks.push({ id: task.id, reason });
  }
}

/** Records the goal and checks the exits by event. Returns whether the enrollment has ended. */
export function exitByEvent(run: AdvanceRun, enrollment: Enrollment, event: JourneyEvent): boolean {
  const journey = run.journeyOf(enrollment);
  if (!journey || event.seq <= enrollment.entry.seq) return false;
  const { goal } = journey;
  if (goal && enrollment.goalAt === null && event.at <= enrollment.enteredAt + goal.within) {
    if (matchesTrigger(run, goal, event, enrollment)) {
      enrollment.goalAt = run.now;
      run.markChanged(enrollment);
      run.record.changes.push({
        kind: 'goal',
        enrollment: enrollment.id,
        journey: journey.id,
        event: event.id,
      });
      if (goal.exit) {
        endEnrollment(run, enrollment, 'goal');
        return true;
      }
    }
  }
  const exit = journey.exit.find(
    (e) => e.kind === 'event' && matchesTrigger(run, e.trigger, event, enrollment),
  );
  if (exit) endEnrollment(run, enrollment, `exit: ${event.name}`);
  return exit !== undefined;
}

/** Checks the exits by condition and by time, in the order of the journey's list, before any step is run. */
export function exitByTimeOrCondition(run: AdvanceRun, enrollment: Enrollment): boolean {
  return exitIf(
    run,
    enrollment,
    (exit) => isExpired(run, enrollment, exit) || (exit.kind === 'when' && isMet(run, enrollment, exit)),
  );
}

/** Checks the exits by condition alone: an enrollment must not run the step that it has just begun if one holds. */
export function exitByCondition(run: AdvanceRun, enrollment: Enrollment): boolean {
  return exitIf(run, enrollment, (exit) => exit.kind === 'when' && isMet(run, enrollment, exit));
}

/** Checks whether a time limit had ended the enrollment before the event was accepted: the decision comes late. */
export function exitBeforeEvent(run: AdvanceRun, enrollment: Enrollment, event: JourneyEvent): boolean {
  return exitIf(
    run,
    enrollment,
    (exit) => isExpired(run, enrollment, exit) && computeExpiry(enrollment, exit) < event.acceptedAt,
  );
}

function exitIf(run: AdvanceRun, enrollment: Enrollment, isDue: (exit: Exit) => boolean): boolean {
  const exit = run.journeyOf(enrollment)?.exit.find(isDue);
  if (exit) endEnrollment(run, enrollment, exit.kind === 'when' ? `exit: ${exit.when}` : 'exit: time');
  return exit !== undefined;
}

/** When this exit ends the enrollment; infinity if time does not. */
export function computeExpiry(enrollment: Enrollment, exit: Exit): Instant {
  return exit.kind === 'after' ? enrollment.enteredAt + exit.after : Number.POSITIVE_INFINITY;
}

function isExpired(run: AdvanceRun, enrollment: Enrollment, exit: Exit): boolean {
  return computeExpiry(enrollment, exit) <= run.now;
}

function isMet(run: AdvanceRun, enrollment: Enrollment, exit: Extract<Exit, { kind: 'when' }>): boolean {
  return run.holds(exit.when, run.conditionContext(enrollment));
}
