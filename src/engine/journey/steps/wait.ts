import type { WaitStep, WaitUntil } from '../../../domain/definition.ts';
import type { JourneyEvent } from '../../../domain/event.ts';
import type { Enrollment } from '../../../domain/state.ts';
import { readDate } from '../../../domain/time/calendar-date.ts';
import { computeDateDue } from '../../../domain/time/occurrence.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { nextLocalMinute } from '../../../domain/time/zone.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { matchesTrigger } from '../trigger.ts';

/**
 * The first condition of a wait, in the order of its list, that has come true; undefined while the wait goes on. All
 * conditions are evaluated, so that a date that cannot be read is always recorded.
 */
export function findPassedCondition(
  run: AdvanceRun,
  step: WaitStep,
  enrollment: Enrollment,
): WaitUntil | undefined {
  const passed = step.until.filter((until, position) => {
    if (until.kind === 'event') return enrollment.seen?.includes(buildWaitName(step, position)) ?? false;
    const due = computeDue(run, step, enrollment, until, position);
    return due !== null && due <= run.now;
  });
  return passed[0];
}

/** Whether time had ended this wait before the event was accepted, so that the event did not end it. */
export function wasDueBefore(
  run: AdvanceRun,
  step: WaitStep,
  enrollment: Enrollment,
  event: JourneyEvent,
): boolean {
  return step.until.some((until, position) => {
    if (until.kind === 'when') return false;
    const due = computeDue(run, step, enrollment, until, position);
    return due !== null && due <= run.now && due < event.acceptedAt;
  });
}

/**
 * Notes since when each `when … for` of the enrollment's wait has held without a break. It covers all of them, also
 * when another condition of the wait is already true.
 */
export function trackConditions(run: AdvanceRun, step: WaitStep, enrollment: Enrollment): void {
  for (const [position, until] of step.until.entries()) {
    if (until.kind !== 'when') continue;
    if (run.holds(until.when, run.conditionContext(enrollment))) enrollment.holding[position] ??= run.now;
    else delete enrollment.holding[position];
  }
}

/** When time alone makes this condition of the wait true, as things stand; null if time alone does not. */
export function computeDue(
  run: AdvanceRun<'tasks'>,
  step: WaitStep,
  enrollment: Enrollment,
  until: WaitUntil,
  position: number,
): Instant | null {
  const from = step.since === 'enter' ? enrollment.enteredAt : enrollment.since;
  const { zone } = run.input.facts;
  switch (until.kind) {
    case 'event':
      return null;
    case 'when': {
      const since = enrollment.holding[position];
      return since === undefined ? null : since + until.for;
    }
    case 'after':
      return from + until.after;
    case 'at':
      return nextLocalMinute(zone, from, until.at, until.days);
    case 'date': {
      const result = run.evaluate(until.date, run.conditionContext(enrollment));
      if (!result.ok) run.recordFailedCondition(until.date, result.error);
      const reading = readDate(result.ok ? result.value : null);
      if (reading.kind === 'invalid')
        run.recordFailedCondition(until.date, `${reading.text}: ${reading.reason}`);
      return computeDateDue(reading, until.offset, zone, from) ?? null;
    }
    default:
      return until satisfies never;
  }
}

/**
 * Remembers an event for the journey's waits with `since: enter`, which also count events from before their step began.
 * @param currentStep the step that processes the event itself, if the enrollment waits there
 */
export function rememberWaitEvents(
  run: AdvanceRun,
  enrollment: Enrollment,
  event: JourneyEvent,
  currentStep: string | null,
): void {
  for (const step of run.journeyOf(enrollment)?.steps ?? []) {
    if (step.kind !== 'wait' || step.since !== 'enter' || step.id === currentStep) continue;
    if (event.seq <= enrollment.entry.seq) continue;
    step.until.forEach((until, position) => {
      const waitName = buildWaitName(step, position);
      if (until.kind !== 'event' || enrollment.seen?.includes(waitName)) return;
      if (matchesTrigger(run, until.trigger, event, enrollment))
        enrollment.seen = [...(enrollment.seen ?? []), waitName];
    });
  }
}

function buildWaitName(step: WaitStep, position: number): string {
  return `${step.id}#${position}`;
}
