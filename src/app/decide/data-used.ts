import { dataUseOf, listUsedAttributes, type UsedAttribute } from '../../domain/customer/attribute.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Instant } from '../../domain/time/time.ts';

/** Which of the customer's data went into an action, each with its source and permission (B-10). */
export function listDataUsed(
  action: ActionDef | undefined,
  facts: Facts<'profile' | 'permissions'>,
  now: Instant,
): UsedAttribute[] {
  return action ? listUsedAttributes(facts, action.reads, dataUseOf(action), now) : [];
}
