import { findExpiredCoupons } from '../../../db/coupons/coupons.ts';
import { endCouponOnce } from '../coupons/end-coupon.ts';
import type { JobDeps, JobProgress, JobRequest } from './job.ts';

const PAGE = 100;

/**
 * Ends coupons whose time is over and tells of it, each in a commit of its own: a page that is done again finds those
 * that are left. One that nobody was ever told of ends without a word.
 */
export async function expireCoupons(deps: JobDeps, { workspace, now }: JobRequest): Promise<JobProgress> {
  const found = await findExpiredCoupons(deps.db.sql, { workspace, now, limit: PAGE });
  for (const { id, customerId } of found)
    await endCouponOnce(deps, { id, workspace, customerId }, (coupon) =>
      coupon.state === 'issued' && coupon.expiresAt <= now
        ? { end: { state: 'expired' }, properties: coupon.isGiven ? {} : null }
        : null,
    );
  return { more: found.length === PAGE };
}
