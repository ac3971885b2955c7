import { MINOR } from '../../domain/commerce.ts';
import type { Situation } from '../../domain/context.ts';
import { baselineArm, comesByItself } from '../learning/reward-kind.ts';
import type { Contestant } from '../learning/score.ts';
import type { Served } from '../learning/serve.ts';
import { scopeOf } from '../scope.ts';
import type { PoolArm } from './arms.ts';

/** What was left out, and why. */
export interface Omission {
  code: string;
  what: string;
}

/** An arm as the model weighs it: money in minor units. @param worn contacts of the last week */
export function contestantOf(
  { id, first }: PoolArm,
  { model, situation, worn, refused }: ContestantInput,
): Contestant {
  const { candidate, value, cost } = first;
  const { action, order } = candidate;
  const baseline = baselineArm(action.reward);
  const learned = model?.arms.get(id) ?? model?.arms.get(baseline);
  return {
    id,
    // Nobody clicks in a message that was never sent.
    baseline: comesByItself(action.reward) ? baseline : null,
    // Where amounts are learned the reward is money already.
    value: learned?.likelihood.kind === 'money' ? 1 : value * MINOR,
    cost: cost * MINOR,
    context: contextOf(first, situation, refused),
    lever: action.lever,
    fatigue: worn,
    priority: action.priority,
    order,
  };
}

export interface ContestantInput {
  model: Served | null;
  situation: Situation;
  /** Contacts of the last week. */
  worn: number;
  /** Takes up what fails. */
  refused: Omission[];
}

/** How well it fits the situation: the product of the weights whose condition holds. One that fails says nothing. */
function contextOf({ candidate }: PoolArm['first'], situation: Situation, refused: Omission[]): number {
  const { action } = candidate;
  if (action.boost.length === 0) return 1;
  const scope = scopeOf(candidate, situation);
  return action.boost.reduce((product, { when, weight }) => {
    const result = situation.evaluate(when, scope);
    if (!result.ok) refused.push({ code: 'boost_failed', what: `${action.id}: ${when}: ${result.error}` });
    return result.ok && result.value === true ? product * weight : product;
  }, 1);
}
