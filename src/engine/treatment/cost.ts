import type { Candidate } from '../../domain/candidate.ts';
import { toMinorUnits } from '../../domain/customer/commerce.ts';
import type { ConditionSlice } from '../../domain/facts.ts';
import type { DecisionRequest } from '../request.ts';
import { buildScope } from '../scope.ts';

/**
 * What it costs, in minor units: what budgets reserve for it. It is the action's `cost` and nothing else, so an action
 * with a coupon says there what a redeemed one costs on average. One that fails costs nothing here, since it already
 * blocks its candidate where candidates are ranked; and nothing costs less than nothing.
 */
export function computeCost(candidate: Candidate, request: DecisionRequest<ConditionSlice>): number {
  const { cost } = candidate.action;
  if (cost === null) return 0;
  const result = request.evaluate(cost, buildScope(candidate, request));
  return Math.max(0, (result.ok && toMinorUnits(result.value)) || 0);
}
