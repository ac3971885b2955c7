import type { Candidate } from '../../domain/candidate.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { DecisionRequest } from '../request.ts';

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
  /** What its coupon is for (`coupon.once`); null without one. */
  couponOnce: string | null;
}

/** Settles the treatment of a chosen candidate. @param deadline after this the effect is of no use */
export type Treater = (candidate: Candidate, request: DecisionRequest, deadline: Instant) => Treatment;
