import type { Enrollment } from '../../../domain/state.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { cancelEffects, endEnrollment } from '../exits.ts';
import { beginStep } from '../steps/run-steps.ts';
import { type EnrollmentProgress, moreAdvanced } from './merge-states.ts';

/**
 * Resolves journeys in which both customers were enrolled. Of two enrollments with the same key, the more advanced one
 * goes on. If their experiment arms differ, all go on in the arm of the customer who was known first.
 */
export function resolveDuplicates(
  run: AdvanceRun,
  own: Enrollment[],
  adopted: Enrollment[],
  adoptedIsOlder: boolean,
): void {
  for (const journey of new Set(adopted.map((enrollment) => enrollment.journey))) {
    const isOpen = (enrollment: Enrollment) =>
      enrollment.journey === journey && run.state.enrollments.includes(enrollment);
    const winners = own.filter(isOpen);
    const losers = adopted.filter(isOpen);
    const arm = (adoptedIsOlder ? losers : winners)[0]?.arm;
    const armsDiffer = arm !== undefined && [...winners, ...losers].some((e) => e.arm !== arm);
    for (const enrollment of winners) {
      const duplicate = losers.find(({ key }) => key === enrollment.key);
      if (duplicate) resolveDuplicate(run, enrollment, duplicate);
    }
    if (!armsDiffer || winners.length === 0 || losers.length === 0) continue;
    for (const enrollment of [...winners, ...losers].filter(isOpen)) setArm(run, enrollment, arm);
  }
}

/** Ends the less advanced of the two. The other one takes over a goal that was reached, and the steps that emitted. */
function resolveDuplicate(run: AdvanceRun, a: Enrollment, b: Enrollment): void {
  const kept = moreAdvanced(a, b, (enrollment) => computeProgress(run, enrollment));
  const ended = kept === a ? b : a;
  const goals = [a.goalAt, b.goalAt].filter((at) => at !== null);
  if (kept.goalAt === null && goals[0] !== undefined) {
    kept.goalAt = goals[0];
    run.markChanged(kept);
  }
  const emitted = [...new Set([...(a.emitted ?? []), ...(b.emitted ?? [])])].sort();
  if (emitted.length > 0) kept.emitted = emitted;
  endEnrollment(run, ended, 'merged');
}

function computeProgress(run: AdvanceRun, enrollment: Enrollment): EnrollmentProgress {
  const step = run.journeyOf(enrollment)?.steps.findIndex((s) => s.id === enrollment.step) ?? -1;
  const { status } = enrollment;
  const { deliveries, tasks } = run.input.facts;
  if (status.kind === 'delivering') {
    const planned = deliveries.filter((delivery) => status.deliveries.includes(delivery.id));
    return {
      step,
      begun: planned.some(({ state }) => ['sending', 'sent', 'unknown'].includes(state)) ? 2 : 1,
    };
  }
  if (status.kind !== 'tasked') return { step, begun: 0 };
  const task = tasks.find(({ id }) => id === status.task);
  return { step, begun: task && ['acknowledged', 'resolved'].includes(task.state) ? 2 : 1 };
}

/** Excludes the enrollment from the analysis, since both arms have touched the customer, and moves it to `arm`. */
function setArm(run: AdvanceRun, enrollment: Enrollment, arm: Enrollment['arm']): void {
  enrollment.excluded = true;
  run.markChanged(enrollment);
  if (enrollment.arm === arm) return;
  enrollment.arm = arm;
  cancelEffects(run, enrollment, 'merged into the other arm');
  if (arm === 'treated') return beginStep(run, enrollment);
  enrollment.status = { kind: 'control' };
}
