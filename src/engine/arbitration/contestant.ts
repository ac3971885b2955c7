import { minorUnitsOf } from '../../domain/values/money.ts';
import { baselineArmId, occursWithoutContact } from '../../learning/model/reward-kind.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import type { Contestant } from '../../learning/policy/score.ts';
import type { DecisionRequest } from '../request.ts';
import { buildScope } from '../scope.ts';
import type { PoolArm } from './arms.ts';

/** What an arbitration left out, and why. */
export interface Omission {
  code: string;
  subject: string;
}

export interface ContestantInput {
  model: ServedModel | null;
  request: DecisionRequest;
  /** Contacts of the last week. */
  recentContacts: number;
}

/** An arm as the model weighs it: money in minor units. `omissions` names the boosts that failed. */
export function buildContestant(
  { id, representative }: PoolArm,
  { model, request, recentContacts }: ContestantInput,
): { contestant: Contestant; omissions: Omission[] } {
  const { candidate, value, cost } = representative;
  const { action, order } = candidate;
  const baseline = baselineArmId(action.reward);
  const learned = model?.arms.get(id) ?? model?.arms.get(baseline);
  const { weight, omissions } = computeContextWeight(representative, request);
  const minorUnits = minorUnitsOf(request.bundle.workspace.currency);
  const contestant = {
    id,
    // A click needs a message: without contact there is none to click in.
    baseline: occursWithoutContact(action.reward) ? baseline : null,
    // Where amounts are learned, the reward is money already.
    value: learned?.likelihood.kind === 'money' ? 1 : value * minorUnits,
    cost: cost * minorUnits,
    context: weight,
    lever: action.lever,
    fatigue: recentContacts,
    priority: action.priority,
    order,
  };
  return { contestant, omissions };
}

/** How well an action fits the situation: the product of the weights whose condition holds. A failed one weighs 1. */
function computeContextWeight(
  { candidate }: PoolArm['representative'],
  request: DecisionRequest,
): { weight: number; omissions: Omission[] } {
  const { action } = candidate;
  if (action.boost.length === 0) return { weight: 1, omissions: [] };
  const scope = buildScope(candidate, request);
  const results = action.boost.map((boost) => ({ ...boost, result: request.evaluate(boost.when, scope) }));
  return {
    weight: results.reduce(
      (product, { weight, result }) => (result.ok && result.value === true ? product * weight : product),
      1,
    ),
    omissions: results.flatMap(({ when, result }) =>
      result.ok ? [] : [{ code: 'boost_failed', subject: `${action.id}: ${when}: ${result.error}` }],
    ),
  };
}
