import type { BranchStep } from '../definition.ts';
import { bucket } from '../hash.ts';
import type { Enrollment } from '../state.ts';
import type { Run } from './run.ts';

/**
 * Which way a branch takes this enrollment: the first arm that holds. Shares are of customers and stable per customer;
 * that one was taken is recorded, since an experiment is counted by it.
 */
export function takeBranch(
  run: Run,
  enrollment: Enrollment,
  step: BranchStep,
): { next: string; because: string } {
  const shares = step.arms.filter((arm) => arm.kind === 'share');
  const point = shares[0] ? bucket(run.input.facts.workspace, shares[0].salt, run.subject) : 0;
  let covered = 0;
  for (const arm of step.arms) {
    if (arm.kind === 'share') {
      covered += arm.share;
      if (point >= covered) continue;
      const { id, journey } = enrollment;
      run.changes.push({ kind: 'exposed', enrollment: id, journey, step: step.id, arm: arm.next });
      return { next: arm.next, because: 'share' };
    }
    if (arm.kind === 'else') return { next: arm.next, because: 'else' };
    if (run.holds(arm.when, run.about(enrollment))) return { next: arm.next, because: arm.when };
  }
  return { next: step.next, because: 'no branch' };
}
