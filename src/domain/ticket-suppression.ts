import type { ActionClass, TicketPolicy } from './definition.ts';
import type { Ticket } from './ticket.ts';
import type { Instant, Millis } from './time/time.ts';
import { getOwn } from './values/get-own.ts';

/** What a ticket policy reads of an action. */
export interface TicketedAction {
  class: ActionClass;
  /** The product that the action is about. */
  product: string | null;
}

/** The classes of actions that a ticket suppresses. A severity's own list replaces the policy's. */
export function suppressedClasses(policy: TicketPolicy, { severity }: Ticket): readonly ActionClass[] {
  return getOwn(policy.severity, severity)?.suppress ?? policy.suppress;
}

/**
 * Whether a ticket suppresses an action, whether it is open or cooling down. Where tickets suppress by product, a
 * ticket that names a product leaves all other actions alone; one that names none suppresses all.
 */
export function suppressesAction(policy: TicketPolicy, ticket: Ticket, action: TicketedAction): boolean {
  return (
    suppressedClasses(policy, ticket).includes(action.class) &&
    concernsProduct(policy, ticket, action.product)
  );
}

/** Whether a ticket can suppress an action on this product (null: an action on no product in particular). */
function concernsProduct(policy: TicketPolicy, ticket: Ticket, product: string | null): boolean {
  return policy.scope !== 'product' || ticket.product === null || ticket.product === product;
}

/** How long a ticket goes on suppressing after it was closed. */
export function coolDownOf(policy: TicketPolicy, ticket: Ticket): Millis {
  return getOwn(policy.severity, ticket.severity)?.cooldown ?? policy.cooldown;
}

/**
 * Until when a closed ticket goes on suppressing; null for an open one. The cool-down of a ticket that no decision has
 * seen closed has not begun, so it is counted from now.
 */
export function findSuppressionEnd(policy: TicketPolicy, ticket: Ticket, now: Instant): Instant | null {
  if (ticket.status === 'open') return null;
  return ticket.quietUntil ?? now + coolDownOf(policy, ticket);
}

/** Whether a ticket is open or cooling down. */
export function isInForce(policy: TicketPolicy, ticket: Ticket, now: Instant): boolean {
  const end = findSuppressionEnd(policy, ticket, now);
  return end === null || end > now;
}

/** The end of the last cool-down of these tickets; null if none of those that suppress anything is cooling down. */
export function findCoolDownEnd(
  policy: TicketPolicy,
  tickets: readonly Ticket[],
  now: Instant,
): Instant | null {
  const ends = tickets
    .filter((ticket) => ticket.status === 'closed' && suppressedClasses(policy, ticket).length > 0)
    .flatMap((ticket) => findSuppressionEnd(policy, ticket, now) ?? [])
    .filter((end) => end > now);
  return ends.length > 0 ? Math.max(...ends) : null;
}

/**
 * Whether an open ticket suppresses its customer's service actions that are not about it. A ticket that suppresses
 * anything does; tickets of other customers suppress only what the policy lists.
 */
export function suppressesUnrelated(policy: TicketPolicy, ticket: Ticket, product: string | null): boolean {
  return (
    ticket.ownerId === null &&
    suppressedClasses(policy, ticket).length > 0 &&
    concernsProduct(policy, ticket, product)
  );
}

/** What tickets suppress of actions on no product in particular, as conditions read it (`suppressed`). */
export function computeSuppression(
  policy: TicketPolicy,
  tickets: readonly Ticket[],
  now: Instant,
): { marketing: boolean; service: boolean } {
  const marketing = { class: 'marketing', product: null } as const;
  const service = { class: 'service', product: null } as const;
  const open = tickets.filter((ticket) => ticket.status === 'open');
  const inForce = tickets.filter((ticket) => isInForce(policy, ticket, now));
  return {
    marketing: inForce.some((ticket) => suppressesAction(policy, ticket, marketing)),
    service: open.some(
      (ticket) => suppressesAction(policy, ticket, service) || suppressesUnrelated(policy, ticket, null),
    ),
  };
}
