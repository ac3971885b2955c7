import type { BranchStep } from '../../../domain/definition.ts';
import type { Enrollment } from '../../../domain/state.ts';
import { bucket } from '../../../domain/values/hash.ts';
import type { AdvanceRun } from '../advance-run.ts';

/**
 * Which way a branch takes this enrollment: the first arm that holds. Shares are of customers and stable per customer;
 * that one was taken is recorded, since an experiment is counted by it.
 */
export function chooseBranch(
  run: AdvanceRun,
  enrollment: Enrollment,
  step: BranchStep,
): { next: string; because: string } {
  const shares = step.arms.filter((arm) => arm.kind === 'share');
  const point = shares[0] ? bucket(run.input.facts.workspace, shares[0].salt, run.experimentSubject) : 0;
  let covered = 0;
  for (const arm of step.arms) {
    if (arm.kind === 'share') {
      covered += arm.share;
      if (point >= covered) continue;
      const { id, journey } = enrollment;
      run.record.changes.push({ kind: 'exposed', enrollment: id, journey, step: step.id, arm: arm.next });
      return { next: arm.next, because: 'share' };
    }
    if (arm.kind === 'else') return { next: arm.next, because: 'else' };
    if (run.holds(arm.when, run.conditionContext(enrollment))) return { next: arm.next, because: arm.when };
  }
  return { next: step.next, because: 'no branch' };
}
