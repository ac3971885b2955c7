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
import {
  buildEffectEvent,
  ClaimantChangedError,
  lockForClaim,
  runClaimTransaction,
} from '../decide/claim/claim.ts';
import type { DecideDeps } from '../decide/journey.ts';
import { acceptInTransaction } from '../intake/commit.ts';

const TOLD = {
  redeemed: EVENT.couponRedeemed,
  expired: EVENT.couponExpired,
  revoked: EVENT.couponRevoked,
} as const;

/**
 * Says how a coupon ends that is locked now, at this instant of journey time; null: it stays as it is. `tell`: what the
 * event says beside the coupon; null tells nobody. May throw, then nothing is changed.
 */
export type DecideCouponEnd = (
  coupon: CouponRow,
  now: Instant,
) => { end: CouponEnd; tell: Record<string, unknown> | null } | null;

/**
 * Ends a coupon and appends the event that says so in one commit, under the customer's lock: of two orders that use it
 * at once, one has it. Returns it as it is then; null: it is gone with its customer.
 */
export async function endCouponOnce(
  deps: DecideDeps,
  found: Pick<CouponRow, 'id' | 'workspace' | 'customerId'>,
  judge: DecideCouponEnd,
): Promise<{ coupon: CouponRow; now: Instant } | null> {
  return runClaimTransaction(deps.db, async (tx) => {
    const claimant = await lockForClaim(tx, found);
    if (!claimant || claimant.erased) return null;
    const { customerId } = claimant;
    const coupon = await lockCoupon(tx, found.id);
    if (!coupon) return null;
    if (coupon.customerId !== customerId)
      throw new ClaimantChangedError('the coupon went to another customer');
    const { lastNow } = await readProcessedPosition(tx, customerId);
    const now = Math.max(Date.now(), lastNow);
    const judged = judge(coupon, now);
    if (!judged) return { coupon, now };
    await endCoupon(tx, coupon.id, judged.end);
    if (judged.tell) await tell(tx, deps, coupon, judged.end.state, judged.tell);
    return { coupon: (await lockCoupon(tx, coupon.id)) ?? coupon, now };
  });
}

async function tell(
  tx: Tx,
  deps: DecideDeps,
  { id, workspace, customerId, action, enrollmentId, percent }: CouponRow,
  state: CouponEnd['state'],
  more: Record<string, unknown>,
): Promise<void> {
  const about = { coupon_id: id, action, enrollment_id: enrollmentId, percent, ...more };
  const event = buildEffectEvent(
    { workspace, customerId, id: `throughline/coupon/${id}` },
    TOLD[state],
    '',
    about,
  );
  const messageId = state === 'redeemed' ? redeemedMessageId(id) : `throughline/coupon/${id}/${state}`;
  await acceptInTransaction(tx, deps, [{ ...event, messageId }]);
}
