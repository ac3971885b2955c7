import { channelsAtStep } from '../../domain/action-channels.ts';
import { dataUseOf } from '../../domain/customer/attribute.ts';
import type { Bundle, DecideStep, JourneyDef } from '../../domain/definition.ts';
import { toText } from '../../domain/event.ts';
import type { ConditionFacts, Evaluator, ExpressionScope } from '../../domain/facts.ts';
import { toEntryEvent } from '../../domain/state.ts';
import { computeSuppression } from '../../domain/ticket-suppression.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { DecisionInput } from '../journey/decide/decision-input.ts';

type RecordedEnrollment = DecisionInput['enrollments'][number];
type RecordedCandidate = DecisionInput['candidates'][number];

interface RebaseContext {
  /** The bundle of the recorded decision, and the one to decide by. */
  old: Bundle;
  next: Bundle;
  facts: ConditionFacts;
  scores: Record<string, number>;
  now: number;
  evaluate: Evaluator;
}

/**
 * The input that the pool would have had under another bundle: each enrollment proposes what its step proposes there. An
 * enrollment pinned to an older version proposes what it did; one whose journey or step is gone proposes nothing.
 */
export function rebaseInput(input: DecisionInput, context: RebaseContext): DecisionInput {
  const candidates = input.enrollments.flatMap((enrollment) => {
    const recorded = input.candidates.filter((candidate) => candidate.enrollment === enrollment.id);
    if (enrollment.version !== context.old.version) return recorded;
    return listProposed(enrollment, recorded, input, context);
  });
  return { ...input, candidates, stage: evaluateStage(input, context) };
}

/** The customer's stage where stages are defined in another way; otherwise as recorded. */
function evaluateStage(
  input: DecisionInput,
  { old, next, facts: recorded, scores, now, evaluate }: RebaseContext,
): string | null {
  const { stages, tickets: policy } = next.workspace;
  if (JSON.stringify(stages) === JSON.stringify(old.workspace.stages)) return input.stage;
  const facts = { ...recorded, ...input.changedFacts };
  const suppressed = computeSuppression(policy, facts.tickets, now);
  const scope: ExpressionScope = {
    event: null,
    facts,
    suppressed,
    enrollment: null,
    now,
    scores,
    use: 'marketing',
  };
  const holds = (when: string) => {
    const result = evaluate(when, scope);
    return result.ok && result.value === true;
  };
  return stages.find(({ when }) => when === null || holds(when))?.id ?? null;
}

function listProposed(
  enrollment: RecordedEnrollment,
  before: RecordedCandidate[],
  input: DecisionInput,
  context: RebaseContext,
): RecordedCandidate[] {
  const { old, next } = context;
  const journey = next.journeys.find(({ id }) => id === enrollment.journey);
  const step = journey && findDecideStep(journey, enrollment.step, true);
  if (!journey || !step) return [];
  const oldJourney = old.journeys.find(({ id }) => id === enrollment.journey);
  const oldAbout = (oldJourney && findDecideStep(oldJourney, enrollment.step, false))?.about ?? null;
  const recordedSubject = before[0]?.subject;
  const subject =
    recordedSubject !== undefined && oldAbout === step.about
      ? recordedSubject
      : evaluateSubject(enrollment, step, journey, input, context);
  const autonomy = step.autonomy ?? next.workspace.autonomy;
  return step.actions.flatMap((id, order) => {
    const action = next.actions.find((definition) => definition.id === id);
    return (action ? channelsAtStep(step, action) : []).map((channel) => ({
      enrollment: enrollment.id,
      action: id,
      channel,
      subject,
      order,
      autonomy,
      deliver: step.deliver,
    }));
  });
}

/** @param followMoved whether to follow `moved` where the step is gone */
function findDecideStep(journey: JourneyDef, id: string, followMoved: boolean): DecideStep | null {
  const step = journey.steps.find((candidate) => candidate.id === id);
  if (step) return step.kind === 'decide' ? step : null;
  const to = followMoved ? getOwn(journey.moved, id) : undefined;
  return to === undefined ? null : findDecideStep(journey, to, false);
}

/** As the journey evaluates it: an `about` that fails means that the step is about nothing. */
function evaluateSubject(
  enrollment: RecordedEnrollment,
  { about }: DecideStep,
  journey: JourneyDef,
  input: DecisionInput,
  { next, facts: recorded, scores, now, evaluate }: RebaseContext,
): string | null {
  if (about === null) return enrollment.key;
  const facts = { ...recorded, ...input.changedFacts };
  const scope: ExpressionScope = {
    event: toEntryEvent(enrollment),
    facts,
    suppressed: computeSuppression(next.workspace.tickets, facts.tickets, now),
    enrollment,
    now,
    scores,
    use: dataUseOf(journey),
  };
  const result = evaluate(about, scope);
  return (result.ok ? toText(result.value) : undefined) ?? null;
}
