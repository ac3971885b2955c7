import type { Tx } from '../../../db/client.ts';
import {
  cancelDelivery,
  claimDelivery,
  type DeliveryRow,
  lockDelivery,
  readDelivery,
} from '../../../db/deliveries/deliveries.ts';
import type { Channel, SendResult } from '../../channels/channel.ts';
import type { Bundle } from '../../domain/definition.ts';
import { isFinal } from '../../domain/delivery.ts';
import type { DecisionFacts } from '../../domain/facts.ts';
import type { EffectRequest, EffectResult } from '../../domain/protocol.ts';
import { type Instant, SECOND } from '../../domain/time/time.ts';
import { judgeCouponAtClaim } from '../../engine/gates/coupon.ts';
import { computeLift } from '../../engine/lift.ts';
import { judgeClaim } from '../decide/claim/judge.ts';
import { ClaimantChangedError, lockForClaim, runClaimTransaction } from '../decide/claim/lock.ts';
import { requireAction } from '../decide/claim/require-action.ts';
import type { DecisionServices } from '../decide/services.ts';
import { type ComposeDeps, type ComposeResult, composeMessage } from './compose-message.ts';
import { endAttempt, writeResult } from './end-delivery.ts';

export interface DeliverDeps extends DecisionServices, ComposeDeps {
  secret: string;
  channels: Map<string, Channel>;
  /** Test points: a process is killed, or waits, here. */
  failpoint?: (name: 'claimed' | 'sent', id: string) => Promise<void> | void;
}

/** At least the activity's start-to-close (25 s): a second attempt can't take an attempt that still runs for dead. */
const LEASE = 30 * SECOND;
/** A process that slept this long between claim and call has to ask again. */
const STALE_CLAIM = 10 * SECOND;

type Claim =
  | { kind: 'answer'; result: EffectResult }
  | { kind: 'claimed'; row: DeliveryRow; fence: number; facts: DecisionFacts; bundle: Bundle; now: Instant };

/**
 * Makes one attempt at one delivery: claim, call, write the result. At most one effect per delivery id (I2): the
 * claim is committed before the provider is called, and what happened after it is `unknown` unless it's known.
 */
export async function deliver(deps: DeliverDeps, request: EffectRequest): Promise<EffectResult> {
  const claim = await runClaimTransaction(deps.db, (tx) => takeClaim(tx, deps, request));
  if (claim.kind === 'answer') return claim.result;

  const claimedAt = Date.now();
  await deps.failpoint?.('claimed', request.id);
  const { sent, message } = await send(deps, claim, claimedAt);
  await deps.failpoint?.('sent', request.id);
  return writeResult(deps, request, claim, sent, message);
}

type Message = Extract<ComposeResult, { kind: 'message' }>;

/** Composes the message and hands it to its channel. Until then it is known that nothing was sent. */
async function send(
  deps: DeliverDeps,
  { row, facts, bundle, now }: Extract<Claim, { kind: 'claimed' }>,
  claimedAt: number,
): Promise<{ sent: SendResult; message: Message | null }> {
  const not = (sent: SendResult) => ({ sent, message: null });
  const channel = deps.channels.get(row.channel);
  if (!channel) return not({ state: 'failed', error: `there is no channel ${row.channel}`, suppress: false });
  let composed: ComposeResult;
  try {
    composed = await composeMessage(deps, row, facts, bundle, now);
  } catch (error) {
    return not({ state: 'retry', error: error instanceof Error ? error.message : String(error) });
  }
  if (composed.kind === 'unsendable')
    return not({ state: 'failed', error: composed.reason, suppress: false });
  if (Date.now() - claimedAt > STALE_CLAIM)
    return not({ state: 'retry', error: 'the claim had grown stale' });
  return { sent: await channel.send(composed.outgoing), message: composed };
}

async function takeClaim(tx: Tx, deps: DeliverDeps, asked: EffectRequest): Promise<Claim> {
  const { id, now } = asked;
  const answer = (state: EffectResult['state'], retryAt: Instant | null): Claim => ({
    kind: 'answer',
    result: { id, state, retryAt },
  });
  const planned = await readDelivery(tx, id);
  if (!planned) return answer('cancelled', null);
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
    return answer(row && isFinal(row.state) ? row.state : 'cancelled', null);
  }
  // A merge may have made one of two customers since it was planned: it goes on with the other.
  const request = { ...asked, workspace, customerId: claimant.customerId };
  if (!row || isFinal(row.state) || row.state === 'held') return answer(row?.state ?? 'cancelled', null);
  if (row.state === 'sending') {
    const left = row.leaseRemaining ?? 0;
    if (left > 0) return answer('sending', now + left + SECOND);
    await endAttempt(tx, deps, request, row, { state: 'unknown', error: 'the attempt was not finished' });
    return answer('unknown', null);
  }
  if (row.at > now) return answer('planned', row.at);

  const asking = { id: row.enrollmentId, key: row.key, enteredAt: now, entry: row.entry, vars: {} };
  const { channel, action, bundleVersion, subject, cost } = row;
  const { facts, bundle, refusals } = await judgeClaim(tx, deps, claimant, {
    id,
    decisionId: row.decisionId,
    action,
    channel,
    bundleVersion,
    enrollment: asking,
    subject,
    cost,
    now,
  });
  const issued = facts.coupons?.find((coupon) => coupon.id === row.couponId) ?? null;
  refusals.push(...judgeCouponAtClaim(requireAction(bundle, action), issued, now));
  if (now > row.notAfter)
    refusals.push({ gate: 'expiry', pass: false, code: 'too_late', needed: row.notAfter });
  if (refusals.length > 0) {
    const verdict = { code: refusals[0]?.code, liftsAt: computeLift(refusals).at, refusals };
    await endAttempt(tx, deps, request, row, { state: 'held', verdict });
    return answer('held', null);
  }
  const fence = await claimDelivery(tx, id, LEASE, claimant);
  return { kind: 'claimed', row, fence, facts, bundle, now };
}
