import { MINOR_UNITS } from '../../domain/customer/commerce.ts';
import type { DecisionRequest } from '../../domain/facts.ts';
import { baselineArmId, occursWithoutContact } from '../../learning/model/reward-kind.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import type { Contestant } from '../../learning/policy/score.ts';
import { buildScope } from '../scope.ts';
import type { PoolArm } from './arms.ts';

/** What was left out, and why. */
export interface Omission {
  code: string;
  subject: string;
}

/** An arm as the model weighs it: money in minor units. @param worn contacts of the last week */
export function buildContestant(
  { id, representative: first }: PoolArm,
  { model, situation, recentContacts: worn, omissions: refused }: ContestantInput,
): Contestant {
  const { candidate, value, cost } = first;
  const { action, order } = candidate;
  const baseline = baselineArmId(action.reward);
  const learned = model?.arms.get(id) ?? model?.arms.get(baseline);
  return {
    id,
    // Nobody clicks in a message that was never sent.
    baseline: occursWithoutContact(action.reward) ? baseline : null,
    // Where amounts are learned the reward is money already.
    value: learned?.likelihood.kind === 'money' ? 1 : value * MINOR_UNITS,
    cost: cost * MINOR_UNITS,
    context: contextOf(first, situation, refused),
    lever: action.lever,
    fatigue: worn,
    priority: action.priority,
    order,
  };
}

export interface ContestantInput {
  model: ServedModel | null;
  situation: DecisionRequest;
  /** Contacts of the last week. */
  recentContacts: number;
  /** Takes up what fails. */
  omissions: Omission[];
}

/** How well it fits the situation: the product of the weights whose condition holds. One that fails says nothing. */
function contextOf(
  { candidate }: PoolArm['representative'],
  situation: DecisionRequest,
  refused: Omission[],
): number {
  const { action } = candidate;
  if (action.boost.length === 0) return 1;
  const scope = buildScope(candidate, situation);
  return action.boost.reduce((product, { when, weight }) => {
    const result = situation.evaluate(when, scope);
    if (!result.ok) refused.push({ code: 'boost_failed', subject: `${action.id}: ${when}: ${result.error}` });
    return result.ok && result.value === true ? product * weight : product;
  }, 1);
}
