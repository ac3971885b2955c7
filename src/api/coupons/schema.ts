import { z } from 'zod';
import { COUPON_STATUSES } from '../../../db/coupons/list-coupons.ts';
import { actor } from '../commands/schema.ts';
import { listOf, money, orNull, pageQuery, time, timeOrNull } from '../frame/schema.ts';

export const couponQuery = pageQuery.extend({
  status: z
    .enum(COUPON_STATUSES)
    .default('any')
    .describe('`active`: can be redeemed now; what a shop needs at checkout'),
});

export const redeemBody = z
  .object({
    orderId: z.string().min(1).max(255).describe('The order to discount. A coupon is valid for one order'),
    amount: money
      .optional()
      .describe('Order total before the coupon. If given, the answer contains the discount'),
    customer: z
      .string()
      .min(1)
      .max(600)
      .optional()
      .describe('Reference to the customer who orders. The coupon of another customer is refused'),
  })
  .meta({ id: 'CouponRedemption' });

export const revokeBody = z
  .object({ reason: z.string().min(1).max(500), actor })
  .meta({ id: 'CouponRevocation' });

export const coupon = z
  .object({
    id: z.string(),
    code: z.string(),
    customerId: z.string(),
    action: z.string(),
    once: z.string().describe('The event or incident that the coupon was issued for: one coupon each'),
    percent: z.number(),
    state: z.enum(['issued', 'redeemed', 'expired', 'revoked']),
    issuedAt: time,
    expiresAt: time,
    redeemedAt: timeOrNull,
    orderId: z.string().nullable(),
    discount: orNull(money).describe('Discount on the order; null if the order total was not given'),
    decisionId: z.string(),
    enrollmentId: z.string(),
  })
  .meta({ id: 'Coupon', description: 'A discount for one customer and one order' });

export const couponList = listOf(coupon).meta({ id: 'CouponList' });
