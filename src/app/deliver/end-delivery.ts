import { setTimeout as sleep } from 'node:timers/promises';
import { isUnavailable, type Tx } from '../../../db/client.ts';
import {
  type DeliveryResult,
  type DeliveryRow,
  endDelivery,
  lockDelivery,
  postponeRepeat,
} from '../../../db/deliveries/deliveries.ts';
import { suppressAddress } from '../../../db/deliveries/suppressed-addresses.ts';
import { delayWake } from '../../../db/wakes/lease-wakes.ts';
import type { SendResult } from '../../channels/channel.ts';
import type { DeliveryState } from '../../domain/delivery.ts';
import { EVENT } from '../../domain/event.ts';
import type { EffectRequest, EffectResult } from '../../domain/protocol.ts';
import { DAY, HOUR, type Instant, type Millis, SECOND } from '../../domain/time/time.ts';
import { buildEffectEvent } from '../decide/claim/effect-event.ts';
import { lockForClaim, runClaimTransaction } from '../decide/claim/lock.ts';
import type { DecisionServices } from '../decide/services.ts';
import { computeAddressKey } from '../identity/address-key.ts';
import { acceptInTransaction } from '../intake/commit.ts';
import type { ComposedMessage } from './compose-message.ts';
import { settleAttempt, type UnansweredResult } from './settle-attempt.ts';

/** Seconds for which the workflow may receive an effect's result before the relay signals it. */
const RESULT_GRACE_SECONDS = 10;

/** After it the attempt waits for the provider to be back. */
const UNREACHABLE_PAUSE = 5 * SECOND;

/** How long a result is kept for a database that is away, and the pause between two tries. */
const SAVE_WITHIN = 20 * SECOND;
const SAVE_PAUSE = 250;

type Owner = Pick<EffectRequest, 'workspace' | 'customerId' | 'id'>;

/** An attempt that holds the fencing token; it began at `now`. */
export interface Attempt {
  row: DeliveryRow;
  fence: number;
  /** For how long a repeat would be recognised; null: it wouldn't be. */
  repeatFor: Millis | null;
  now: Instant;
}

/**
 * Writes the channel's result, and the event about it in the same commit. A retry is planned with a growing pause; an
 * attempt without an answer is repeated with the same pauses where the provider recognises it. A receipt that came first
 * shows that the message left: then the delivery is sent, whatever the provider answered.
 */
export async function writeResult(
  deps: DecisionServices,
  request: EffectRequest,
  { row, fence, repeatFor, now }: Attempt,
  result: SendResult,
  message: ComposedMessage | null,
): Promise<EffectResult> {
  const { id } = request;
  const settlement = settleAttempt(result, {
    isRepeat: row.pendingMessage !== null,
    repeatFor,
    pauseAfter: (unanswered) => computePause(unanswered, row.attempts),
  });
  if (settlement.kind === 'plan') {
    const { error, uncounted } = settlement;
    const at = now + settlement.pause;
    const planned = await saveResult(deps, (tx) =>
      endDelivery(tx, id, fence, { ...NO_RESULT, state: 'planned', at, error, uncounted }),
    );
    const ended =
      planned === null
        ? await saveResult(deps, (tx) =>
            endForCurrentCustomer(
              tx,
              deps,
              request,
              { ...row, fence },
              { state: 'sent', at: now, ifReported: true },
            ),
          )
        : null;
    return ended === null ? { id, state: 'planned', retryAt: at } : { id, state: ended, retryAt: null };
  }
  if (settlement.kind === 'repeat') {
    const { error, pause } = settlement;
    await saveResult(deps, (tx) => postponeRepeat(tx, id, fence, { pauseMs: pause, error }));
    return { id, state: 'sending', retryAt: now + pause + SECOND };
  }
  const sent = settlement.result;
  const ended = await saveResult(deps, async (tx) => {
    const { workspace, channel } = row;
    const { state } = sent;
    const error = sent.state === 'sent' ? null : sent.error;
    const providerId = sent.state === 'sent' ? sent.providerId : null;
    const { locale = null, requestedLocale = null, variant } = message ?? {};
    const segments = sent.state === 'sent' ? sent.segments : undefined;
    const ended = await endForCurrentCustomer(
      tx,
      deps,
      request,
      { ...row, fence },
      {
        state,
        at: now,
        error,
        providerId,
        locale,
        requestedLocale,
        variant,
        ...(segments ? { segments } : {}),
      },
    );
    if (sent.state === 'failed' && sent.suppress && message)
      await suppressAddress(tx, {
        workspace,
        channel,
        addressKey: computeAddressKey(deps.secret, { workspace, channel, address: message.outgoing.to }),
        reason: sent.reason ?? readReplyCode(sent.error),
      });
    return ended;
  });
  return { id, state: ended ?? sent.state, retryAt: null };
}

function computePause(result: UnansweredResult, attempts: number): Millis {
  const pause = Math.min(15 * SECOND * 2 ** attempts, HOUR);
  if (result.state === 'unknown') return pause;
  return Math.max(result.unreachable ? UNREACHABLE_PAUSE : pause, Math.min(result.after ?? 0, DAY));
}

/**
 * Saves a result also if the database comes back only after some seconds. Otherwise nobody would know what became of a
 * message that has left. Saving it twice changes nothing.
 */
async function saveResult<T>(deps: DecisionServices, work: (tx: Tx) => Promise<T>): Promise<T> {
  const until = Date.now() + SAVE_WITHIN;
  for (;;) {
    try {
      return await runClaimTransaction(deps.db, work);
    } catch (error) {
      if (!isUnavailable(error) || Date.now() > until) throw error;
      await sleep(SAVE_PAUSE);
    }
  }
}

/** The code in a reply of a provider. The text around it names the address. */
function readReplyCode(reply: string): string {
  return /\b[245]\d\d\b(?:[ -]\d\.\d{1,3}\.\d{1,3}\b)?/.exec(reply)?.[0] ?? 'refused';
}

const NO_RESULT: DeliveryResult = {
  state: 'planned',
  at: 0,
  error: null,
  providerId: null,
  locale: null,
  requestedLocale: null,
  verdict: null,
};

/** The event that reports the end of an attempt. */
const END_EVENT = {
  sent: EVENT.deliverySent,
  failed: EVENT.deliveryFailed,
  unknown: EVENT.deliveryUnknown,
  held: EVENT.deliveryHeld,
} as const;

/** How an attempt ends. `segments`: the parts of a text message that was sent. */
type AttemptEnd = Partial<DeliveryResult> & { state: keyof typeof END_EVENT; segments?: number };

/** Ends an attempt for the customer that answers for it now. For an erased customer no event is appended. */
async function endForCurrentCustomer(
  tx: Tx,
  deps: DecisionServices,
  request: Owner,
  row: DeliveryRow,
  result: AttemptEnd,
): Promise<DeliveryState | null> {
  const claimant = await lockForClaim(tx, request);
  if (claimant && !claimant.erased)
    return endAttempt(tx, deps, { ...request, customerId: claimant.customerId }, row, result);
  return endDelivery(tx, row.id, row.fence, { ...NO_RESULT, at: row.at, ...result });
}

/**
 * Writes the end of an attempt and the event about it. Returns the delivery's state; null if nothing was written,
 * because the row has another fencing token.
 */
export async function endAttempt(
  tx: Tx,
  deps: DecisionServices,
  request: Owner,
  row: DeliveryRow,
  result: AttemptEnd,
): Promise<DeliveryState | null> {
  const state = await endDelivery(tx, row.id, row.fence, { ...NO_RESULT, at: row.at, ...result });
  if (state === null) return null;
  const properties = {
    ...describeDelivery(row),
    ...(result.error && state === result.state ? { error: result.error } : {}),
    ...(result.segments ? { segments: result.segments } : {}),
    ...(result.verdict ? { verdict: result.verdict } : {}),
  };
  await acceptInTransaction(tx, deps, [
    buildEffectEvent(request, END_EVENT[state as keyof typeof END_EVENT], String(row.fence), properties),
  ]);
  await delayWake(tx, request.customerId, RESULT_GRACE_SECONDS);
  return state;
}

/** What every event about a delivery says of it. */
export function describeDelivery({
  id,
  enrollmentId,
  action,
  channel,
}: Pick<DeliveryRow, 'id' | 'enrollmentId' | 'action' | 'channel'>) {
  return { delivery_id: id, enrollment_id: enrollmentId, action, channel };
}

/** Ends an attempt whose lease has lapsed, for the case that no workflow is left to retry it. The relay calls this. */
export async function endAbandonedDelivery(deps: DecisionServices, owner: Owner): Promise<void> {
  await runClaimTransaction(deps.db, async (tx) => {
    await lockForClaim(tx, owner);
    const row = await lockDelivery(tx, owner.id);
    if (row?.state !== 'sending' || (row.leaseRemaining ?? 0) > 0) return;
    await endForCurrentCustomer(tx, deps, owner, row, {
      state: 'unknown',
      error: 'the attempt was not finished',
    });
  });
}
