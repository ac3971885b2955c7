import type { BranchStep } from '../../../domain/definition.ts';
import type { Enrollment } from '../../../domain/state.ts';
import { bucket } from '../../../domain/values/hash.ts';
import type { AdvanceRun } from '../advance-run.ts';

/**
 * Chooses the first arm of the branch that holds. Shares are shares of customers: each customer always gets the same
 * arm. The choice is recorded as exposure, since experiments are counted by it.
 */
export function chooseBranch(
  run: AdvanceRun,
  enrollment: Enrollment,
  step: BranchStep,
): { next: string; reason: string } {
  const shares = step.arms.filter((arm) => arm.kind === 'share');
  const position = shares[0] ? bucket(run.input.facts.workspace, shares[0].salt, run.experimentSubject) : 0;
  let covered = 0;
  for (const arm of step.arms) {
    if (arm.kind === 'share') {
      covered += arm.share;
      if (position >= covered) continue;
      const { id, journey } = enrollment;
      run.record.changes.push({ kind: 'exposed', enrollment: id, journey, step: step.id, arm: arm.next });
      return { next: arm.next, reason: 'share' };
    }
    if (arm.kind === 'else') return { next: arm.next, reason: 'else' };
    if (run.holds(arm.when, run.conditionContext(enrollment))) return { next: arm.next, reason: arm.when };
  }
  return { next: step.next, reason: 'no branch' };
}
