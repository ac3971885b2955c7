import type { ArmEstimate } from './arm-estimate.ts';

/** One possibility of a decision, ready to be scored. */
export interface ArbitrationOption {
  id: string;
  /** Null for doing nothing, which has nothing at stake. */
  arm: ArmEstimate | null;
  /** What comes of the same kind of reward when nothing is done; null where it isn't subtracted. */
  baseline: ArmEstimate | null;
  /** Money for a reward: value × context × lever. */
  stake: number;
  /** Money that goes whatever happens: cost and fatigue. */
  deduction: number;
}
