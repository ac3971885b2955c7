import type { Imagined } from './believe.ts';

/** One possibility of a decision, ready to be scored. */
export interface Option {
  id: string;
  /** Null for doing nothing, which has nothing at stake. */
  arm: Imagined | null;
  /** What comes of the same kind of reward when nothing is done; null where it isn't subtracted. */
  without: Imagined | null;
  /** Money for a reward: value × context × lever. */
  stake: number;
  /** Money that goes whatever happens: cost and fatigue. */
  deducted: number;
}
