import { isRetryable, isUnavailable, type Tx } from '../../../db/client.ts';
import {
  cancelDelivery,
  claimDelivery,
  type DeliveryRow,
  lockDelivery,
  readDelivery,
} from '../../../db/deliveries/deliveries.ts';
import type { Channel } from '../../channels/channel.ts';
import type { ClaimRefusal } from '../../domain/candidate.ts';
import { findChannel, readAddress } from '../../domain/customer/address.ts';
import type { Bundle, WorkspaceDef } from '../../domain/definition.ts';
import { isFinal, isRepeat } from '../../domain/delivery.ts';
import type { DecisionFacts } from '../../domain/facts.ts';
import type { EffectRequest, EffectResult } from '../../domain/protocol.ts';
import { HOUR, type Instant, type Millis, SECOND } from '../../domain/time/time.ts';
import { judgeCouponAtClaim } from '../../engine/gates/coupon.ts';
import { block } from '../../engine/gates/gate.ts';
import { computeLift } from '../../engine/lift.ts';
import { judgeClaim } from '../decide/claim/judge.ts';
import { ClaimantChangedError, lockForClaim } from '../decide/claim/lock.ts';
import { requireAction } from '../decide/claim/require-action.ts';
import type { DecisionServices } from '../decide/services.ts';
import { computeAddressKey } from '../identity/address-key.ts';
import { type ComposeDeps, type ComposeResult, composeMessage } from './compose-message.ts';
import { endAttempt } from './end-delivery.ts';
import { readPendingMessage } from './pending-message.ts';
import type { MessageInput } from './render-message.ts';
import { encodeOutgoing } from './sent-content.ts';

/** At least the start-to-close time-out of the activity (25 s), so that a running attempt never counts as dead. */
const LEASE = 30 * SECOND;

/** How much earlier than its provider forgets it a delivery is no longer repeated, and the part of a short window. */
const REPEAT_MARGIN = HOUR;
const REPEAT_MARGIN_PART = 0.25;

export interface ClaimedDelivery {
  kind: 'claimed';
  row: DeliveryRow;
  /** For how long from now this attempt may be repeated if it gets no answer; null: not at all. */
  repeatFor: Millis | null;
  /** Fencing token: only the attempt that holds it may write the delivery's end. */
  fence: number;
  facts: DecisionFacts;
  bundle: Bundle;
  /** What the newest version counts of the answers to a message. */
  tracking: WorkspaceDef['tracking'];
  /** Journey time of the claim. */
  now: Instant;
  scores: Record<string, number>;
  /** What is sent; null: it takes too long to be rendered under the locks of the claim. */
  composed: ComposeResult | null;
}

export interface ClaimDeps extends DecisionServices, ComposeDeps {
  channels: ReadonlyMap<string, Channel>;
  secret: string;
  /** Whether what is sent is kept. */
  keepsContent: boolean;
}

/** `refused`: nothing may be sent now, and `result` is the activity's result. */
export type DeliveryClaim = ClaimedDelivery | { kind: 'refused'; result: EffectResult };

/**
 * Claims a delivery for one attempt, and composes its message, which is kept with the claim. Under the locks of
 * acceptance the gates judge once more, so a ticket or a withdrawn consent that committed first holds the delivery. The
 * claim is a lease with a fencing token. While a lease runs, no other attempt may begin. After a lease has lapsed without
 * a result, the delivery is claimed again if its provider recognises a repeat (ADR 20), and ends as `unknown` if not.
 */
export async function claimForAttempt(
  tx: Tx,
  deps: ClaimDeps,
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
    // A receipt shows that the message left: it must not be repeated.
    if (row.receipts !== null)
      return refuse((await endAttempt(tx, deps, request, row, { state: 'sent' })) ?? 'sent');
    const obstacle = findObstacleToRepeat(row, deps.channels.get(row.channel));
    if (obstacle !== null) {
      await endAttempt(tx, deps, request, row, { state: 'unknown', error: obstacle });
      return refuse('unknown');
    }
  }
  if (row.at > now) return refuse('planned', row.at);

  const { channel, action, bundleVersion, decisionId, subject, cost, enrollmentId, key, entry } = row;
  const { facts, bundle, current, refusals, scores } = await judgeClaim(tx, deps, claimant, {
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
    if (row.pendingMessage !== null) {
      const error = `${NOT_FINISHED}, and may not be repeated: ${refusals[0]?.code}`;
      await endAttempt(tx, deps, request, row, { state: 'unknown', error });
      return refuse('unknown');
    }
    if (isRepeat(row)) {
      // No enrollment waits for it, so nothing would decide it again.
      await cancelDelivery(tx, id, `refused: ${refusals[0]?.code}`);
      return refuse('cancelled');
    }
    const verdict: ClaimRefusal = { code: refusals[0]?.code, liftsAt: computeLift(refusals).at, refusals };
    await endAttempt(tx, deps, request, row, { state: 'held', verdict });
    return refuse('held');
  }
  const pending = readPendingMessage(row.pendingMessage);
  const composed = pending?.message ?? (await composeAtOnce(tx, deps, { row, facts, scores, bundle, now }));
  const repeatMs = computeRepeatWindow(deps.channels.get(channel));
  const addressKey = readAddressKey(deps, { workspace: claimant.workspace, channel }, facts, bundle);
  const message = pending === null ? { repeatMs, addressKey, content: encodeKept(deps, composed) } : null;
  const fence = await claimDelivery(tx, row, { leaseMs: LEASE, subjects: claimant, message });
  const repeatFor = pending === null ? repeatMs : row.repeatRemaining;
  const { tracking } = current.workspace;
  return { kind: 'claimed', row, repeatFor, fence, facts, bundle, tracking, now, scores, composed };
}

/**
 * Null if it takes long, or fails: then it is composed after the claim, where nobody waits for a lock and a failure is
 * the attempt's.
 */
async function composeAtOnce(tx: Tx, deps: ComposeDeps, input: MessageInput): Promise<ComposeResult | null> {
  try {
    return await composeMessage(tx, deps, input, { patient: false });
  } catch (error) {
    if (isRetryable(error) || isUnavailable(error)) throw error;
    return null;
  }
}

/** What of a message is kept for people to read; null if nothing is. */
function encodeKept({ keepsContent, publicUrl }: ClaimDeps, composed: ComposeResult | null): Buffer | null {
  return keepsContent && composed?.kind === 'message' ? encodeOutgoing(composed, publicUrl) : null;
}

/** For how long after its first attempt a delivery on a channel may be repeated; null: not at all. */
function computeRepeatWindow(channel: Channel | undefined): Millis | null {
  if (!channel?.idempotency) return null;
  const { window } = channel.idempotency;
  return window - Math.min(REPEAT_MARGIN, window * REPEAT_MARGIN_PART);
}

const NOT_FINISHED = 'the attempt was not finished';

/**
 * Why a delivery whose attempt got no answer may not be attempted again; null if it may. An attempt that had not kept its
 * message yet has sent nothing.
 */
function findObstacleToRepeat(row: DeliveryRow, channel: Channel | undefined): string | null {
  if (!channel?.idempotency || row.repeatRemaining === null) return NOT_FINISHED;
  if (row.pendingMessage === null) return null;
  if (row.repeatRemaining <= 0) return `${NOT_FINISHED}, and its provider no longer recognises a repeat`;
  const pending = readPendingMessage(row.pendingMessage);
  if (pending === null) return `${NOT_FINISHED}, and its message was erased`;
  if (pending.provider !== channel.idempotency.provider)
    return `${NOT_FINISHED}, and the channel has another provider now`;
  return null;
}

/** The key of the address that the message goes to; null on a channel without addresses. */
function readAddressKey(
  { secret }: DecisionServices,
  { workspace, channel }: { workspace: string; channel: string },
  { profile }: DecisionFacts,
  bundle: Bundle,
): string | null {
  const definition = findChannel(bundle.workspace, channel);
  if (!secret || !definition || definition.address === null) return null;
  const address = readAddress(profile, definition, bundle.workspace.country);
  return address === undefined ? null : computeAddressKey(secret, { workspace, channel, address });
}
