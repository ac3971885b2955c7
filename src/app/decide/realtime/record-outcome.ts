import type { Tx } from '../../../../db/client.ts';
import {
  type RealtimeOffer,
  readRealtimeOffer,
  saveShownAction,
} from '../../../../db/decisions/realtime-outcomes.ts';
import { viewMessage } from '../../../../db/events/message-status.ts';
import { readProcessedPosition } from '../../../../db/journeys/processed-position.ts';
import { EVENT } from '../../../domain/event.ts';
import type { Instant } from '../../../domain/time/time.ts';
import type { InSameTransaction } from '../../in-same-transaction.ts';
import { acceptInTransaction } from '../../intake/commit.ts';
import { buildEffectEvent } from '../claim/effect-event.ts';
import { lockForClaim, runClaimTransaction } from '../claim/lock.ts';
import type { DecisionServices } from '../services.ts';
import { mintShownDeliveryId } from './decision-row.ts';
import { findAction } from './load-facts.ts';

/** What a customer did with an action that was offered. */
export const OUTCOME_KINDS = ['shown', 'clicked', 'accepted', 'rejected'] as const;
type OutcomeKind = (typeof OUTCOME_KINDS)[number];

const EVENT_NAMES = {
  shown: EVENT.actionShown,
  clicked: EVENT.actionClicked,
  accepted: EVENT.actionAccepted,
  rejected: EVENT.actionRejected,
} as const;

export interface ActionOutcome {
  workspace: string;
  decisionId: string;
  actionId: string;
  kind: OutcomeKind;
  /** When it happened, by the caller's clock; null: now. */
  at: Instant | null;
}

interface RecordedOutcome {
  /** The delivery that the action counts as. */
  deliveryId: string;
  /** The time of the event in the log. */
  at: Instant;
  /** It happened after the answer had expired. */
  late: boolean;
}

export type OutcomeAnswer =
  | { kind: 'recorded'; recorded: RecordedOutcome }
  /** The decision was not stored, belongs to another workspace, or was erased with its customer. */
  | { kind: 'unknown_decision' }
  | { kind: 'unknown_action'; offered: string[] };

/**
 * Records the outcome of an action, once per decision, action and kind. It has happened, so no gate can refuse it. It is
 * written under the locks of a claim, so that the next count of contacts includes it. Every kind of outcome implies that
 * the action was shown: from the first outcome on it is a delivery that was sent; before that it counts as nothing.
 */
export async function recordOutcome(
  deps: DecisionServices,
  outcome: ActionOutcome,
  inSameTransaction?: InSameTransaction<OutcomeAnswer>,
): Promise<OutcomeAnswer> {
  const offer = await readRealtimeOffer(deps.db.sql, outcome.workspace, outcome.decisionId);
  if (!offer) return { kind: 'unknown_decision' };
  const index = offer.actions.indexOf(outcome.actionId);
  if (index < 0) return { kind: 'unknown_action', offered: offer.actions };
  return runClaimTransaction(deps.db, async (tx): Promise<OutcomeAnswer> => {
    const recorded = await record(tx, deps, offer, outcome, index);
    if (!recorded) return { kind: 'unknown_decision' };
    const answer = { kind: 'recorded', recorded } as const;
    await inSameTransaction?.(tx, answer);
    return answer;
  });
}

async function record(
  tx: Tx,
  deps: DecisionServices,
  offer: RealtimeOffer,
  { actionId, kind, at: reportedAt }: ActionOutcome,
  index: number,
): Promise<RecordedOutcome | null> {
  const { id: decisionId, workspace, placement, bundleVersion } = offer;
  const counted = { deps, action: { id: actionId, bundleVersion } };
  const claimant = await lockForClaim(tx, offer, counted);
  if (!claimant || claimant.erased) return null;
  const { customerId, accountId, personKey } = claimant;
  const bundle = await deps.bundles(tx, workspace, bundleVersion);
  const action = findAction(bundle, actionId);
  const channel = bundle.placements.find(({ id }) => id === placement)?.channel;
  if (!action || channel === undefined)
    throw new Error(`bundle ${bundleVersion} has no ${actionId} at ${placement}`);

  const wallClock = Date.now();
  // An action is shown after its decision, and before its outcome is reported.
  const at = Math.min(Math.max(reportedAt ?? wallClock, offer.committedAt), wallClock);
  const late = at > offer.expiresAt;
  const deliveryId = mintShownDeliveryId(decisionId, index);
  const key = `${decisionId}/${actionId}`;
  const properties = {
    decision_id: decisionId,
    action: actionId,
    placement,
    channel,
    delivery_id: deliveryId,
    late,
  };
  const event = buildEffectEvent(
    { workspace, customerId, id: `throughline/${key}` },
    EVENT_NAMES[kind],
    kind,
    properties,
  );
  const [receipt] = await acceptInTransaction(tx, deps, [{ ...event, at }]);
  if (receipt?.status === 'rejected') return null;
  if (receipt?.status === 'duplicate') {
    const first = await viewMessage(tx, workspace, event.messageId);
    const firstAt = first?.at ?? at;
    return { deliveryId, at: firstAt, late: firstAt > offer.expiresAt };
  }
  const { lastNow } = await readProcessedPosition(tx, customerId);
  const clockLead = Math.max(wallClock, lastNow) - wallClock;
  await saveShownAction(tx, {
    id: deliveryId,
    decisionId,
    workspace,
    customerId,
    accountId,
    personKey,
    action,
    channel,
    bundleVersion,
    variant: offer.treatments[index]?.variant ?? null,
    cost: offer.treatments[index]?.cost ?? 0,
    at: at + clockLead,
    shownAt: at,
  });
  return { deliveryId, at, late };
}
