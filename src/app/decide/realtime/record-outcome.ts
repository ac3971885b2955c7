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
import { acceptInTransaction } from '../../intake/commit.ts';
import { buildEffectEvent } from '../claim/effect-event.ts';
import { lockForClaim, runClaimTransaction } from '../claim/lock.ts';
import type { DecisionServices } from '../services.ts';
import { mintShownDeliveryId } from './decision-row.ts';
import { findAction } from './load-facts.ts';

/** What became of an action that was offered. */
export const OUTCOME_KINDS = ['shown', 'clicked', 'accepted', 'rejected'] as const;
type OutcomeKind = (typeof OUTCOME_KINDS)[number];

const SAID = {
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
  /** When it happened, as the caller says; null: now. */
  at: Instant | null;
}

interface RecordedOutcome {
  /** Of the contact that it counts as. */
  deliveryId: string;
  /** As the log has it. */
  at: Instant;
  /** After the answer had expired. */
  late: boolean;
}

export type OutcomeAnswer =
  | { kind: 'recorded'; recorded: RecordedOutcome }
  /** Not kept, another brand's, or erased with its customer. */
  | { kind: 'unknown_decision' }
  | { kind: 'unknown_action'; offered: string[] };

/**
 * Records what became of an action, once per decision, action and kind. It is a fact, so no gate can refuse it; but it
 * is written under the locks of a claim, so that whoever counts contacts next counts it. Whatever became of it, it was
 * shown: from the first outcome on it is a delivery that was sent, and before that it is nothing.
 */
export async function recordOutcome(deps: DecisionServices, outcome: ActionOutcome): Promise<OutcomeAnswer> {
  const offered = await readRealtimeOffer(deps.db.sql, outcome.workspace, outcome.decisionId);
  if (!offered) return { kind: 'unknown_decision' };
  const index = offered.actions.indexOf(outcome.actionId);
  if (index < 0) return { kind: 'unknown_action', offered: offered.actions };
  const recorded = await runClaimTransaction(deps.db, (tx) => record(tx, deps, offered, outcome, index));
  return recorded ? { kind: 'recorded', recorded } : { kind: 'unknown_decision' };
}

async function record(
  tx: Tx,
  deps: DecisionServices,
  offered: RealtimeOffer,
  { actionId, kind, at: said }: ActionOutcome,
  index: number,
): Promise<RecordedOutcome | null> {
  const { id: decisionId, workspace, placement, bundleVersion } = offered;
  const counted = { deps, action: { id: actionId, bundleVersion } };
  const claimant = await lockForClaim(tx, offered, counted);
  if (!claimant || claimant.erased) return null;
  const { customerId, accountId, personKey: contact } = claimant;
  const bundle = await deps.bundles(tx, workspace, bundleVersion);
  const action = findAction(bundle, actionId);
  const channel = bundle.placements.find(({ id }) => id === placement)?.channel;
  if (!action || channel === undefined)
    throw new Error(`bundle ${bundleVersion} has no ${actionId} at ${placement}`);

  const wall = Date.now();
  // Nothing is shown before it is decided, nor after it is told of.
  const at = Math.min(Math.max(said ?? wall, offered.committedAt), wall);
  const late = at > offered.expiresAt;
  const deliveryId = mintShownDeliveryId(decisionId, index);
  const key = `${decisionId}/${actionId}`;
  const about = {
    decision_id: decisionId,
    action: actionId,
    placement,
    channel,
    delivery_id: deliveryId,
    late,
  };
  const event = buildEffectEvent(
    { workspace, customerId, id: `throughline/${key}` },
    SAID[kind],
    kind,
    about,
  );
  const [receipt] = await acceptInTransaction(tx, deps, [{ ...event, at }]);
  if (receipt?.status === 'rejected') return null;
  if (receipt?.status === 'duplicate') {
    const first = await viewMessage(tx, workspace, event.messageId);
    const then = first?.at ?? at;
    return { deliveryId, at: then, late: then > offered.expiresAt };
  }
  const { lastNow } = await readProcessedPosition(tx, customerId);
  const ahead = Math.max(wall, lastNow) - wall;
  await saveShownAction(tx, {
    id: deliveryId,
    decisionId,
    workspace,
    customerId,
    accountId,
    personKey: contact,
    action,
    channel,
    bundleVersion,
    variant: offered.treatments[index]?.variant ?? null,
    cost: offered.treatments[index]?.cost ?? 0,
    at: at + ahead,
    shownAt: at,
  });
  return { deliveryId, at, late };
}
