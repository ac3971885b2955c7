import type { Step } from '../../domain/definition.ts';
import { isFinal } from '../../domain/delivery.ts';
import type { Enrollment, EnrollmentStatus } from '../../domain/state.ts';
import type { AdvanceRun } from './advance-run.ts';
import { cancelEffects, endEnrollment } from './exits.ts';
import { beginStep, moveToStep } from './steps/run-steps.ts';

/**
 * Adapts an enrollment to edited definitions before anything else happens to it.
 *
 * - The journey is gone: the enrollment ends with reason `journey_removed`.
 * - Its step is now of another kind: effects are cancelled and the step begins again.
 * - Its step is gone: the enrollment moves where the journey's `moved` sends it.
 * @throws Error if the step is gone and `moved` does not name a target, which poisons the enrollment
 */
export function reconcileWithDefinitions(run: AdvanceRun, enrollment: Enrollment): void {
  revive(run, enrollment);
  if (enrollment.status.kind === 'poison') return;
  if (!run.bundleOf(enrollment)) return poisonWithoutBundle(run, enrollment);
  const journey = run.journeyOf(enrollment);
  if (!journey) return endEnrollment(run, enrollment, 'journey_removed');
  if (enrollment.status.kind === 'control') return;

  const step = run.stepOf(enrollment);
  if (step && fits(step, enrollment.status.kind)) return;
  if (step) {
    cancelEffects(run, enrollment, `its step ${step.id} has become another`);
    return beginStep(run, enrollment);
  }
  const to = Object.hasOwn(journey.moved, enrollment.step) ? journey.moved[enrollment.step] : undefined;
  if (to === undefined || (to !== 'exit' && !journey.steps.some((s) => s.id === to)))
    throw new Error(`the journey has no step ${enrollment.step} any more`);
  cancelEffects(run, enrollment, `its step ${enrollment.step} is gone`);
  moveToStep(run, enrollment, to, 'edit');
}

/** The version that it is pinned to was not loaded. `bundle: 0` makes every later decision try again. */
function poisonWithoutBundle(run: AdvanceRun, enrollment: Enrollment): void {
  const reason = `bundle ${enrollment.version}, to which it is pinned, isn't there`;
  enrollment.status = { kind: 'poison', reason, bundle: 0 };
  run.record.changes.push({ kind: 'poisoned', enrollment: enrollment.id, event: null, reason });
}

function fits(step: Step, kind: EnrollmentStatus['kind']): boolean {
  if (kind === 'running') return true;
  return kind === 'waiting' ? step.kind === 'wait' : step.kind === 'decide';
}

/**
 * Gives a poisoned enrollment another chance once the definitions have changed. It resumes the effects that it had
 * begun at this step, so that nothing is sent twice.
 */
function revive(run: AdvanceRun, enrollment: Enrollment): void {
  if (enrollment.status.kind !== 'poison' || enrollment.status.bundle === run.input.bundle.version) return;
  const { deliveries, tasks } = run.input.facts;
  const begun = deliveries.filter(
    (d) => d.enrollmentId === enrollment.id && d.at >= enrollment.since && d.state !== 'cancelled',
  );
  const task = tasks.find((t) => t.enrollmentId === enrollment.id && !isFinal(t.state));
  if (enrollment.arm === 'control') enrollment.status = { kind: 'control' };
  else if (task) enrollment.status = { kind: 'tasked', task: task.id };
  else if (begun.length > 0)
    enrollment.status = { kind: 'delivering', deliveries: begun.map((d) => d.id), refusals: 0 };
  else enrollment.status = { kind: 'running' };
}
