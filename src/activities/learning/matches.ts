import type { DueReward, Happening } from '../../../db/queries/rewards-due.ts';
import type { Bundle, Trigger } from '../../domain/definition.ts';
import { isEcho, kindOf, textOf } from '../../domain/event.ts';
import { own } from '../../domain/own.ts';

/** Whether events of this name tell of an effect of ours, and so name it. */
export function tellsOfEffect(name: string): boolean {
  return kindOf(name) === 'outcome';
}

/**
 * Whether an event concerns this decision, before any condition is asked. What tells of an effect must name one of this
 * decision's: who did nothing has none. All else matches as triggers do: by the key of the enrollment's journey, by the
 * customer, or by the account.
 */
export function concerns(
  due: DueReward,
  { match }: Pick<Trigger, 'match'>,
  event: Happening,
  bundle: Bundle,
): boolean {
  if (tellsOfEffect(event.name)) return namesEffect(due, event);
  if (isEcho(event)) return match === 'account';
  if (match !== 'key') return true;
  const key = bundle.journeys.find(({ id }) => id === due.journey)?.key;
  return key === undefined || key === null || textOf(own(event.properties, key)) === due.key;
}

/** The ids of a decision's effects, and of the coupon that they carry. Through whatever channel: it is one action. */
function namesEffect({ effects }: DueReward, { properties }: Happening): boolean {
  const named = [properties.delivery_id, properties.task_id, properties.coupon_id].flatMap(
    (id) => textOf(id) ?? [],
  );
  return effects.some(
    ({ id, couponId }) => named.includes(id) || (couponId !== null && named.includes(couponId)),
  );
}
