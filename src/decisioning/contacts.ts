import { DESK } from '../domain/candidate.ts';
import type { Situation } from '../domain/context.ts';
import type { ActionClass } from '../domain/definition.ts';
import { counts } from '../domain/delivery.ts';
import type { Instant } from '../domain/time.ts';

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
export function contactsOf({ facts, bundle }: Situation): Contact[] {
  const calls = facts.tasks
    .filter((task) => task.state !== 'withdrawn' && task.state !== 'expired')
    .map((task) => {
      const action = bundle.actions.find((a) => a.id === task.action);
      return { ...task, purpose: action?.purpose ?? task.class, channel: DESK };
    });
  return [...facts.deliveries.filter(counts), ...calls];
}
