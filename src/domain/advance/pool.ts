import type { Candidate } from '../candidate.ts';
import type { Situation } from '../context.ts';
import type { DecideStep } from '../definition.ts';
import type { DeliveryFact } from '../delivery.ts';
import { textOf } from '../event.ts';
import { channelsAt } from '../offer.ts';
import type { Enrollment } from '../state.ts';
import { askedOf } from './asked.ts';
import type { Run } from './run.ts';
import { take } from './take.ts';

/**
 * All enrollments that stand at a decide step compete in one pool; in the first round also those held from earlier
 * decisions whose time has come, or whom an event concerns that a verdict named. Returns whether somebody moved on and must be run again.
 */
export function decidePool(run: Run, round: number): boolean {
  const standing = run.state.enrollments.filter((e) => isStanding(run, e, round));
  if (standing.length === 0) return false;
  const candidates: Candidate[] = [];
  for (const e of standing) run.guard(e, () => candidates.push(...candidatesOf(run, e)));
  const situation: Situation = {
    facts: { ...run.input.facts, deliveries: [...run.input.facts.deliveries, ...plannedFacts(run)] },
    bundle: run.input.bundle,
    openTickets: run.openTickets,
    quietUntil: run.state.quietUntil,
    now: run.now,
    evaluate: run.input.evaluate,
    scores: run.input.scores,
    stage: run.state.stage?.id ?? null,
    actedAlready: run.plan.deliveries.length + run.plan.tasks.length > 0,
    subject: run.subject,
    seed: `${run.input.ref}/${round}`,
  };
  if (candidates.length > 0)
    run.asked.push(
      askedOf(
        candidates,
        situation,
        standing.map((enrollment) => versioned(run, enrollment)),
      ),
    );
  const choice = run.input.choose(candidates, situation);
  run.judged.push(...choice.judged);
  if (choice.arbitrated) run.arbitrated.push(choice.arbitrated);
  for (const e of standing.filter((s) => s.status.kind !== 'poison'))
    run.guard(e, () => take(run, e, { candidates, choice, situation }));
  return standing.some((e) => e.status.kind === 'running');
}

function versioned(run: Run, enrollment: Enrollment): { enrollment: Enrollment; version: number } {
  return { enrollment, version: enrollment.pinned ? enrollment.version : run.input.bundle.version };
}

function isStanding(run: Run, enrollment: Enrollment, round: number): boolean {
  const { status } = enrollment;
  if (run.stepOf(enrollment)?.kind !== 'decide') return false;
  if (status.kind === 'running') return true;
  if (status.kind !== 'held' || round > 0) return false;
  return status.recheckAt <= run.now || run.stirred.has(enrollment.id) || run.input.edited;
}

function candidatesOf(run: Run, enrollment: Enrollment): Candidate[] {
  const step = run.stepOf(enrollment) as DecideStep;
  const subject = subjectOf(run, enrollment, step);
  const autonomy = step.autonomy ?? run.input.bundle.workspace.autonomy;
  return step.actions.flatMap((id, order) => {
    const action = run.actionOf(enrollment, id);
    if (!action) throw new Error(`the bundle has no action ${id}`);
    const { deliver } = step;
    return channelsAt(step, action).map((channel) => ({
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

/** The ticket or order that the step is about. One whose `about` fails is about nothing: silence is the safe side. */
function subjectOf(run: Run, enrollment: Enrollment, { about }: DecideStep): string | null {
  if (about === null) return enrollment.key;
  const result = run.evaluate(about, run.about(enrollment));
  if (!result.ok) run.failed(about, result.error);
  return (result.ok ? textOf(result.value) : undefined) ?? null;
}

/** Deliveries planned earlier in this very run count for caps and spacing, as if they were rows. */
function plannedFacts(run: Run): DeliveryFact[] {
  return run.plan.deliveries.map((d) => ({ ...d, state: 'planned' as const, refusal: null }));
}
