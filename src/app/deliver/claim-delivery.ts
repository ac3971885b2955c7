import type { Tx } from '../../../db/client.ts';
import {
  cancelDelivery,
  claimDelivery,
  type DeliveryRow,
  lockDelivery,
  readDelivery,
} from '../../../db/deliveries/deliveries.ts';
import type { ClaimRefusal } from '../../domain/candidate.ts';
import type { Bundle } from '../../domain/definition.ts';
import { isFinal } from '../../domain/delivery.ts';
import type { DecisionFacts } from '../../domain/facts.ts';
import type { EffectRequest, EffectResult } from '../../domain/protocol.ts';
import { type Instant, SECOND } from '../../domain/time/time.ts';
import { judgeCouponAtClaim } from '../../engine/gates/coupon.ts';
import { block } from '../../engine/gates/gate.ts';
import { computeLift } from '../../engine/lift.ts';
import { judgeClaim } from '../decide/claim/judge.ts';
import { ClaimantChangedError, lockForClaim } from '../decide/claim/lock.ts';
import { requireAction } from '../decide/claim/require-action.ts';
import type { DecisionServices } from '../decide/services.ts';
import { endAttempt } from './end-delivery.ts';

/** At least the start-to-close time-out of the activity (25 s), so that a running attempt never counts as dead. */
const LEASE = 30 * SECOND;

export interface ClaimedDelivery {
  kind: 'claimed';
  row: DeliveryRow;
  /** Fencing token: only the attempt that holds it may write the delivery's end. */
  fence: number;
  facts: DecisionFacts;
  bundle: Bundle;
  /** Journey time of the claim. */
  now: Instant;
}

/** `refused`: nothing may be sent now, and `result` is the activity's result. */
export type DeliveryClaim = ClaimedDelivery | { kind: 'refused'; result: EffectResult };

/**
 * Claims a delivery for one attempt. Under the locks of acceptance the gates judge once more, so a ticket or a
 * withdrawn consent that committed first holds the delivery. The claim is a lease with a fencing token. While a lease
 * runs, no other attempt may begin; after a lease has lapsed without a result, the delivery ends as `unknown`.
 */
export async function claimForAttempt(
  tx: Tx,
  deps: DecisionServices,
  effect: EffectRequest,
): Promise<DeliveryClaim> {
  const { id, now } = effect;
  const refuse = (state: EffectResult['state'], retryAt: Instant | null = null): DeliveryClaim => ({
    kind: 'refused',
    result: { id, state, retryAt },
  });
  const planned = await readDelivery(tx, id);
  if (!planned) return refuse('cancelled');
  const { workspace, customerId } = planned;
  const claimant = await lockForClaim(
    tx,
    { workspace, customerId },
    { deps, action: { id: planned.action, bundleVersion: planned.bundleVersion } },
  );
  const row = await lockDelivery(tx, id);
  if (row && row.customerId !== customerId)
    throw new ClaimantChangedError('the delivery went to another customer');
  if (!claimant || claimant.erased) {
    await cancelDelivery(tx, id, 'customer_gone');
    return refuse(row && isFinal(row.state) ? row.state : 'cancelled');
  }
  // After a merge the delivery belongs to the winner.
  const request = { ...effect, workspace, customerId: claimant.customerId };
  if (!row || isFinal(row.state) || row.state === 'held') return refuse(row?.state ?? 'cancelled');
  if (row.state === 'sending') {
    const leaseRemaining = row.leaseRemaining ?? 0;
    if (leaseRemaining > 0) return refuse('sending', now + leaseRemaining + SECOND);
    await endAttempt(tx, deps, request, row, { state: 'unknown', error: 'the attempt was not finished' });
    return refuse('unknown');
  }
  if (row.at > now) return refuse('planned', row.at);

  const { channel, action, bundleVersion, decisionId, subject, cost, enrollmentId, key, entry } = row;
  const { facts, bundle, refusals } = await judgeClaim(tx, deps, claimant, {
    id,
    decisionId,
    action,
    channel,
    bundleVersion,
    enrollment: { id: enrollmentId, key, enteredAt: now, entry, vars: {} },
    subject,
    cost,
    now,
  });
  const coupon = facts.coupons?.find((issued) => issued.id === row.couponId) ?? null;
  refusals.push(...judgeCouponAtClaim(requireAction(bundle, action), coupon, now));
  if (now > row.notAfter) refusals.push(block('expiry', 'too_late', { needed: row.notAfter }));
  if (refusals.length > 0) {
    const verdict: ClaimRefusal = { code: refusals[0]?.code, liftsAt: computeLift(refusals).at, refusals };
    await endAttempt(tx, deps, request, row, { state: 'held', verdict });
    return refuse('held');
  }
  const fence = await claimDelivery(tx, id, LEASE, claimant);
  return { kind: 'claimed', row, fence, facts, bundle, now };
}
