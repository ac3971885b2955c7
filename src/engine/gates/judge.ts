import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import { GATE_FAILED, type GateName } from '../../domain/verdict-code.ts';
import type { DecisionRequest } from '../request.ts';
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

/** Every gate, in the order in which verdicts are listed. All are asked: none stops the others. */
export const GATES: Partial<Record<GateName, Gate>> = {
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

/** Gates, and checks listed beside them, whose rules stand with the action; the others' stand with the workspace. */
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
 * Gates that a claim does not ask again. Conditions hold as of the decision. The coupon was issued with the decision:
 * `judgeCouponAtClaim` checks that it is still valid.
 */
const ANSWERED_BY_THE_DECISION: ReadonlySet<string> = new Set(['conditions', 'coupon']);

const ALL_GATES = Object.entries(GATES) as [GateName, Gate][];
const CLAIM_GATES = ALL_GATES.filter(([name]) => !ANSWERED_BY_THE_DECISION.has(name));

/**
 * Returns every verdict about a candidate, from the gates that the request's policy asks (B-7). A gate that throws
 * blocks its candidate with the reason, and neither the other candidates nor the customer.
 */
export function judgeCandidate(candidate: Candidate, request: DecisionRequest): GateVerdict[] {
  const gates = request.policy.gates === 'all' ? ALL_GATES : CLAIM_GATES;
  return gates.flatMap(([name, gate]) => {
    try {
      return gate(candidate, request);
    } catch (error) {
      const observed = error instanceof Error ? error.message : String(error);
      return [block(name, GATE_FAILED, { observed, liftsOn: 'bundle' })];
    }
  });
}
