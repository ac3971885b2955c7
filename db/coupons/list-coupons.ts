import type { Tx } from '../client.ts';
import { COUPON_COLUMNS, type CouponRow } from './coupons.ts';

export const COUPON_STATUSES = ['active', 'redeemed', 'expired', 'revoked', 'any'] as const;
export type CouponStatus = (typeof COUPON_STATUSES)[number];

export interface CouponView extends CouponRow {
  /** For the cursor: exact to the microsecond. */
  created: string;
}

/**
 * Coupons that were given to a customer, newest first, under all merged ids. `active`: can be redeemed now. A coupon
 * past its time is listed as `expired` even before the job has ended it.
 */
export async function viewCoupons(
  tx: Tx,
  query: {
    customerIds: string[];
    status: CouponStatus;
    now: number;
    limit: number;
    before: { created: string; id: string } | null;
  },
): Promise<CouponView[]> {
  const { customerIds, status, now, limit, before } = query;
  return tx<CouponView[]>`
    select * from (
      select ${COUPON_COLUMNS(tx)}, k.created_at as at, k.created_at::text as created,
        case when k.state = 'issued' then case when k.expires_at > ${now} then 'active' else 'expired' end
          else k.state end as status
      from coupons k where k.customer_id = any(${customerIds})
    ) k
    where k."isGiven" and (${status} = 'any' or k.status = ${status})
      ${before === null ? tx`` : tx`and (k.at, k.id) < (${before.created}::text::timestamptz, ${before.id})`}
    order by k.at desc, k.id desc limit ${limit}`;
}
