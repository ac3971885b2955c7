import type { ArmEstimate } from './arm-estimate.ts';

/** One option of a decision, ready to be scored: score = stake × (reward of `arm` − reward of `baseline`) − deduction. */
export interface ArbitrationOption {
  id: string;
  /** Null for doing nothing, which has nothing at stake. */
  arm: ArmEstimate | null;
  /** The same kind of reward when nothing is done; null where the score doesn't subtract it. */
  baseline: ArmEstimate | null;
  /** Money per reward: value × context × lever. */
  stake: number;
  /** Money that is spent whether or not a reward comes: cost and fatigue. */
  deduction: number;
}
