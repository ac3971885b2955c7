import type { Candidate } from './candidate.ts';
import type { Situation } from './context.ts';
import type { Instant } from './time.ts';

/** How a chosen candidate is carried out: in which variant, when, at what cost. */
export interface Treatment {
  /** Test variant of the content; null where there are none. */
  variant: string | null;
  /** When it goes out: now, or a better hour. */
  at: Instant;
  /** `now`, or what the send time rests on. */
  sendWhy: string;
  /** Minor units of the workspace's currency. */
  cost: number;
  /** What its coupon is for; null without one. */
  couponOnce: string | null;
}

/** Settles that for a candidate that was chosen; `src/decisioning` gives it, the core calls it. `deadline`: of no use after that. */
export type Treat = (candidate: Candidate, situation: Situation, deadline: Instant) => Treatment;
