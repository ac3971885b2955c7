import type { DeliveryRow } from '../../../db/deliveries/deliveries.ts';
import type { ConditionFacts, CouponFact } from '../../domain/facts.ts';

/** The delivery that a message is for; in a real-time decision, the delivery that it becomes once it is shown. */
export type MessageDelivery = Pick<
  DeliveryRow,
  'id' | 'workspace' | 'action' | 'class' | 'channel' | 'variant' | 'bundleVersion' | 'entry' | 'couponId'
>;

/** The facts that a message may use. */
export interface MessageFacts extends ConditionFacts {
  /** The customer's coupons; without them, the message carries none. */
  coupons?: CouponFact[] | null;
}
