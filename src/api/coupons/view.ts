import type { z } from 'zod';
import type { CouponRow } from '../../../db/coupons/coupons.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import { toIsoOrNull, toMoneyOrNull } from '../frame/format.ts';
import type { coupon } from './schema.ts';

export type CouponView = z.infer<typeof coupon>;

/** A coupon at an instant. After its expiry it reads as expired, even before the job has recorded that. */
export function toCouponView(row: CouponRow, currency: string, now: Instant): CouponView {
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
    redeemedAt: toIsoOrNull(row.redeemedAt),
    orderId: row.orderId,
    discount: toMoneyOrNull(row.discount, currency),
    decisionId: row.decisionId,
    enrollmentId: row.enrollmentId,
  };
}
