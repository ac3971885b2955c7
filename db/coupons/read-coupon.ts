import type { Tx } from '../client.ts';
import { COUPON_COLUMNS, type CouponRow } from './coupons.ts';

/** A coupon of a customer. */
export async function readCustomerCoupon(tx: Tx, customerId: string, id: string): Promise<CouponRow | null> {
  const [row] = await tx<CouponRow[]>`
    select ${COUPON_COLUMNS(tx)} from coupons k where k.id = ${id} and k.customer_id = ${customerId}`;
  return row ?? null;
}
