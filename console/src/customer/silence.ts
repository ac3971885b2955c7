import type { Customer, Ticket } from './types.ts';

/** One reason why messages do not reach the customer now. */
export type SilenceReason =
  | {
      kind: 'ticket';
      id: string;
      ticket: Ticket | undefined;
      ownerId: string | null;
      product: string | null;
      since: string;
      /** Milliseconds for which it goes on after the ticket was closed. */
      coolDown: number;
    }
  | { kind: 'cool_down'; id: string; since: string; until: string | null }
  | { kind: 'paused'; since: string; reason: string; actor: string; actorName: string | null }
  | { kind: 'snoozed'; until: string; topics: string[] | null }
  | { kind: 'parked'; since: string; reason: string; retryAt: string };

/** Everything that keeps messages from the customer now, the most serious first. */
export function listSilenceReasons(customer: Customer): SilenceReason[] {
  const { poison, paused, suppressed, openTickets, snoozedUntil, snoozedTopics } = customer;
  const tickets = suppressed.reasons.map((reason): SilenceReason => {
    const { ticketId: id, ownerId, product, since, liftsAt, coolDownSeconds } = reason;
    if (reason.code === 'cooling_down') return { kind: 'cool_down', id, since, until: liftsAt };
    const ticket = openTickets.find((open) => open.id === id);
    return { kind: 'ticket', id, ticket, ownerId, product, since, coolDown: coolDownSeconds * 1_000 };
  });
  return [
    ...(poison ? [{ kind: 'parked' as const, ...poison }] : []),
    ...(paused ? [{ kind: 'paused' as const, ...paused }] : []),
    ...tickets,
    ...(snoozedUntil ? [{ kind: 'snoozed' as const, until: snoozedUntil, topics: snoozedTopics }] : []),
  ];
}
