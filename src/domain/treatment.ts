import type { Candidate } from './candidate.ts';
import type { DecisionRequest } from './facts.ts';
import type { Instant } from './time/time.ts';

/** How a chosen candidate is carried out: in which variant, when, at what cost. */
export interface Treatment {
  /** Test variant of the content; null where there are none. */
  variant: string | null;
  /** When it goes out: now, or a better hour. */
  at: Instant;
  /** `now`, or what the send time rests on. */
  sendReason: string;
  /** Minor units of the workspace's currency. */
  cost: number;
  /** What its coupon is for; null without one. */
  couponOnce: string | null;
}

/** Settles that for a candidate that was chosen; `src/decisioning` gives it, the core calls it. `deadline`: of no use after that. */
export type Treater = (candidate: Candidate, situation: DecisionRequest, deadline: Instant) => Treatment;
