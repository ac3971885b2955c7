import type { JudgedCandidate } from '../../../domain/candidate.ts';
import type { DecideStep } from '../../../domain/definition.ts';
import type { Enrollment } from '../../../domain/state.ts';
import { DAY, earliest, type Instant, SECOND } from '../../../domain/time/time.ts';
import type { DecisionRequest } from '../../request.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { moveToStep } from '../steps/run-steps.ts';
import { planEffects } from './plan-effects.ts';
import type { ResolvedChoice } from './resolve-choice.ts';
import { nextStepFor } from './settle-effects.ts';

/** A hold without a known end is judged again at least daily (I4). */
const RECHECK = DAY;

/** Carries out the choice for one enrollment: it acts, goes on without acting, or is held until a reason lifts. */
export function applyChoice(
  run: AdvanceRun,
  enrollment: Enrollment,
  { choice, chosen }: ResolvedChoice,
  request: DecisionRequest,
): void {
  const step = run.stepOf(enrollment) as DecideStep;
  const candidates = chosen.get(enrollment.id);
  if (candidates) return planEffects(run, enrollment, candidates, request);
  if (choice.endedByDoingNothing.includes(enrollment.id))
    return moveToStep(run, enrollment, nextStepFor(step, 'nothing'), 'nothing');

  const judged = choice.judgedCandidates.filter((j) => j.enrollmentId === enrollment.id);
  const lifts = judged.map(liftOf).filter((lift) => lift !== null);
  if (lifts.length === 0)
    return moveToStep(run, enrollment, nextStepFor(step, 'nothing'), 'nothing can lift');
  const expires = enrollment.since + step.hold;
  const soonest = earliest(...lifts.map((lift) => lift.at));
  const onFact = lifts.flatMap((lift) => lift.on);
  if (expires <= run.now || (onFact.length === 0 && soonest !== null && soonest > expires)) {
    return moveToStep(run, enrollment, nextStepFor(step, 'expired'), 'hold passed');
  }
  const sharedInstant = lifts.some((lift) => lift.at === soonest && lift.sharedInstant);
  const recheckAt = earliest(soonest, expires, run.now + RECHECK) as Instant;
  hold(run, enrollment, recheckAt, sharedInstant && recheckAt === soonest, [...new Set(onFact)]);
}

/**
 * When a blocked candidate may be free: all its reasons must lift; null if one never does. A reason may lift by time
 * or by an event, whichever comes first (a snooze); the time is known only where each of them has one.
 */
function liftOf(
  judged: JudgedCandidate,
): { at: Instant | null; on: string[]; sharedInstant: boolean } | null {
  const blocking = judged.gates.filter((gate) => !gate.pass);
  if (blocking.some((gate) => !gate.liftsAt && !gate.liftsOn)) return null;
  const on = blocking.flatMap((gate) => (gate.liftsOn ? [gate.liftsOn] : []));
  const times = blocking.flatMap((gate) => (gate.liftsAt ? [gate.liftsAt] : []));
  const at = times.length > 0 && times.length === blocking.length ? Math.max(...times) : null;
  return {
    at,
    on,
    sharedInstant: blocking.some((gate) => gate.gate === 'quiet_hours' && gate.liftsAt === at),
  };
}

function hold(
  run: AdvanceRun,
  enrollment: Enrollment,
  recheckAt: Instant,
  sharedInstant: boolean,
  liftsOn: string[],
): void {
  const before = enrollment.status.kind === 'held' ? enrollment.status : null;
  enrollment.status = {
    kind: 'held',
    since: before?.since ?? run.now,
    recheckAt: Math.max(recheckAt, run.now + SECOND),
    ...(sharedInstant ? { sharedInstant } : {}),
    liftsOn,
    refusal: before?.refusal ?? null,
  };
}
