import type { Treater } from '../../domain/treatment.ts';
import type { FittedScores } from '../../learning/scores/types.ts';
import { computeCost } from './cost.ts';
import { findCouponOnce } from './coupon-once.ts';
import { chooseSendTime } from './send-at.ts';
import { assignVariant } from './variant.ts';

/** Settles how a chosen candidate is carried out. `fitted`: last night's fit, for the hours that suit most. */
export function createTreater(fitted: FittedScores | null): Treater {
  return (candidate, situation, deadline) => ({
    variant: assignVariant(candidate, situation),
    ...chooseSendTime(candidate, situation, deadline, fitted),
    cost: computeCost(candidate, situation),
    couponOnce: findCouponOnce(candidate, situation),
  });
}
