import type { z } from 'zod';
import type { CouponRow } from '../../../db/queries/coupons.ts';
import { type Instant, iso } from '../../domain/time.ts';
import type { coupon } from '../schemas/coupon.ts';
import { isoOrNull, moneyOrNull } from './format.ts';

/** A coupon as the API shows it at an instant: one whose time is over reads as expired before the job has come by. */
export function couponView(row: CouponRow, currency: string, now: Instant): z.infer<typeof coupon> {
  return {
    id: row.id,
    code: row.code,
    customerId: row.customerId,
    action: row.action,
    once: row.once,
    percent: row.percent,
    state: row.state === 'issued' && row.expiresAt <= now ? 'expired' : row.state,
    issuedAt: iso(row.issuedAt),
    expiresAt: iso(row.expiresAt),
    redeemedAt: isoOrNull(row.redeemedAt),
    orderId: row.orderId,
    discount: moneyOrNull(row.discount, currency),
    decisionId: row.decisionId,
    enrollmentId: row.enrollmentId,
  };
}
