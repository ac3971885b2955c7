import type { Tx } from '../../db/client.ts';
import {
  claimDelivery,
  type DeliveryResult,
  type DeliveryRow,
  endDelivery,
  lockDelivery,
} from '../../db/queries/deliveries.ts';
import { holdWake } from '../../db/queries/lease-wakes.ts';
import { suppressAddress } from '../../db/queries/suppress-address.ts';
import type { Channel, SendResult } from '../channels/channel.ts';
import type { Facts } from '../domain/context.ts';
import type { Bundle } from '../domain/definition.ts';
import { isFinal } from '../domain/delivery.ts';
import { EVENT } from '../domain/event.ts';
import type { EffectRequest, EffectResult } from '../domain/protocol.ts';
import { HOUR, type Instant, SECOND } from '../domain/time.ts';
import { appendAll } from '../intake/commit.ts';
import { factAbout, judgeClaim, liftsAt, lockForClaim } from './claim.ts';
import { type ComposeDeps, composeMessage } from './compose-message.ts';
import type { DecideDeps } from './decide-next-best-action.ts';

export interface DeliverDeps extends DecideDeps, ComposeDeps {
  channels: Map<string, Channel>;
  /** Test points: a process is killed, or waits, here. */
  failpoint?: (name: 'claimed' | 'sent', id: string) => Promise<void> | void;
}

/** At least the activity's start-to-close (25 s): a second attempt can't take an attempt that still runs for dead. */
const LEASE = 30 * SECOND;
/** A process that slept this long between claim and call has to ask again. */
const STALE_CLAIM = 10 * SECOND;
/** How long the workflow has to learn an effect's result before the relay tells it. */
const RESULT_GRACE = 10;

type Claim =
  | { kind: 'answer'; result: EffectResult }
  | { kind: 'claimed'; row: DeliveryRow; fence: number; facts: Facts; bundle: Bundle; now: Instant };

/**
 * Makes one attempt at one delivery: claim, call, write the result. At most one effect per delivery id (I2): the
 * claim is committed before the provider is called, and what happened after it is `unknown` unless it's known.
 */
export async function deliver(deps: DeliverDeps, request: EffectRequest): Promise<EffectResult> {
  const claim = (await deps.db.sql.begin((tx) => takeClaim(tx, deps, request))) as Claim;
  if (claim.kind === 'answer') return claim.result;

  const claimedAt = Date.now();
  await deps.failpoint?.('claimed', request.id);
  const { row, facts, bundle } = claim;
  const channel = deps.channels.get(row.channel);
  const message = channel && (await composeMessage(deps, row, facts, bundle));
  let sent: SendResult;
  if (!channel) sent = { state: 'failed', error: `there is no channel ${row.channel}`, suppress: false };
  else if (message?.kind === 'unsendable') sent = { state: 'failed', error: message.reason, suppress: false };
  else if (Date.now() - claimedAt > STALE_CLAIM)
    sent = { state: 'retry', error: 'the claim had grown stale' };
  else sent = await channel.send((message as Extract<typeof message, { kind: 'message' }>).outgoing);
  await deps.failpoint?.('sent', request.id);
  const locale = message?.kind === 'message' ? message.locale : null;
  return writeResult(deps, request, claim, sent, locale);
}

async function takeClaim(tx: Tx, deps: DeliverDeps, request: EffectRequest): Promise<Claim> {
  const { id, now } = request;
  const answer = (state: EffectResult['state'], retryAt: Instant | null): Claim => ({
    kind: 'answer',
    result: { id, state, retryAt },
  });
  await lockForClaim(tx, request);
  const row = await lockDelivery(tx, id);
  if (!row || isFinal(row.state) || row.state === 'held') return answer(row?.state ?? 'cancelled', null);
  if (row.state === 'sending') {
    const left = row.leaseLeft ?? 0;
    if (left > 0) return answer('sending', now + left + SECOND);
    await end(tx, deps, request, row, { state: 'unknown', error: 'the attempt was not finished' });
    return answer('unknown', null);
  }
  if (row.at > now) return answer('planned', row.at);

  const asking = { id: row.enrollmentId, key: row.key, enteredAt: now, entry: row.entry, vars: {} };
  const { channel, action, bundleVersion } = row;
  const { facts, bundle, refusals } = await judgeClaim(tx, deps, request, {
    id,
    action,
    channel,
    bundleVersion,
    asking,
    now,
  });
  if (now > row.notAfter)
    refusals.push({ gate: 'expiry', pass: false, code: 'too_late', needed: row.notAfter });
  if (refusals.length > 0) {
    const verdict = { code: refusals[0]?.code, liftsAt: liftsAt(refusals), refusals };
    await end(tx, deps, request, row, { state: 'held', verdict });
    return answer('held', null);
  }
  const fence = await claimDelivery(tx, id, LEASE);
  return { kind: 'claimed', row, fence, facts, bundle, now };
}

async function writeResult(
  deps: DeliverDeps,
  request: EffectRequest,
  claim: Extract<Claim, { kind: 'claimed' }>,
  sent: SendResult,
  locale: string | null,
): Promise<EffectResult> {
  const { row, fence, now } = claim;
  const { id } = request;
  if (sent.state === 'retry') {
    const at = now + Math.min(15 * SECOND * 2 ** row.attempts, HOUR);
    await deps.db.sql.begin((tx) =>
      endDelivery(tx, id, fence, { ...BLANK, state: 'planned', at, error: sent.error }),
    );
    return { id, state: 'planned', retryAt: at };
  }
  await deps.db.sql.begin(async (tx) => {
    await lockForClaim(tx, request);
    const { state } = sent;
    const error = sent.state === 'sent' ? null : sent.error;
    const providerId = sent.state === 'sent' ? sent.providerId : null;
    await end(tx, deps, request, { ...row, fence }, { state, at: now, error, providerId, locale });
    const address = claim.facts.profile.traits.email?.value;
    if (sent.state === 'failed' && sent.suppress && typeof address === 'string') {
      await suppressAddress(tx, {
        workspace: row.workspace,
        channel: row.channel,
        address,
        reason: sent.error,
      });
    }
  });
  return { id, state: sent.state, retryAt: null };
}

const BLANK: DeliveryResult = {
  state: 'planned',
  at: 0,
  error: null,
  providerId: null,
  locale: null,
  verdict: null,
};

const FACT = {
  sent: EVENT.deliverySent,
  failed: EVENT.deliveryFailed,
  unknown: EVENT.deliveryUnknown,
  held: EVENT.deliveryHeld,
} as const;

/** Writes the end of an attempt and the fact about it in one commit. Only the holder of the token may. */
async function end(
  tx: Tx,
  deps: DeliverDeps,
  request: EffectRequest,
  row: DeliveryRow,
  result: Partial<DeliveryResult> & { state: keyof typeof FACT },
): Promise<void> {
  if (!(await endDelivery(tx, row.id, row.fence, { ...BLANK, at: row.at, ...result }))) return;
  const properties = {
    delivery_id: row.id,
    enrollment_id: row.enrollmentId,
    action: row.action,
    channel: row.channel,
    ...(result.error ? { error: result.error } : {}),
    ...(result.verdict ? { verdict: result.verdict } : {}),
  };
  await appendAll(tx, deps, [factAbout(request, FACT[result.state], String(row.fence), properties)]);
  await holdWake(tx, row.customerId, RESULT_GRACE);
}

/** Ends an attempt that nobody finished, where no workflow is left to ask for it (the sweeper's part). */
export async function endAbandoned(deps: DeliverDeps, owner: Omit<EffectRequest, 'now'>): Promise<void> {
  await deps.db.sql.begin(async (tx) => {
    const request = { ...owner, now: Date.now() };
    await lockForClaim(tx, request);
    const row = await lockDelivery(tx, owner.id);
    if (row?.state !== 'sending' || (row.leaseLeft ?? 0) > 0) return;
    await end(tx, deps, request, row, { state: 'unknown', error: 'the attempt was not finished' });
  });
}
