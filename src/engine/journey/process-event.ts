import { readConsents } from '../../domain/customer/consent.ts';
import { CALL_NAMES, classifyEvent, EVENT, isAccountEcho, type JourneyEvent } from '../../domain/event.ts';
import type { Enrollment } from '../../domain/state.ts';
import type { AdvanceRun } from './advance-run.ts';
import { enterByCommand } from './enter/by-command.ts';
import { enterByEvent } from './enter/by-event.ts';
import { endEnrollment, exitBeforeEvent, exitByCondition, exitByEvent } from './exits.ts';
import { adoptEnrollments } from './merge/adopt-enrollments.ts';
import { continueWait, expireWaitBefore, runSteps } from './steps/run-steps.ts';
import { isStaleTicketEvent } from './trigger.ts';

/**
 * Applies one event of the log: to the open enrollments first (exits, goals, waits), then to the journeys that it may
 * open. An event that throws is recorded as poison and skipped, so that it cannot block the events behind it.
 */
export function processEvent(run: AdvanceRun, event: JourneyEvent): void {
  run.processedSeq = event.seq;
  try {
    if (event.historical) return;
    if (event.repeats) return recheckHolds(run, event);
    if (event.name === EVENT.exitRequested) return exitOnRequest(run, event);
    if (event.name === EVENT.merged) adoptEnrollments(run, event);
    if (isStaleTicketEvent(run, event)) return;
    for (const enrollment of [...run.state.enrollments]) {
      run.isolate(enrollment, () => processForEnrollment(run, enrollment, event));
    }
    enterByEvent(run, event);
    enterByCommand(run, event);
    runStartedSteps(run);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    run.record.changes.push({ kind: 'poisoned', enrollment: null, event: event.id, reason });
  }
}

/** An event that repeats a known fact triggers nothing, but it may bring traits or a consent that lift a hold. */
function recheckHolds(run: AdvanceRun, event: JourneyEvent): void {
  for (const enrollment of run.state.enrollments) markForRecheck(run, enrollment, event);
}

function processForEnrollment(run: AdvanceRun, enrollment: Enrollment, event: JourneyEvent): void {
  if (exitBeforeEvent(run, enrollment, event)) return;
  expireWaitBefore(run, enrollment, event);
  if (exitByEvent(run, enrollment, event)) return;
  continueWait(run, enrollment, event);
  markForRecheck(run, enrollment, event);
}

/**
 * Runs the enrollments that have just begun a step, so that a wait sees the very next event. Enrollments that already
 * wait are left alone here: an event further on in the batch takes precedence over a timer.
 */
export function runStartedSteps(run: AdvanceRun): void {
  for (const enrollment of run.state.enrollments.filter((e) => e.status.kind === 'running')) {
    run.isolate(enrollment, () => {
      if (!exitByCondition(run, enrollment)) runSteps(run, enrollment);
    });
  }
}

/** Marks a held enrollment if the event is of a kind that its verdicts named. The gates then judge it again. */
function markForRecheck(run: AdvanceRun, enrollment: Enrollment, event: JourneyEvent): void {
  if (enrollment.status.kind !== 'held') return;
  const setsTraits = event.type === 'identify' || event.context.traits !== undefined;
  const mayLift = enrollment.status.liftsOn.some(
    (name) =>
      name === event.name ||
      (name === EVENT.ticketClosed && classifyEvent(event.name) === 'ticket') ||
      (name === EVENT.consentChanged && readConsents(event).length > 0) ||
      (name === CALL_NAMES.identify && setsTraits),
  );
  // Any event of the account may release a hold, whatever its name: a colleague's ticket, a trait of the company.
  if (mayLift || isAccountEcho(event)) run.markedForRecheck.add(enrollment.id);
}

function exitOnRequest(run: AdvanceRun, event: JourneyEvent): void {
  const { enrollment_id: id, journey } = event.properties;
  const matching = run.state.enrollments.filter(
    (e) => e.id === id || e.journey === journey || (!id && !journey),
  );
  for (const enrollment of matching) endEnrollment(run, enrollment, 'requested');
}
