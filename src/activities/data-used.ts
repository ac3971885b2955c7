import { type DataUsed, type Use, usedData } from '../domain/attribute.ts';
import type { Facts } from '../domain/context.ts';
import type { ActionClass, ActionDef } from '../domain/definition.ts';
import type { Instant } from '../domain/time.ts';

/** What an action of this class may read attributes for. */
export function useOf(actionClass: ActionClass): Use {
  return actionClass === 'marketing' ? 'marketing' : 'service';
}

/** Which of the customer's data went into an action, each with its source and permission (B-10). */
export function dataUsedBy(action: ActionDef | undefined, facts: Facts, now: Instant): DataUsed[] {
  return action ? usedData(facts, action.reads, useOf(action.class), now) : [];
}
