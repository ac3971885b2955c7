import type { LocalDecisionRow } from '../../db/queries/save-local-decisions.ts';
import type { Facts } from '../domain/context.ts';
import type { ActionDef, Bundle, PlacementDef } from '../domain/definition.ts';
import { type Instant, iso } from '../domain/time.ts';
import { dataUsedBy } from './data-used.ts';
import { LOCAL, type LocalChoice } from './decide-locally-choose.ts';

/** What a decision on the spot came to. */
export interface Answered {
  id: string;
  placement: PlacementDef;
  bundle: Bundle;
  facts: Facts;
  /** Journey time. */
  now: Instant;
  /** Wall clock. */
  at: Instant;
  choice: LocalChoice;
}

/** The decision as it is kept, with every verdict. The facts aren't kept with it: a page asks too often for that. */
export function rowOf({ id, placement, bundle, facts, now, at, choice }: Answered): LocalDecisionRow {
  const { chosen, fallback, judged } = choice;
  const kept = chosen.length > 0 ? chosen : fallback ? [fallback] : [];
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
    actions: kept.map((action, index) => actionOf(action, index, chosen.length === 0, facts, now)),
    candidates: judged,
  };
}

function actionOf(
  action: ActionDef,
  index: number,
  isFallback: boolean,
  facts: Facts,
  now: Instant,
): LocalDecisionRow['actions'][number] {
  return {
    action: action.id,
    class: action.class,
    enrollmentId: LOCAL,
    rank: index + 1,
    deliveries: [],
    propensity: 1,
    reasons: reasonsOf(action, isFallback),
    dataUsed: dataUsedBy(action, facts, now),
  };
}

/** In the words of a central decision. */
export function reasonsOf(action: ActionDef, isFallback: boolean): string[] {
  if (isFallback) return ['fallback'];
  return [action.class === 'marketing' ? 'highest_score' : 'highest_class'];
}

/** Id of the contact that an action becomes once it is shown: by its place in the decision. */
export function shownId(decisionId: string, index: number): string {
  return `${decisionId.replace(/^dec_/, 'dlv_')}_${index}`;
}
