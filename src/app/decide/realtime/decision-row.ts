import type { RealtimeDecisionRow } from '../../../../db/decisions/save-realtime-decisions.ts';
import { REALTIME } from '../../../domain/candidate.ts';
import type { Bundle, PlacementDef } from '../../../domain/definition.ts';
import type { DecisionFacts } from '../../../domain/facts.ts';
import { type Instant, iso } from '../../../domain/time/time.ts';
import type { ListChoice, ListItem } from '../../../engine/realtime/choose-list.ts';
import type { RealtimeInput } from '../../../engine/replay/restore-list.ts';
import { listDataUsed } from '../data-used.ts';
import { limitContext, type RecordedFacts, toRecordedFacts } from '../decision-context.ts';

export interface RealtimeDecision {
  id: string;
  placement: PlacementDef;
  bundle: Bundle;
  facts: DecisionFacts;
  /** Version of the scores' fit; null before the first. */
  fit: number | null;
  input: RealtimeInput;
  /** Journey time. */
  now: Instant;
  /** Wall clock. */
  at: Instant;
  choice: ListChoice;
}

/** The recorded context of a real-time decision: `restoreList` makes the request again from it. */
export type RealtimeContext = RealtimeInput & {
  facts: RecordedFacts;
  scores: Record<string, number>;
  /** Version of the scores' fit; null before the first. */
  fit: number | null;
};

/** The decision's record, with every verdict and with its context. */
export function toDecisionRow({
  id,
  placement,
  bundle,
  facts,
  fit,
  input,
  now,
  at,
  choice,
}: RealtimeDecision): RealtimeDecisionRow {
  const { chosen, fallback, judgedCandidates, arbitrations, scores } = choice;
  const items = chosen.length > 0 ? chosen : fallback ? [fallback] : [];
  const { context, unrecorded } = limitContext<RealtimeContext>({
    facts: toRecordedFacts(facts),
    scores,
    fit,
    ...input,
  });
  return {
    id,
    customerId: facts.customerId,
    workspace: facts.workspace,
    placement: placement.id,
    expiresAt: iso(at + placement.ttl),
    at: now,
    seq: facts.profileSeq,
    bundleVersion: bundle.version,
    outcome: chosen.length > 0 ? 'offered' : fallback ? 'fallback' : 'nothing',
    actions: items.map((item, index) => toDecidedAction(item, index, facts, now)),
    candidates: judgedCandidates,
    changes: unrecorded,
    arbitrations,
    context,
  };
}

function toDecidedAction(
  { action, propensity, reasons, variant, cost }: ListItem,
  index: number,
  facts: DecisionFacts,
  now: Instant,
): RealtimeDecisionRow['actions'][number] {
  return {
    action: action.id,
    class: action.class,
    enrollmentId: REALTIME,
    rank: index + 1,
    deliveries: [],
    variant,
    cost,
    propensity,
    reasons,
    dataUsed: listDataUsed(action, facts, now),
  };
}

/** The id of the delivery that an action becomes once it is shown. @param index its place in the list, from 0 */
export function mintShownDeliveryId(decisionId: string, index: number): string {
  return `${decisionId.replace(/^dec_/, 'dlv_')}_${index}`;
}
