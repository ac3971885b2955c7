import type { DecideStep } from '../../../domain/definition.ts';
import type { Enrollment } from '../../../domain/state.ts';
import { DAY, earliest, type Instant, SECOND } from '../../../domain/time/time.ts';
import { computeLift } from '../../lift.ts';
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
  const lifts = judged.map(({ gates }) => computeLift(gates)).filter((lift) => lift.possible);
  if (lifts.length === 0)
    return moveToStep(run, enrollment, nextStepFor(step, 'nothing'), 'nothing can lift');
  const expiresAt = enrollment.since + step.hold;
  const liftsAt = earliest(...lifts.map((lift) => lift.at));
  const events = [...new Set(lifts.flatMap((lift) => lift.events))];
  const liftsTooLate = events.length === 0 && liftsAt !== null && liftsAt > expiresAt;
  if (expiresAt <= run.now || liftsTooLate)
    return moveToStep(run, enrollment, nextStepFor(step, 'expired'), 'hold passed');
  const recheckAt = earliest(liftsAt, expiresAt, run.now + RECHECK) as Instant;
  const endsQuietHours = lifts.some((lift) => lift.at === liftsAt && lift.endsQuietHours);
  hold(run, enrollment, recheckAt, endsQuietHours && recheckAt === liftsAt, events);
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
