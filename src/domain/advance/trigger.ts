import type { Trigger } from '../definition.ts';
import { isAboutShown, isEcho, type JourneyEvent, kindOf, textOf } from '../event.ts';
import { own } from '../own.ts';
import type { Enrollment } from '../state.ts';
import { newerTicket, ticketSaid } from '../ticket.ts';
import type { Run } from './run.ts';

type Happened = Pick<JourneyEvent, 'name' | 'at' | 'properties' | 'source'>;

/** Whether an event is what a trigger of this enrollment waits for. */
export function triggers(run: Run, trigger: Trigger, event: Happened, enrollment: Enrollment): boolean {
  if (trigger.on !== event.name) return false;
  if (!concerns(run, trigger, event, enrollment)) return false;
  return run.holds(trigger.when, run.about(enrollment, read(event)));
}

/** Facts about an enrollment's own effects match it by its id; all others by the journey's key, the customer or the account. */
function concerns(run: Run, trigger: Trigger, event: Happened, enrollment: Enrollment): boolean {
  if (isEcho(event)) return trigger.match === 'account';
  if (kindOf(event.name) === 'outcome' && !isAboutShown(event.name))
    return event.properties.enrollment_id === enrollment.id;
  if (trigger.match !== 'key') return true;
  const key = run.journeyOf(enrollment)?.key;
  return key === null || key === undefined || textOf(own(event.properties, key)) === enrollment.key;
}

/** An event as conditions read it. */
export function read({ name, at, properties }: Pick<JourneyEvent, 'name' | 'at' | 'properties'>) {
  return { name, at, properties };
}

/**
 * An event that was overtaken: something newer was already known of its ticket when it came. It folds into the
 * history and triggers nothing, so a late "opened" can't wake what its "closed" has ended.
 */
export function isStale(run: Run, event: JourneyEvent): boolean {
  const said = isEcho(event) ? undefined : ticketSaid(event);
  if (!said) return false;
  const known = run.input.facts.tickets.find((t) => t.of === null && t.id === said.id);
  return known !== undefined && known.seq < event.seq && newerTicket(known, said).seq !== event.seq;
}
