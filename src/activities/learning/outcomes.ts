import type { DueReward, Effect, Happening, Sought } from '../../../db/queries/rewards-due.ts';
import type { Outcome } from '../../decisioning/learning/rewards.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import type { Instant } from '../../domain/time.ts';
import type { DecideDeps } from '../decide-next-best-action.ts';
import { concerns, tellsOfEffect } from './matches.ts';
import { type Scopes, scopeOf } from './scopes.ts';
import { type Reward, worthOf } from './worth.ts';

/** One that reached its customer, with the definition under which it was decided. */
export interface Ready {
  due: DueReward;
  from: Instant;
  effect: Effect | null;
  action: ActionDef;
  reward: Reward;
  bundle: Bundle;
}

/** The events that may be its reward. */
export function soughtBy({ due, from, reward }: Ready): Sought {
  const { id: rewardId, customerId, decider, within } = due;
  const of = [...new Set([customerId, decider ?? customerId])];
  // Clocks differ: what names our delivery came after it, whatever it says.
  const earliest = tellsOfEffect(reward.on) ? 0 : from;
  return { rewardId, of, name: reward.on, from: earliest, until: from + within };
}

/** What counts of them; or why it can't be said what they come to. */
export async function outcomesOf(
  { evaluate }: DecideDeps,
  scopes: Scopes,
  { due, from, effect, action, reward, bundle }: Ready,
  happenings: Happening[],
): Promise<{ outcomes: Outcome[] } | { code: string }> {
  const outcomes: Outcome[] = [];
  const { currency } = bundle.workspace;
  for (const event of happenings.filter((one) => concerns(due, reward, one, bundle))) {
    const known = await scopes.of(due, action, [reward.when, reward.amount]);
    const scope = scopeOf(due, { action, effect }, event, known);
    const worth = worthOf(reward, event, scope, { evaluate, currency });
    if (worth?.ok === false) return { code: worth.code };
    if (!worth) continue;
    const id = `${due.id}/${event.id}`;
    outcomes.push({ id, decisionId: due.id, at: Math.max(event.at, from), value: worth.value });
  }
  return { outcomes };
}
