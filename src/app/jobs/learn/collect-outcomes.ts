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
import { isEffectOutcome, matchesReward } from './match-event.ts';
import { buildRewardScope, type RewardScopes } from './reward-scope.ts';
import { evaluateReward, type RewardDef } from './reward-value.ts';

/** One that reached its customer, with the definition under which it was decided. */
export interface ReadyReward {
  due: DueReward;
  from: Instant;
  effect: RewardEffect | null;
  action: ActionDef;
  reward: RewardDef;
  bundle: Bundle;
}

/** The events that may be its reward. */
export function buildEventSearch({ due, from, reward }: ReadyReward): RewardEventQuery {
  const { id: rewardId, customerId, decisionCustomerId: decider, within } = due;
  const of = [...new Set([customerId, decider ?? customerId])];
  // Clocks differ: what names our delivery came after it, whatever it says.
  const earliest = isEffectOutcome(reward.on) ? 0 : from;
  return { rewardId, customerIds: of, name: reward.on, from: earliest, until: from + within };
}

/** What counts of them; or why it can't be said what they come to. */
export async function collectOutcomes(
  { evaluate }: DecisionServices,
  scopes: RewardScopes,
  { due, from, effect, action, reward, bundle }: ReadyReward,
  happenings: RewardEvent[],
): Promise<{ outcomes: RewardOutcome[] } | { code: string }> {
  const outcomes: RewardOutcome[] = [];
  const { currency } = bundle.workspace;
  for (const event of happenings.filter((one) => matchesReward(due, reward, one, bundle))) {
    const known = await scopes.load(due, action, [reward.when, reward.amount]);
    const scope = buildRewardScope(due, { action, effect }, event, known);
    const worth = evaluateReward(reward, event, scope, { evaluate, currency });
    if (worth?.ok === false) return { code: worth.code };
    if (!worth) continue;
    const id = `${due.id}/${event.id}`;
    outcomes.push({ id, decisionId: due.id, at: Math.max(event.at, from), value: worth.value });
  }
  return { outcomes };
}
