import type { Trigger } from '../../domain/definition.ts';
import { classifyEvent, isAccountEcho, isShownActionEvent, type JourneyEvent } from '../../domain/event.ts';
import { readKeyProperty } from '../../domain/fact-id.ts';
import type { Enrollment } from '../../domain/state.ts';
import { findTicket, isOutdated, readTicket } from '../../domain/ticket.ts';
import type { AdvanceRun } from './advance-run.ts';

type TriggerEvent = Pick<JourneyEvent, 'name' | 'at' | 'properties' | 'source'>;

/** Whether an event matches a trigger of this enrollment: its name, what it concerns, and the trigger's condition. */
export function matchesTrigger(
  run: AdvanceRun,
  trigger: Trigger,
  event: TriggerEvent,
  enrollment: Enrollment,
): boolean {
  if (trigger.on !== event.name) return false;
  if (!concernsEnrollment(run, trigger, event, enrollment)) return false;
  return run.holds(trigger.when, run.conditionContext(enrollment, toConditionEvent(event)));
}

/** Events about deliveries and tasks match by the enrollment's id, all others by key, customer or account. */
function concernsEnrollment(
  run: AdvanceRun,
  trigger: Trigger,
  event: TriggerEvent,
  enrollment: Enrollment,
): boolean {
  if (isAccountEcho(event)) return trigger.match === 'account';
  if (classifyEvent(event.name) === 'outcome' && !isShownActionEvent(event.name))
    return event.properties.enrollment_id === enrollment.id;
  if (trigger.match !== 'key') return true;
  const key = run.journeyOf(enrollment)?.key;
  return key === null || key === undefined || readKeyProperty(event.properties, key) === enrollment.key;
}

/** An event as conditions read it. */
export function toConditionEvent({ name, at, properties }: Pick<JourneyEvent, 'name' | 'at' | 'properties'>) {
  return { name, at, properties };
}

/**
 * Whether a newer event of the same ticket was accepted earlier. A stale event stays in the log but triggers nothing,
 * so a late "opened" cannot start what the ticket's "closed" has ended.
 */
export function isStaleTicketEvent(run: AdvanceRun, event: JourneyEvent): boolean {
  const { facts, bundle } = run.input;
  const reported = isAccountEcho(event) ? undefined : readTicket(event, bundle.workspace.tickets.status);
  if (!reported) return false;
  const current = findTicket(
    facts.tickets.filter(({ ownerId }) => ownerId === null),
    reported,
  );
  return current !== undefined && isOutdated(current, reported);
}
