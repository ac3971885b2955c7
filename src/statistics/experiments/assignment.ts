import { type Instant, iso } from '../../domain/time/time.ts';
import { bucket } from '../../domain/values/hash.ts';

/** Shares are hundredths of a percent. */
export const WHOLE_SHARE = 10_000;

/** One arm of an experiment. */
export interface ExperimentArm {
  id: string;
  /** Of 10,000. */
  share: number;
}

/**
 * The arm of a customer: the same for ever, and independent of their arm in any other experiment. Customers move only
 * where the border between two shares is moved.
 * @param subject whose id decides: after a merge the older known customer's
 * @throws RangeError if the shares don't sum to 10,000
 */
export function assignArm(
  experiment: { id: string; arms: ExperimentArm[] },
  workspace: string,
  subject: string,
): string {
  const whole = experiment.arms.reduce((sum, arm) => sum + arm.share, 0);
  if (whole !== WHOLE_SHARE || experiment.arms.some((arm) => arm.share < 0)) {
    throw new RangeError(
      `the shares of the arms of experiment '${experiment.id}' sum to ${whole}: they must be at least 0 and sum to ${WHOLE_SHARE}`,
    );
  }
  const at = bucket(workspace, 'experiment', experiment.id, subject);
  let border = 0;
  for (const arm of experiment.arms) {
    border += arm.share;
    if (at < border) return arm.id;
  }
  throw new RangeError(`experiment '${experiment.id}' has no arms`);
}

/** The share of controls, of 10,000, that a journey with its own and the global holdout is expected to have. */
export function computeControlShare(globalHoldout: number, holdout: number): number {
  return globalHoldout + ((WHOLE_SHARE - globalHoldout) * holdout) / WHOLE_SHARE;
}

/**
 * Whether a customer's decisions are drawn alike from all that is allowed in this month (UTC), whatever the model
 * says. Each month draws others, so that nobody is a guinea pig for long.
 * @param share of 10,000; 2 % unless said otherwise
 */
export function isInExploration(workspace: string, subject: string, at: Instant, share = 200): boolean {
  return bucket(workspace, 'explore', iso(at).slice(0, 7), subject) < share;
}
