import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import type { DecisionRequest } from '../../domain/facts.ts';
import { budget } from './budget.ts';
import { caps } from './caps.ts';
import { conditions } from './conditions.ts';
import { consent } from './consent.ts';
import { coupon } from './coupon.ts';
import { block, type Gate } from './gate.ts';
import { guardrail } from './guardrail.ts';
import { limits } from './limits.ts';
import { paused } from './paused.ts';
import { quietHours } from './quiet-hours.ts';
import { reachable } from './reachable.ts';
import { snooze } from './snooze.ts';
import { spacing } from './spacing.ts';
import { sunset } from './sunset.ts';
import { suppression } from './suppression.ts';

/** In the order of design §5. All are asked, none stops the others. */
const DECISION_GATES: Record<string, Gate> = {
  consent,
  reachable,
  quiet_hours: quietHours,
  paused,
  guardrail,
  snooze,
  suppression,
  conditions,
  spacing,
  caps,
  limit: limits,
  sunset,
  budget,
  coupon,
};

/** Gates, and what is asked beside them, whose rules stand with the action itself; the others' stand with the workspace. */
export const ACTION_GATES: ReadonlySet<string> = new Set([
  'eligibility',
  'applicability',
  'suitability',
  'limit',
  'budget',
  'coupon',
  'value',
]);

/**
 * What is asked again when a delivery is claimed: everything that may have changed since, without the conditions. Its
 * coupon was issued for it by then: whether that still stands is asked beside the gates (`couponAtClaim`).
 */
const { conditions: _, coupon: __, ...CLAIM_GATES } = DECISION_GATES;

/** Every verdict about a candidate when it is decided. */
export function judgeCandidate(candidate: Candidate, situation: DecisionRequest): GateVerdict[] {
  return ask(DECISION_GATES, candidate, situation);
}

/** Every verdict about a candidate when its delivery is claimed (B-7). */
export function judgeClaimedCandidate(candidate: Candidate, situation: DecisionRequest): GateVerdict[] {
  return ask(CLAIM_GATES, candidate, situation);
}

/** A gate that throws blocks its candidate with the reason, and neither the other candidates nor the customer. */
function ask(gates: Record<string, Gate>, candidate: Candidate, situation: DecisionRequest): GateVerdict[] {
  return Object.entries(gates).flatMap(([name, gate]) => {
    try {
      return gate(candidate, situation);
    } catch (error) {
      const observed = error instanceof Error ? error.message : String(error);
      return [block(name, 'error', { observed, liftsOn: 'bundle' })];
    }
  });
}
