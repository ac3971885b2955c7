import type { Trigger } from '../../domain/definition.ts';
import {
  classifyEvent,
  isAccountEcho,
  isShownActionEvent,
  type JourneyEvent,
  toText,
} from '../../domain/event.ts';
import type { Enrollment } from '../../domain/state.ts';
import { readTicket, resolveTicket } from '../../domain/ticket.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { AdvanceRun } from './advance-run.ts';

type Happened = Pick<JourneyEvent, 'name' | 'at' | 'properties' | 'source'>;

/** Whether an event is what a trigger of this enrollment waits for. */
export function matchesTrigger(
  run: AdvanceRun,
  trigger: Trigger,
  event: Happened,
  enrollment: Enrollment,
): boolean {
  if (trigger.on !== event.name) return false;
  if (!concerns(run, trigger, event, enrollment)) return false;
  return run.holds(trigger.when, run.conditionContext(enrollment, toConditionEvent(event)));
}

/** Facts about an enrollment's own effects match it by its id; all others by the journey's key, the customer or the account. */
function concerns(run: AdvanceRun, trigger: Trigger, event: Happened, enrollment: Enrollment): boolean {
  if (isAccountEcho(event)) return trigger.match === 'account';
  if (classifyEvent(event.name) === 'outcome' && !isShownActionEvent(event.name))
    return event.properties.enrollment_id === enrollment.id;
  if (trigger.match !== 'key') return true;
  const key = run.journeyOf(enrollment)?.key;
  return key === null || key === undefined || toText(getOwn(event.properties, key)) === enrollment.key;
}

/** An event as conditions read it. */
export function toConditionEvent({ name, at, properties }: Pick<JourneyEvent, 'name' | 'at' | 'properties'>) {
  return { name, at, properties };
}

/**
 * An event that was overtaken: something newer was already known of its ticket when it came. It folds into the
 * history and triggers nothing, so a late "opened" can't wake what its "closed" has ended.
 */
export function isStaleTicketEvent(run: AdvanceRun, event: JourneyEvent): boolean {
  const said = isAccountEcho(event) ? undefined : readTicket(event);
  if (!said) return false;
  const known = run.input.facts.tickets.find((t) => t.ownerId === null && t.id === said.id);
  return known !== undefined && known.seq < event.seq && resolveTicket(known, said).seq !== event.seq;
}
