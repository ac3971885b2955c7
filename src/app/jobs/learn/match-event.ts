import type { DueReward, RewardEvent } from '../../../../db/learning/due-rewards.ts';
import type { Bundle, Trigger } from '../../../domain/definition.ts';
import { classifyEvent, isAccountEcho, toText } from '../../../domain/event.ts';
import { getOwn } from '../../../domain/values/get-own.ts';

/** Whether events of this name tell of an effect of ours, and so name it. */
export function isEffectOutcome(name: string): boolean {
  return classifyEvent(name) === 'outcome';
}

/**
 * Whether an event concerns this decision, before any condition is asked. What tells of an effect must name one of this
 * decision's: who did nothing has none. All else matches as triggers do: by the key of the enrollment's journey, by the
 * customer, or by the account.
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
  return key === undefined || key === null || toText(getOwn(event.properties, key)) === due.key;
}

/** The ids of a decision's effects, and of the coupon that they carry. Through whatever channel: it is one action. */
function namesEffect({ effects }: DueReward, { properties }: RewardEvent): boolean {
  const named = [properties.delivery_id, properties.task_id, properties.coupon_id].flatMap(
    (id) => toText(id) ?? [],
  );
  return effects.some(
    ({ id, couponId }) => named.includes(id) || (couponId !== null && named.includes(couponId)),
  );
}
