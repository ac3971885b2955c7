import { useOf } from '../domain/attribute.ts';
import type { Candidate } from '../domain/candidate.ts';
import type { Scope, Situation } from '../domain/context.ts';
import { entryOf } from '../domain/state.ts';
import { suppressedBy } from '../domain/ticket.ts';

/** What the conditions, value and cost of a candidate's action may look at: all the same. */
export function scopeOf({ action, enrollment }: Candidate, situation: Situation): Scope {
  const { facts, bundle, now, scores } = situation;
  return {
    event: entryOf(enrollment),
    facts,
    suppressed: suppressedBy(bundle.workspace.tickets, facts.tickets, now),
    enrollment,
    now,
    scores,
    use: useOf(action),
  };
}
