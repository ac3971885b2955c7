import type { Tx } from '../../../db/client.ts';
import {
  type CouponEnd,
  type CouponRow,
  endCoupon,
  lockCoupon,
  redeemedMessageId,
} from '../../../db/coupons/coupons.ts';
import { readProcessedPosition } from '../../../db/journeys/processed-position.ts';
import { EVENT } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import { buildEffectEvent } from '../decide/claim/effect-event.ts';
import { ClaimantChangedError, lockForClaim, runClaimTransaction } from '../decide/claim/lock.ts';
import type { DecisionServices } from '../decide/services.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import { acceptInTransaction } from '../intake/commit.ts';

const END_EVENTS = {
  redeemed: EVENT.couponRedeemed,
  expired: EVENT.couponExpired,
  revoked: EVENT.couponRevoked,
} as const;

/**
 * Decides how a locked coupon ends, at an instant of journey time; null: it stays as it is. `properties` belong to the
 * event about the end; null appends no event. It may throw a refusal, then nothing is changed.
 */
export type DecideCouponEnd = (
  coupon: CouponRow,
  now: Instant,
) => { end: CouponEnd; properties: Record<string, unknown> | null } | null;

/** A coupon after it was ended, and the instant of journey time at which it was. */
export interface EndedCoupon {
  coupon: CouponRow;
  now: Instant;
}

/**
 * Ends a coupon and appends the event about it in one commit, under the lock of the customer: if two orders use a coupon
 * at once, one of them gets it. Returns the coupon after it; null if the coupon was erased with its customer.
 */
export async function endCouponOnce(
  deps: DecisionServices,
  { id, workspace, customerId: owner }: Pick<CouponRow, 'id' | 'workspace' | 'customerId'>,
  decideEnd: DecideCouponEnd,
  inSameTransaction?: InSameTransaction<EndedCoupon>,
): Promise<EndedCoupon | null> {
  return runClaimTransaction(deps.db, async (tx) => {
    const ended = await endLocked(tx, deps, { id, workspace, customerId: owner }, decideEnd);
    if (ended) await inSameTransaction?.(tx, ended);
    return ended;
  });
}

async function endLocked(
  tx: Tx,
  deps: DecisionServices,
  { id, workspace, customerId: owner }: Pick<CouponRow, 'id' | 'workspace' | 'customerId'>,
  decideEnd: DecideCouponEnd,
): Promise<EndedCoupon | null> {
  const claimant = await lockForClaim(tx, { workspace, customerId: owner });
  if (!claimant || claimant.erased) return null;
  const { customerId } = claimant;
  const coupon = await lockCoupon(tx, id);
  if (!coupon) return null;
  if (coupon.customerId !== customerId)
    throw new ClaimantChangedError('the coupon moved to another customer');
  const { lastNow } = await readProcessedPosition(tx, customerId);
  const now = Math.max(Date.now(), lastNow);
  const planned = decideEnd(coupon, now);
  if (!planned) return { coupon, now };
  const { end, properties } = planned;
  await endCoupon(tx, coupon.id, end);
  if (properties) await appendEndEvent(tx, deps, coupon, end.state, properties);
  return { coupon: (await lockCoupon(tx, coupon.id)) ?? coupon, now };
}

async function appendEndEvent(
  tx: Tx,
  deps: DecisionServices,
  { id, workspace, customerId, action, enrollmentId, percent }: CouponRow,
  state: CouponEnd['state'],
  properties: Record<string, unknown>,
): Promise<void> {
  const eventProperties = { coupon_id: id, action, enrollment_id: enrollmentId, percent, ...properties };
  const event = buildEffectEvent(
    { workspace, customerId, id: `throughline/coupon/${id}` },
    END_EVENTS[state],
    '',
    eventProperties,
  );
  const messageId = state === 'redeemed' ? redeemedMessageId(id) : `throughline/coupon/${id}/${state}`;
  await acceptInTransaction(tx, deps, [{ ...event, messageId }]);
}
