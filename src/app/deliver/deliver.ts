import { keepPendingMessage, readDelivery } from '../../../db/deliveries/deliveries.ts';
import { saveSentMessage } from '../../../db/deliveries/sent-messages.ts';
import type { Channel, OutgoingMessage, SendResult } from '../../channels/channel.ts';
import type { EffectRequest, EffectResult } from '../../domain/protocol.ts';
import { SECOND } from '../../domain/time/time.ts';
import { isTracing, SpanKind, withSpan } from '../../tracing/spans.ts';
import { runClaimTransaction } from '../decide/claim/lock.ts';
import { traceEffect } from '../decide/claim/trace-effect.ts';
import { type ClaimDeps, type ClaimedDelivery, claimForAttempt } from './claim-delivery.ts';
import { type ComposedMessage, type ComposeResult, composeMessage } from './compose-message.ts';
import { writeResult } from './end-delivery.ts';
import { type PendingMessage, readPendingMessage } from './pending-message.ts';
import { encodeOutgoing } from './sent-content.ts';
import { trackMessage } from './track-message.ts';

export interface DeliverDeps extends ClaimDeps {
  channels: Map<string, Channel>;
  /** Tests stop or kill the process here. */
  failpoint?: (name: 'claimed' | 'sent', id: string) => Promise<void> | void;
}

/** A process that was suspended for longer than this between claim and call must claim again. */
const STALE_CLAIM = 10 * SECOND;
/** With it an attempt ends within the 25 s of its activity. */
const AWAY_WAIT = 10 * SECOND;

/**
 * Makes one attempt at one delivery: claim and compose, call the channel, write the result. At most one message is sent
 * per delivery id (I2). The claim commits before the channel is called, so a crash after it leaves a claimed delivery. It
 * is attempted again only if its provider recognises a repeat; otherwise its end is `unknown`.
 */
export function deliver(deps: DeliverDeps, effect: EffectRequest): Promise<EffectResult> {
  return traceEffect('deliver', deps.db, effect, () => attemptDelivery(deps, effect));
}

async function attemptDelivery(deps: DeliverDeps, effect: EffectRequest): Promise<EffectResult> {
  const request = { ...effect, now: effect.now + (await awaitChannel(deps, effect.id)) };
  const claim = await runClaimTransaction(deps.db, (tx) => claimForAttempt(tx, deps, request));
  if (claim.kind === 'refused') return claim.result;

  const claimedAt = Date.now();
  await deps.failpoint?.('claimed', request.id);
  const { sent, message } = await send(deps, claim, claimedAt);
  await deps.failpoint?.('sent', request.id);
  return writeResult(deps, request, claim, sent, message);
}

/**
 * Waits while the provider is away, so that the message leaves as soon as it is back. Returns the milliseconds. In the end
 * the attempt is made in any case: the claim may find that its time is over.
 */
async function awaitChannel({ channels, db }: DeliverDeps, id: string): Promise<number> {
  if (![...channels.values()].some(({ reachability }) => reachability?.isAway)) return 0;
  const channel = channels.get((await readDelivery(db.sql, id))?.channel ?? '');
  const since = Date.now();
  await channel?.reachability?.wait(AWAY_WAIT);
  return Date.now() - since;
}

/**
 * Hands the message to its channel. Until that call this attempt has sent nothing. A repeat sends the message that was
 * kept, since its provider compares it with the first one.
 */
async function send(
  deps: DeliverDeps,
  claim: ClaimedDelivery,
  claimedAt: number,
): Promise<{ sent: SendResult; message: ComposedMessage | null }> {
  const { row, fence } = claim;
  const notSent = (sent: SendResult) => ({ sent, message: null });
  const channel = deps.channels.get(claim.row.channel);
  if (!channel)
    return notSent({ state: 'failed', error: `there is no channel ${claim.row.channel}`, suppress: false });
  let composed: ComposeResult;
  try {
    composed = claim.composed ?? (await composeSlowly(deps, claim));
    const isRepeat = readPendingMessage(row.pendingMessage) !== null;
    // What is kept for people to read has the links as they were written.
    if (!isRepeat) composed = trackMessage(deps, claim, composed);
    if (!isRepeat && composed.kind === 'message' && channel.idempotency) {
      const pending: PendingMessage = { provider: channel.idempotency.provider, message: composed };
      if (!(await keepPendingMessage(deps.db.sql, row.id, fence, pending)))
        return notSent({ state: 'retry', error: 'another attempt has begun' });
    }
  } catch (error) {
    return notSent({ state: 'retry', error: error instanceof Error ? error.message : String(error) });
  }
  if (composed.kind === 'unsendable')
    return notSent({ state: 'failed', error: composed.reason, suppress: false });
  if (Date.now() - claimedAt > STALE_CLAIM)
    return notSent({ state: 'retry', error: 'the claim had grown stale' });
  return { sent: await sendTraced(channel, composed.outgoing), message: composed };
}

/** Composes a message that takes long, and keeps it before it is sent. @throws RendererUnavailable */
async function composeSlowly(deps: DeliverDeps, claim: ClaimedDelivery): Promise<ComposeResult> {
  const { sql } = deps.db;
  const composed = await composeMessage(sql, deps, claim);
  if (deps.keepsContent && composed.kind === 'message')
    await saveSentMessage(sql, claim.row.id, claim.fence, encodeOutgoing(composed, deps.publicUrl));
  return composed;
}

/** Calls the channel in a span of its own, so that the provider's time can be told from ours. */
function sendTraced(channel: Channel, message: OutgoingMessage): Promise<SendResult> {
  if (!isTracing()) return channel.send(message);
  const attributes = { 'throughline.channel': channel.id, 'throughline.class': message.class };
  return withSpan(`send ${channel.id}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    const sent = await channel.send(message);
    span.setAttribute('throughline.state', sent.state);
    return sent;
  });
}
