import { toMinorUnits } from './customer/commerce.ts';
import { isAccountEcho, type JourneyEvent, toText } from './event.ts';
import type { CouponFact } from './facts.ts';
import type { Instant } from './time/time.ts';

/** A code as people type it: in any case, in groups, with the letters that look like digits. */
export function normaliseCode(text: string): string {
  return text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}

/** A coupon that an order has used up. */
export interface UsedCoupon {
  id: string;
  orderId: string;
  /** What it took off, in minor units, if the order says so. */
  discount: number | null;
  at: Instant;
}

/**
 * Which of a customer's coupons these events have used up: an `Order Completed` names one as `coupon`, as Segment has
 * it. What counts is when it was ordered, not when we heard of it. Each coupon once: the first order has it.
 */
export function findUsedCoupons(events: JourneyEvent[], coupons: CouponFact[]): UsedCoupon[] {
  const used = new Map<string, UsedCoupon>();
  for (const event of events) {
    if (event.name !== 'Order Completed' || event.historical || isAccountEcho(event)) continue;
    const said = toText(event.properties.coupon);
    const coupon = said === undefined ? undefined : coupons.find(({ code }) => code === normaliseCode(said));
    if (!coupon || used.has(coupon.id) || event.at >= coupon.expiresAt) continue;
    if (coupon.state !== 'issued' && coupon.state !== 'expired') continue;
    const orderId = toText(event.properties.order_id) ?? event.id;
    used.set(coupon.id, {
      id: coupon.id,
      orderId,
      discount: toMinorUnits(event.properties.discount),
      at: event.at,
    });
  }
  return [...used.values()];
}
