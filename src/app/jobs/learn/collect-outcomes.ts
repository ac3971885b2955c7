import type {
  DueReward,
  RewardEffect,
  RewardEvent,
  RewardEventQuery,
} from '../../../../db/learning/due-rewards.ts';
import type { ActionDef, Bundle } from '../../../domain/definition.ts';
import type { Instant } from '../../../domain/time/time.ts';
import type { RewardOutcome } from '../../../learning/model/settle-rewards.ts';
import type { DecisionServices } from '../../decide/services.ts';
import { takeTurns } from '../../take-turns.ts';
import { isEffectOutcome, matchesReward } from './match-event.ts';
import { buildRewardScope, type RewardScopes } from './reward-scope.ts';
import { evaluateReward, type RewardDef, type RewardValue } from './reward-value.ts';

/** A reward whose contact reached the customer, with the definitions under which it was decided. */
export interface ReadyReward {
  due: DueReward;
  from: Instant;
  effect: RewardEffect | null;
  action: ActionDef;
  reward: RewardDef;
  bundle: Bundle;
}

/** Builds the search for the events that may be the reward. */
export function buildEventSearch({ due, from, reward }: ReadyReward): RewardEventQuery {
  const { id: rewardId, customerId, decisionCustomerId, within } = due;
  // After a merge the events may be those of either customer.
  const customerIds = [...new Set([customerId, decisionCustomerId ?? customerId])];
  // An event that names the delivery came after it, even if its clock says otherwise.
  const earliest = isEffectOutcome(reward.on) ? 0 : from;
  return { rewardId, customerIds, name: reward.on, from: earliest, until: from + within };
}

/** Collects the outcomes that count; returns a code instead if an amount can't be read. */
export async function collectOutcomes(
  { evaluate }: DecisionServices,
  scopes: RewardScopes,
  { due, from, effect, action, reward, bundle }: ReadyReward,
  events: RewardEvent[],
): Promise<{ outcomes: RewardOutcome[] } | Extract<RewardValue, { ok: false }>> {
  const outcomes: RewardOutcome[] = [];
  const { currency } = bundle.workspace;
  const giveTurn = takeTurns();
  for (const event of events.filter((candidate) => matchesReward(due, reward, candidate, bundle))) {
    const facts = await scopes.load(due, action, [reward.when, reward.amount]);
    const scope = buildRewardScope(due, { action, effect }, event, facts);
    const result = evaluateReward(reward, event, scope, { evaluate, currency });
    await giveTurn();
    if (result?.ok === false) return result;
    if (!result) continue;
    const id = `${due.id}/${event.id}`;
    outcomes.push({ id, decisionId: due.id, at: Math.max(event.at, from), value: result.value });
  }
  return { outcomes };
}
