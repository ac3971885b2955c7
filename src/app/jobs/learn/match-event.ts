import type { DueReward, RewardEvent } from '../../../../db/learning/due-rewards.ts';
import type { Bundle, Trigger } from '../../../domain/definition.ts';
import { classifyEvent, isAccountEcho, toText } from '../../../domain/event.ts';
import { readKeyProperty } from '../../../domain/fact-id.ts';

/** Whether events of this name are about a delivery, task or coupon, whose id they contain. */
export function isEffectOutcome(name: string): boolean {
  return classifyEvent(name) === 'outcome';
}

/**
 * Whether an event can be the reward of a decision, before its condition is evaluated. An event about an effect must name
 * an effect of this decision; doing nothing has none. All other events match as triggers do: by the key of the
 * enrollment's journey, by the customer, or by the account.
 */
export function matchesReward(
  due: DueReward,
  { match }: Pick<Trigger, 'match'>,
  event: RewardEvent,
  bundle: Bundle,
): boolean {
  if (isEffectOutcome(event.name)) return namesEffect(due, event);
  if (isAccountEcho(event)) return match === 'account';
  if (match !== 'key') return true;
  const key = bundle.journeys.find(({ id }) => id === due.journey)?.key;
  return key === undefined || key === null || readKeyProperty(event.properties, key) === due.key;
}

/** Whether the event names an effect of the decision, or its coupon. Effects on all channels count: it is one action. */
function namesEffect({ effects }: DueReward, { properties }: RewardEvent): boolean {
  const ids = [properties.delivery_id, properties.task_id, properties.coupon_id].flatMap(
    (id) => toText(id) ?? [],
  );
  return effects.some(
    ({ id, couponId }) => ids.includes(id) || (couponId !== null && ids.includes(couponId)),
  );
}
