import { channelsAtStep } from '../../domain/action-channels.ts';
import { dataUseOf } from '../../domain/customer/attribute.ts';
import type { Bundle, DecideStep, JourneyDef } from '../../domain/definition.ts';
import { toText } from '../../domain/event.ts';
import type { ConditionFacts, Evaluator, ExpressionScope } from '../../domain/facts.ts';
import { toEntryEvent } from '../../domain/state.ts';
import { computeSuppression } from '../../domain/ticket-suppression.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { DecisionInput } from '../journey/decide/decision-input.ts';

type Asker = DecisionInput['enrollments'][number];
type AskedCandidate = DecisionInput['candidates'][number];

interface Under {
  /** The bundle that was active when it was asked, and the one under which it is asked again. */
  old: Bundle;
  next: Bundle;
  facts: ConditionFacts;
  scores: Record<string, number>;
  now: number;
  evaluate: Evaluator;
}

/**
 * What would have been asked had another bundle been active: each enrollment offers what its step offers there. Those
 * pinned to an older version offer what they did. One whose journey or step is gone offers nothing.
 */
export function rebaseInput(asked: DecisionInput, under: Under): DecisionInput {
  const candidates = asked.enrollments.flatMap((enrollment) => {
    const its = asked.candidates.filter((candidate) => candidate.enrollment === enrollment.id);
    if (enrollment.version !== under.old.version) return its;
    return offeredBy(enrollment, its, asked, under);
  });
  return { ...asked, candidates, stage: stageUnder(asked, under) };
}

/** Stages that are defined otherwise may put the customer elsewhere. */
function stageUnder(
  asked: DecisionInput,
  { old, next, facts: recorded, scores, now, evaluate }: Under,
): string | null {
  const { stages, tickets: policy } = next.workspace;
  if (JSON.stringify(stages) === JSON.stringify(old.workspace.stages)) return asked.stage;
  const facts = { ...recorded, ...asked.changedFacts };
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

function offeredBy(
  enrollment: Asker,
  before: AskedCandidate[],
  asked: DecisionInput,
  under: Under,
): AskedCandidate[] {
  const { old, next } = under;
  const journey = next.journeys.find((one) => one.id === enrollment.journey);
  const step = journey && decideStep(journey, enrollment.step, true);
  if (!journey || !step) return [];
  const was = old.journeys.find((one) => one.id === enrollment.journey);
  const about = (was && decideStep(was, enrollment.step, false))?.about ?? null;
  const known = before[0]?.subject;
  const subject =
    known !== undefined && about === step.about ? known : subjectOf(enrollment, step, journey, asked, under);
  const autonomy = step.autonomy ?? next.workspace.autonomy;
  return step.actions.flatMap((id, order) => {
    const action = next.actions.find((one) => one.id === id);
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

/** @param moved follow those who stood on a step that is gone */
function decideStep(journey: JourneyDef, id: string, moved: boolean): DecideStep | null {
  const step = journey.steps.find((one) => one.id === id);
  if (step) return step.kind === 'decide' ? step : null;
  const to = moved ? getOwn(journey.moved, id) : undefined;
  return to === undefined ? null : decideStep(journey, to, false);
}

/** As the core settles it: what fails is about nothing. */
function subjectOf(
  enrollment: Asker,
  { about }: DecideStep,
  journey: JourneyDef,
  asked: DecisionInput,
  { next, facts: recorded, scores, now, evaluate }: Under,
): string | null {
  if (about === null) return enrollment.key;
  const facts = { ...recorded, ...asked.changedFacts };
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
