import type { Trigger } from '../definition.ts';
import { type JourneyEvent, kindOf, textOf } from '../event.ts';
import type { Enrollment } from '../state.ts';
import { newerTicket, ticketSaid } from '../ticket.ts';
import type { Run } from './run.ts';

type Happened = Pick<JourneyEvent, 'name' | 'at' | 'properties'>;

/** Whether an event is what a trigger of this enrollment waits for. */
export function triggers(run: Run, trigger: Trigger, event: Happened, enrollment: Enrollment): boolean {
  if (trigger.on !== event.name) return false;
  if (!concerns(run, trigger, event, enrollment)) return false;
  return run.holds(trigger.when, enrollment, {
    name: event.name,
    at: event.at,
    properties: event.properties,
  });
}

/** Facts about an enrollment's own effects match it by its id; all others by the journey's key or the customer. */
function concerns(run: Run, trigger: Trigger, event: Happened, enrollment: Enrollment): boolean {
  if (kindOf(event.name) === 'outcome') return event.properties.enrollment_id === enrollment.id;
  if (trigger.match === 'customer') return true;
  const key = run.journey(enrollment.journey)?.key;
  return key === null || key === undefined || textOf(event.properties[key]) === enrollment.key;
}

/**
 * An event that was overtaken: something newer was already known of its ticket when it came. It folds into the
 * history and triggers nothing, so a late "opened" can't wake what its "closed" has ended.
 */
export function isStale(run: Run, event: JourneyEvent): boolean {
  const said = ticketSaid(event);
  if (!said) return false;
  const known = run.input.facts.tickets.find((t) => t.id === said.id);
  return known !== undefined && known.seq < event.seq && newerTicket(known, said).seq !== event.seq;
}
