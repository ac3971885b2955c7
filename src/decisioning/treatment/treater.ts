import type { Treat } from '../../domain/treatment.ts';
import type { FittedScores } from '../scores/types.ts';
import { costOf } from './cost.ts';
import { onceOf } from './coupon-once.ts';
import { sendAt } from './send-at.ts';
import { variantOf } from './variant.ts';

/** Settles how a chosen candidate is carried out. `fitted`: last night's fit, for the hours that suit most. */
export function treater(fitted: FittedScores | null): Treat {
  return (candidate, situation, deadline) => ({
    variant: variantOf(candidate, situation),
    ...sendAt(candidate, situation, deadline, fitted),
    cost: costOf(candidate, situation),
    couponOnce: onceOf(candidate, situation),
  });
}
