import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { coupons } from '../schema.ts';

const COLUMNS = [
  'id',
  'workspace',
  'code',
  'customerId',
  'action',
  'once',
  'decisionId',
  'enrollmentId',
  'percent',
  'state',
  'issuedAt',
  'expiresAt',
  'redeemedAt',
  'orderId',
  'discount',
] as const;

export interface CouponRow extends Row<typeof coupons, (typeof COLUMNS)[number]> {
  /** Messages with it have left or may yet leave. A coupon whose messages were all cancelled was never given. */
  isGiven: boolean;
}

function givenCondition(tx: Tx) {
  return tx`(k.state in ('redeemed', 'revoked') or exists (
    select 1 from deliveries d where d.customer_id = k.customer_id and d.coupon_id = k.id
      and d.state not in ('held', 'cancelled')))`;
}

export const COUPON_COLUMNS = (tx: Tx) =>
  tx`${selectColumns(tx, coupons, COLUMNS, 'k')}, ${givenCondition(tx)} as "isGiven"`;

export async function findCoupon(tx: Tx, workspace: string, code: string): Promise<CouponRow | null> {
  const [row] = await tx<CouponRow[]>`
    select ${COUPON_COLUMNS(tx)} from coupons k where k.workspace = ${workspace} and k.code = ${code}`;
  return row ?? null;
}

/** Locks a coupon. Its customer must be locked already. */
export async function lockCoupon(tx: Tx, id: string): Promise<CouponRow | null> {
  const [row] = await tx<
    CouponRow[]
  >`select ${COUPON_COLUMNS(tx)} from coupons k where k.id = ${id} for update`;
  return row ?? null;
}

/** How a coupon ends. */
export type CouponEnd =
  | { state: 'redeemed'; orderId: string; discount: number | null }
  | { state: 'expired' | 'revoked' };

/** Ends a locked coupon. */
export async function endCoupon(tx: Tx, id: string, end: CouponEnd): Promise<void> {
  if (end.state !== 'redeemed') await tx`update coupons set state = ${end.state} where id = ${id}`;
  else
    await tx`
      update coupons set state = 'redeemed', redeemed_at = clock_timestamp(), order_id = ${end.orderId},
        discount = ${end.discount}
      where id = ${id}`;
}

/**
 * Message id of the redemption event. It follows from the coupon, so there is one event, whichever process redeems it.
 */
export function redeemedMessageId(id: string): string {
  return `throughline/coupon/${id}/redeemed`;
}

/** Issued coupons that have expired by `now` (journey time), oldest first. */
export async function findExpiredCoupons(
  tx: Tx,
  query: { workspace: string; now: number; limit: number },
): Promise<Pick<CouponRow, 'id' | 'customerId'>[]> {
  return tx<Pick<CouponRow, 'id' | 'customerId'>[]>`
    select k.id, k.customer_id as "customerId" from coupons k
    where k.workspace = ${query.workspace} and k.state = 'issued' and k.expires_at <= ${query.now}
    order by k.expires_at, k.id limit ${query.limit}`;
}
