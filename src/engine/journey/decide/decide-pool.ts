import { channelsAtStep } from '../../../domain/action-channels.ts';
import type { Candidate } from '../../../domain/candidate.ts';
import type { DecideStep } from '../../../domain/definition.ts';
import { toText } from '../../../domain/event.ts';
import type { Enrollment } from '../../../domain/state.ts';
import { bundlePolicy } from '../../policy.ts';
import { createRequest } from '../../request.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { applyChoice } from './apply-choice.ts';
import { captureInput } from './decision-input.ts';
import { resolveChoice } from './resolve-choice.ts';

/**
 * Decides for all enrollments at a decide step, which compete in one pool. In the first round, enrollments held by an
 * earlier decision join it when their recheck is due, when an event that a verdict named has come, or when the
 * definitions have changed.
 * @returns whether an enrollment has moved on and must be run again
 */
export function decidePool(run: AdvanceRun, round: number): boolean {
  const atDecideStep = run.state.enrollments.filter((e) => mayDecide(run, e, round));
  if (atDecideStep.length === 0) return false;
  const candidates: Candidate[] = [];
  for (const e of atDecideStep) run.isolate(e, () => candidates.push(...listCandidates(run, e)));
  const request = createRequest({
    purpose: 'journey',
    policy: bundlePolicy(run.input.bundle),
    facts: run.input.facts,
    tentativeContacts: [...run.plan.deliveries],
    bundle: run.input.bundle,
    openTickets: run.openTickets,
    quietUntil: run.state.quietUntil,
    now: run.now,
    evaluate: run.input.evaluate,
    scores: run.input.scores,
    stage: run.state.stage?.id ?? null,
    actedAlready: run.plan.deliveries.length + run.plan.tasks.length > 0,
    experimentSubject: run.experimentSubject,
    seed: `${run.input.decisionRef}/${round}`,
  });
  if (candidates.length > 0)
    run.record.decisionInputs.push(
      captureInput(
        candidates,
        request,
        atDecideStep.map((enrollment) => addVersion(run, enrollment)),
      ),
    );
  const deciding = atDecideStep
    .filter((e) => e.status.kind !== 'poison')
    .map((enrollment) => ({ enrollment, step: run.stepOf(enrollment) as DecideStep }));
  const resolved = resolveChoice(run.input.choose(candidates, request), candidates, deciding, run.now);
  run.record.judgedCandidates.push(...resolved.choice.judgedCandidates);
  if (resolved.choice.arbitration) run.record.arbitrations.push(resolved.choice.arbitration);
  for (const { enrollment } of deciding)
    run.isolate(enrollment, () => applyChoice(run, enrollment, resolved, request));
  return atDecideStep.some((e) => e.status.kind === 'running');
}

function addVersion(run: AdvanceRun, enrollment: Enrollment): { enrollment: Enrollment; version: number } {
  return { enrollment, version: enrollment.pinned ? enrollment.version : run.input.bundle.version };
}

function mayDecide(run: AdvanceRun, enrollment: Enrollment, round: number): boolean {
  const { status } = enrollment;
  if (run.stepOf(enrollment)?.kind !== 'decide') return false;
  if (status.kind === 'running') return true;
  if (status.kind !== 'held' || round > 0) return false;
  return (
    status.recheckAt <= run.now || run.markedForRecheck.has(enrollment.id) || run.input.definitionsChanged
  );
}

function listCandidates(run: AdvanceRun, enrollment: Enrollment): Candidate[] {
  const step = run.stepOf(enrollment) as DecideStep;
  const subject = evaluateAbout(run, enrollment, step);
  const autonomy = step.autonomy ?? run.input.bundle.workspace.autonomy;
  return step.actions.flatMap((id, order) => {
    const action = run.actionOf(enrollment, id);
    if (!action) throw new Error(`the bundle has no action ${id}`);
    const { deliver } = step;
    return channelsAtStep(step, action).map((channel) => ({
      enrollment,
      action,
      channel,
      subject,
      order,
      autonomy,
      deliver,
    }));
  });
}

/**
 * Id of the ticket or order that the step is about. If `about` fails to evaluate, it is about none, which is
 * stricter.
 */
function evaluateAbout(run: AdvanceRun, enrollment: Enrollment, { about }: DecideStep): string | null {
  if (about === null) return enrollment.key;
  const result = run.evaluate(about, run.conditionContext(enrollment));
  if (!result.ok) run.recordFailedCondition(about, result.error);
  return (result.ok ? toText(result.value) : undefined) ?? null;
}
