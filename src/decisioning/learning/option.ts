import type { Belief } from './predict.ts';

/** One possibility of a decision, ready to be scored: doing nothing is one with nothing at stake. */
export interface Option {
  id: string;
  belief: Belief;
  /** Whether its reward is a probability rather than an amount. */
  binary: boolean;
  /** Money for a reward: value × context × lever. */
  stake: number;
  /** Money that goes whatever happens: cost and fatigue. */
  deducted: number;
}
