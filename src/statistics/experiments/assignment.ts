import { type Instant, iso } from '../../domain/time/time.ts';
import { bucket } from '../../domain/values/hash.ts';

/** Shares are hundredths of a percent. */
export const WHOLE_SHARE = 10_000;

/** One arm of an experiment, with its share of the customers. */
export interface ExperimentArm {
  id: string;
  /** Of 10,000. */
  share: number;
}

/**
 * Assigns a customer to an arm by a hash. The arm never changes, and is independent of the arms in other experiments. When
 * shares change, only customers near the moved border change their arm.
 * @param subject customer id that is hashed; after a merge that of the older customer
 * @throws RangeError if the shares don't sum to 10,000
 */
export function assignArm(
  experiment: { id: string; arms: ExperimentArm[] },
  workspace: string,
  subject: string,
): string {
  const total = experiment.arms.reduce((sum, arm) => sum + arm.share, 0);
  if (total !== WHOLE_SHARE || experiment.arms.some((arm) => arm.share < 0)) {
    throw new RangeError(
      `the shares of the arms of experiment '${experiment.id}' sum to ${total}: they must be at least 0 and sum to ${WHOLE_SHARE}`,
    );
  }
  const bucketNumber = bucket(workspace, 'experiment', experiment.id, subject);
  let border = 0;
  for (const arm of experiment.arms) {
    border += arm.share;
    if (bucketNumber < border) return arm.id;
  }
  throw new RangeError(`experiment '${experiment.id}' has no arms`);
}

/** Computes the expected share of controls, of 10,000, in a journey with its own and the global holdout. */
export function computeControlShare(globalHoldout: number, holdout: number): number {
  return globalHoldout + ((WHOLE_SHARE - globalHoldout) * holdout) / WHOLE_SHARE;
}

/**
 * Whether the customer is in this month's (UTC) exploration group, whose decisions are drawn uniformly from all allowed
 * actions. Every month has another group, so that no customer gets random actions for long.
 * @param share of 10,000; the default is 2 %
 */
export function isInExploration(workspace: string, subject: string, at: Instant, share = 200): boolean {
  return bucket(workspace, 'explore', iso(at).slice(0, 7), subject) < share;
}
