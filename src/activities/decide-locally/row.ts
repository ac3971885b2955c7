import type { LocalDecisionRow } from '../../../db/queries/save-local-decisions.ts';
import { LOCAL } from '../../domain/candidate.ts';
import type { Facts } from '../../domain/context.ts';
import type { Bundle, PlacementDef } from '../../domain/definition.ts';
import { type Instant, iso } from '../../domain/time.ts';
import { dataUsedBy } from '../data-used.ts';
import { type DecisionContext, recorded } from '../decision-context.ts';
import type { LocalChoice, Place } from './choose.ts';

/** What a decision on the spot came to. */
export interface Answered {
  id: string;
  placement: PlacementDef;
  bundle: Bundle;
  facts: Facts;
  /** Version of the scores' fit; null before the first. */
  fit: number | null;
  asked: LocalAsked;
  /** Journey time. */
  now: Instant;
  /** Wall clock. */
  at: Instant;
  choice: LocalChoice;
}

/** What was asked, beside the facts: with it, it can be asked again (I7). */
export interface LocalAsked {
  limit: number;
  subject: string;
  stage: string | null;
}

/** What a decision on the spot rested on, as it is kept. */
export type LocalContext = Omit<DecisionContext, 'asked'> & LocalAsked;

/** The decision as it is kept, with every verdict, and with what it rested on. */
export function rowOf({
  id,
  placement,
  bundle,
  facts,
  fit,
  asked,
  now,
  at,
  choice,
}: Answered): LocalDecisionRow {
  const { chosen, fallback, judged, arbitrated, scores } = choice;
  const kept = chosen.length > 0 ? chosen : fallback ? [fallback] : [];
  const context: LocalContext = { facts: recorded(facts), scores, fit, ...asked };
  return {
    id,
    customer_id: facts.customerId,
    workspace: facts.workspace,
    placement: placement.id,
    expires_at: iso(at + placement.ttl),
    at: now,
    seq: facts.profileSeq,
    bundle_version: bundle.version,
    outcome: chosen.length > 0 ? 'offered' : fallback ? 'fallback' : 'nothing',
    actions: kept.map((place, index) => actionOf(place, index, facts, now)),
    candidates: judged,
    arbitrated,
    context,
  };
}

function actionOf(
  { action, propensity, reasons, variant, cost }: Place,
  index: number,
  facts: Facts,
  now: Instant,
): LocalDecisionRow['actions'][number] {
  return {
    action: action.id,
    class: action.class,
    enrollmentId: LOCAL,
    rank: index + 1,
    deliveries: [],
    variant,
    cost,
    propensity,
    reasons,
    dataUsed: dataUsedBy(action, facts, now),
  };
}

/** Id of the contact that an action becomes once it is shown: by its place in the decision. */
export function shownId(decisionId: string, index: number): string {
  return `${decisionId.replace(/^dec_/, 'dlv_')}_${index}`;
}
