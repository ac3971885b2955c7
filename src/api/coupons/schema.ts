import { z } from 'zod';
import { COUPON_STATUSES } from '../../../db/coupons/list-coupons.ts';
import { actor } from '../commands/schema.ts';
import { listOf, money, orNull, pageQuery, time, timeOrNull } from '../frame/schema.ts';

export const couponQuery = pageQuery.extend({
  status: z
    .enum(COUPON_STATUSES)
    .default('any')
    .describe('`active`: can be redeemed now. A shop asks for these at checkout'),
});

export const redeemBody = z.object({
  orderId: z.string().min(1).max(255).describe('The order that it takes something off; it is for one alone'),
  amount: money.optional().describe('What is ordered, before the coupon: the answer says what it takes off'),
  customer: z
    .string()
    .min(1)
    .max(600)
    .optional()
    .describe('Who orders, if known: any reference. Another customer’s coupon is refused'),
});

export const revokeBody = z.object({ reason: z.string().min(1).max(500), actor });

export const coupon = z
  .object({
    id: z.string(),
    code: z.string(),
    customerId: z.string(),
    action: z.string(),
    once: z.string().describe('What it was given for'),
    percent: z.number(),
    state: z.enum(['issued', 'redeemed', 'expired', 'revoked']),
    issuedAt: time,
    expiresAt: time,
    redeemedAt: timeOrNull,
    orderId: z.string().nullable(),
    discount: orNull(money).describe('What it took off; null where nobody said what was ordered'),
    decisionId: z.string(),
    enrollmentId: z.string(),
  })
  .meta({ id: 'Coupon', description: 'A discount for one customer and one order' });

export const couponList = listOf(coupon).meta({ id: 'CouponList' });
