import type { Tx } from '../../../db/client.ts';
import {
  type DeliveryResult,
  type DeliveryRow,
  endDelivery,
  lockDelivery,
} from '../../../db/deliveries/deliveries.ts';
import { suppressAddress } from '../../../db/deliveries/suppress-address.ts';
import { delayWake } from '../../../db/wakes/lease-wakes.ts';
import type { SendResult } from '../../channels/channel.ts';
import { EVENT } from '../../domain/event.ts';
import type { EffectRequest, EffectResult } from '../../domain/protocol.ts';
import { DAY, HOUR, type Instant, SECOND } from '../../domain/time/time.ts';
import { buildEffectEvent } from '../decide/claim/effect-event.ts';
import { lockForClaim, runClaimTransaction } from '../decide/claim/lock.ts';
import type { DecisionServices } from '../decide/services.ts';
import { acceptInTransaction } from '../intake/commit.ts';
import type { ComposeResult } from './compose-message.ts';

/** How long the workflow has to learn an effect's result before the relay tells it. */
const RESULT_GRACE = 10;

type Owner = Pick<EffectRequest, 'workspace' | 'customerId' | 'id'>;

/** An attempt under its fencing token, begun at `now`. */
export interface Attempt {
  row: DeliveryRow;
  fence: number;
  now: Instant;
}

/** Writes what the channel answered, in one commit with the fact about it. */
export async function writeResult(
  deps: DecisionServices,
  request: EffectRequest,
  { row, fence, now }: Attempt,
  sent: SendResult,
  message: Extract<ComposeResult, { kind: 'message' }> | null,
): Promise<EffectResult> {
  const { id } = request;
  if (sent.state === 'retry') {
    const pause = Math.min(15 * SECOND * 2 ** row.attempts, HOUR);
    const at = now + Math.max(pause, Math.min(sent.after ?? 0, DAY));
    await runClaimTransaction(deps.db, (tx) =>
      endDelivery(tx, id, fence, { ...BLANK, state: 'planned', at, error: sent.error }),
    );
    return { id, state: 'planned', retryAt: at };
  }
  await runClaimTransaction(deps.db, async (tx) => {
    const { workspace, channel } = row;
    const { state } = sent;
    const error = sent.state === 'sent' ? null : sent.error;
    const providerId = sent.state === 'sent' ? sent.providerId : null;
    const locale = message?.locale ?? null;
    const variant = message?.variant;
    await endFor(
      tx,
      deps,
      request,
      { ...row, fence },
      { state, at: now, error, providerId, locale, variant },
    );
    if (sent.state === 'failed' && sent.suppress && message)
      await suppressAddress(tx, { workspace, channel, address: message.outgoing.to, reason: sent.error });
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

/** Writes the end of an attempt for whoever the customer is by now; of one who was erased nothing is told. */
async function endFor(
  tx: Tx,
  deps: DecisionServices,
  request: Owner,
  row: DeliveryRow,
  result: Partial<DeliveryResult> & { state: keyof typeof FACT },
): Promise<void> {
  const claimant = await lockForClaim(tx, request);
  if (claimant && !claimant.erased)
    return endAttempt(tx, deps, { ...request, customerId: claimant.customerId }, row, result);
  await endDelivery(tx, row.id, row.fence, { ...BLANK, at: row.at, ...result });
}

/** Writes the end of an attempt and the fact about it in one commit. Only the holder of the token may. */
export async function endAttempt(
  tx: Tx,
  deps: DecisionServices,
  request: Owner,
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
  await acceptInTransaction(tx, deps, [
    buildEffectEvent(request, FACT[result.state], String(row.fence), properties),
  ]);
  await delayWake(tx, request.customerId, RESULT_GRACE);
}

/** Ends an attempt that nobody finished, where no workflow is left to ask for it (the sweeper's part). */
export async function endAbandonedDelivery(deps: DecisionServices, owner: Owner): Promise<void> {
  await runClaimTransaction(deps.db, async (tx) => {
    await lockForClaim(tx, owner);
    const row = await lockDelivery(tx, owner.id);
    if (row?.state !== 'sending' || (row.leaseRemaining ?? 0) > 0) return;
    await endFor(tx, deps, owner, row, { state: 'unknown', error: 'the attempt was not finished' });
  });
}
