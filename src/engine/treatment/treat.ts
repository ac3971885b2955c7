import type { FittedScores } from '../../learning/scores/types.ts';
import { computeCost } from './cost.ts';
import { findCouponOnce } from './coupon-once.ts';
import { chooseSendTime } from './send-at.ts';
import type { Treater } from './treatment.ts';
import { assignVariant } from './variant.ts';

/** @param fitted last night's fit: it knows the hours at which most customers respond */
export function createTreater(fitted: FittedScores | null): Treater {
  return (candidate, request, deadline) => ({
    variant: assignVariant(candidate, request),
    ...chooseSendTime(candidate, request, deadline, fitted),
    cost: computeCost(candidate, request),
    couponOnce: findCouponOnce(candidate, request),
  });
}
