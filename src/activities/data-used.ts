import { type DataUsed, usedData, useOf } from '../domain/attribute.ts';
import type { Facts } from '../domain/context.ts';
import type { ActionDef } from '../domain/definition.ts';
import type { Instant } from '../domain/time.ts';

/** Which of the customer's data went into an action, each with its source and permission (B-10). */
export function dataUsedBy(action: ActionDef | undefined, facts: Facts, now: Instant): DataUsed[] {
  return action ? usedData(facts, action.reads, useOf(action), now) : [];
}
