import type { Candidate } from '../domain/candidate.ts';
import { dataUseOf } from '../domain/customer/attribute.ts';
import type { ConditionSlice, ExpressionScope } from '../domain/facts.ts';
import { toEntryEvent } from '../domain/state.ts';
import { computeSuppression } from '../domain/ticket-suppression.ts';
import type { DecisionRequest } from './request.ts';

/** The scope in which the conditions, value, cost and boosts of a candidate's action are evaluated. */
export function buildScope(
  { action, enrollment }: Candidate,
  request: DecisionRequest<ConditionSlice>,
): ExpressionScope {
  const { facts, bundle, now, scores } = request;
  return {
    event: toEntryEvent(enrollment),
    facts,
    suppressed: computeSuppression(bundle.workspace.tickets, facts.tickets, now),
    enrollment,
    now,
    scores,
    use: dataUseOf(action),
  };
}
