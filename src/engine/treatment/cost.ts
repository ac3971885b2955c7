import type { Candidate } from '../../domain/candidate.ts';
import type { ConditionSlice } from '../../domain/facts.ts';
import { toMinorUnits } from '../../domain/values/money.ts';
import type { DecisionRequest } from '../request.ts';
import { buildScope } from '../scope.ts';

/**
 * What a candidate costs, in minor units: budgets reserve it. Only the action's `cost` counts, so an action with a coupon
 * states there what a redeemed coupon costs on average. A `cost` that fails is 0 here, since it already blocks the
 * candidate in `rankCandidate`; a negative one is 0, too.
 */
export function computeCost(candidate: Candidate, request: DecisionRequest<ConditionSlice>): number {
  const { cost } = candidate.action;
  if (cost === null) return 0;
  const result = request.evaluate(cost, buildScope(candidate, request));
  return Math.max(0, (result.ok && toMinorUnits(result.value, request.bundle.workspace.currency)) || 0);
}
