import type { Step } from '../../../domain/definition.ts';
import type { JourneyEvent } from '../../../domain/event.ts';
import type { Enrollment } from '../../../domain/state.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { endEnrollment } from '../exits.ts';
import { matchesTrigger } from '../trigger.ts';
import { chooseBranch } from './branch.ts';
import { emitEvent, setValues } from './set-and-emit.ts';
import { findPassedCondition, rememberWaitEvents, trackConditions, wasDueBefore } from './wait.ts';

/** A loop must contain a wait, so no run moves an enrollment this often. A definition that does is poison. */
const MAX_MOVES = 100;

/** Moves the enrollment to the start of a step, or ends it at `exit`. */
export function moveToStep(run: AdvanceRun, enrollment: Enrollment, to: string, reason: string): void {
  run.record.changes.push({
    kind: 'moved',
    enrollment: enrollment.id,
    journey: enrollment.journey,
    from: enrollment.step,
    to,
    reason,
  });
  if (to === 'exit') return endEnrollment(run, enrollment, 'completed');
  enrollment.step = to;
  beginStep(run, enrollment);
}

/** Begins the enrollment's step now and drops the progress within an earlier step. */
export function beginStep(run: AdvanceRun, enrollment: Enrollment): void {
  enrollment.since = run.now;
  enrollment.sinceSeq = run.processedSeq;
  enrollment.status = { kind: 'running' };
  enrollment.holding = {};
}

/** Moves the enrollment on if its wait is for this event. */
export function continueWait(run: AdvanceRun, enrollment: Enrollment, event: JourneyEvent): void {
  const { kind } = enrollment.status;
  if (kind === 'control' || kind === 'poison') return;
  const step = run.stepOf(enrollment);
  const isWaiting = step?.kind === 'wait' && kind === 'waiting';
  rememberWaitEvents(run, enrollment, event, isWaiting ? step.id : null);
  if (!isWaiting) return;
  if (event.seq <= (step.since === 'enter' ? enrollment.entry.seq : enrollment.sinceSeq)) return;
  const until = step.until.find(
    (u) => u.kind === 'event' && matchesTrigger(run, u.trigger, event, enrollment),
  );
  if (until) moveToStep(run, enrollment, until.next ?? step.next, event.name);
}

/**
 * Ends a wait that time had ended before the event was accepted. Both are in one batch when the decision comes late.
 * The timer goes first, so that the event meets the step that follows the wait.
 */
export function expireWaitBefore(run: AdvanceRun, enrollment: Enrollment, event: JourneyEvent): void {
  const step = run.stepOf(enrollment);
  if (step?.kind !== 'wait' || enrollment.status.kind !== 'waiting') return;
  if (!wasDueBefore(run, step, enrollment, event)) return;
  run.processedSeq = event.seq - 1;
  runSteps(run, enrollment);
  run.processedSeq = event.seq;
}

/** Runs the enrollment until it is at a decide step, waits, or has ended. */
export function runSteps(run: AdvanceRun, enrollment: Enrollment): void {
  for (let moves = 0; run.state.enrollments.includes(enrollment); moves++) {
    if (moves > MAX_MOVES) throw new Error(`went through ${MAX_MOVES} steps without waiting`);
    const { kind } = enrollment.status;
    if (kind !== 'running' && kind !== 'waiting') return;
    const step = run.stepOf(enrollment);
    if (!step) throw new Error(`the journey has no step ${enrollment.step} any more`);
    if (!runStep(run, enrollment, step)) return;
  }
}

/** Runs one step. Returns whether the enrollment has moved on. */
function runStep(run: AdvanceRun, enrollment: Enrollment, step: Step): boolean {
  switch (step.kind) {
    case 'decide':
      return false;
    case 'goto':
      moveToStep(run, enrollment, step.next, 'goto');
      return true;
    case 'exit':
      endEnrollment(run, enrollment, step.reason);
      return false;
    case 'branch': {
      const { next, reason } = chooseBranch(run, enrollment, step);
      moveToStep(run, enrollment, next, reason);
      return true;
    }
    case 'set':
      setValues(run, enrollment, step);
      moveToStep(run, enrollment, step.next, 'set');
      return true;
    case 'emit':
      emitEvent(run, enrollment, step);
      moveToStep(run, enrollment, step.next, 'emitted');
      return true;
    case 'wait': {
      trackConditions(run, step, enrollment);
      const until = findPassedCondition(run, step, enrollment);
      if (!until) {
        enrollment.status = { kind: 'waiting' };
        return false;
      }
      const reason = until.kind === 'when' ? until.when : until.kind === 'event' ? until.trigger.on : 'time';
      // Events remembered for this wait count once: a loop that comes back waits for the next one.
      enrollment.seen = enrollment.seen?.filter((name) => !name.startsWith(`${step.id}#`));
      if (enrollment.seen === undefined || enrollment.seen.length === 0) delete enrollment.seen;
      moveToStep(run, enrollment, until.next ?? step.next, reason);
      return true;
    }
    default:
      throw new Error(`unknown step ${JSON.stringify(step satisfies never)}`);
  }
}
