import { AGENT_DESK } from '../domain/candidate.ts';
import type { ActionClass } from '../domain/definition.ts';
import { countsAsContact } from '../domain/delivery.ts';
import type { DecisionRequest } from '../domain/facts.ts';
import type { Instant } from '../domain/time/time.ts';

/** Something that reached the customer, or is about to: a message, or a call by a person. */
export interface Contact {
  action: string;
  class: ActionClass;
  purpose: string;
  channel: string;
  key: string | null;
  at: Instant;
}

/** Every contact that spacing, caps and limits count. */
export function collectContacts({ facts, bundle }: DecisionRequest): Contact[] {
  const calls = facts.tasks
    .filter((task) => task.state !== 'withdrawn' && task.state !== 'expired')
    .map((task) => {
      const action = bundle.actions.find((a) => a.id === task.action);
      return { ...task, purpose: action?.purpose ?? task.class, channel: AGENT_DESK };
    });
  return [...facts.deliveries.filter(countsAsContact), ...calls];
}
