import type { CouponRow } from '../../../db/coupons/coupons.ts';
import type { Instant } from '../../domain/time/time.ts';
import { toDecimal } from '../../domain/values/money.ts';
import { recordNotFound, UseCaseError } from '../use-case-error.ts';
import type { DecideCouponEnd } from './end-coupon.ts';

export interface Redemption {
  orderId: string;
  /** Order total before the coupon, minor units; null if the caller did not give it. */
  total: number | null;
  /** The workspace's: coupons are in it. */
  currency: string;
  /** The customer who orders; null if the caller did not name one. */
  customerId: string | null;
}

/** Redeems a coupon for one order. @throws UseCaseError `coupon_of_another`, `not_found`, `coupon_{state}` */
export function planRedemption({ orderId, total, currency, customerId }: Redemption): DecideCouponEnd {
  return (coupon, now) => {
    if (customerId !== null && coupon.customerId !== customerId)
      throw new UseCaseError('conflict', 'coupon_of_another', 'this coupon belongs to another customer');
    if (coupon.state === 'redeemed' && coupon.orderId === orderId) return null;
    if (!coupon.isGiven) throw recordNotFound('coupon');
    requireIssued(coupon, now);
    const discount = total === null ? null : Math.round((total * coupon.percent) / 100);
    const properties = {
      order_id: orderId,
      ...(discount === null ? {} : { discount: toDecimal(discount, currency) }),
    };
    return { end: { state: 'redeemed', orderId, discount }, properties };
  };
}

/** Revokes an unused coupon. @throws UseCaseError `coupon_{state}` */
export function planRevocation(properties: { reason: string; actor: string }): DecideCouponEnd {
  return (coupon, now) => {
    if (coupon.state === 'revoked') return null;
    requireIssued(coupon, now);
    return { end: { state: 'revoked' }, properties };
  };
}

function requireIssued({ state, expiresAt }: CouponRow, now: Instant): void {
  const current = state === 'issued' && expiresAt <= now ? 'expired' : state;
  if (current === 'issued') return;
  throw new UseCaseError('conflict', `coupon_${current}`, `this coupon is ${current}`, {
    extra: { state: current },
  });
}
