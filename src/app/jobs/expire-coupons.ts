import { findExpiredCoupons } from '../../../db/coupons/coupons.ts';
import { endCouponOnce } from '../coupons/end-coupon.ts';
import type { JobDeps, JobProgress, JobRequest } from './job.ts';

const PAGE = 100;

/**
 * Ends expired coupons and publishes an event for each. Every coupon has its own transaction, so a page that is repeated
 * after a crash finds only the remaining ones. A coupon that was never given to its customer ends without an event.
 */
export async function expireCoupons(deps: JobDeps, { workspace, now }: JobRequest): Promise<JobProgress> {
  const expired = await findExpiredCoupons(deps.db.sql, { workspace, now, limit: PAGE });
  for (const { id, customerId } of expired)
    await endCouponOnce(deps, { id, workspace, customerId }, (coupon) =>
      coupon.state === 'issued' && coupon.expiresAt <= now
        ? { end: { state: 'expired' }, properties: coupon.isGiven ? {} : null }
        : null,
    );
  return { more: expired.length === PAGE };
}
