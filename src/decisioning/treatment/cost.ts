import type { Candidate } from '../../domain/candidate.ts';
import { minor } from '../../domain/commerce.ts';
import type { Situation } from '../../domain/context.ts';
import { scopeOf } from '../scope.ts';

/**
 * What it costs, in minor units: what budgets reserve for it. It is the action's `cost` and nothing else, so an action
 * with a coupon says there what a redeemed one costs on average. One that fails costs nothing here, since it already
 * blocks its candidate where candidates are ranked; and nothing costs less than nothing.
 */
export function costOf(candidate: Candidate, situation: Situation): number {
  const { cost } = candidate.action;
  if (cost === null) return 0;
  const result = situation.evaluate(cost, scopeOf(candidate, situation));
  return Math.max(0, (result.ok && minor(result.value)) || 0);
}
