import type { Bundle } from '../../domain/definition.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { ResolvedCustomer } from '../identity/resolve-identities.ts';
import type { IncomingEvent } from './incoming-event.ts';

/**
 * One event of a batch, its customer, and the definitions that it is accepted under. Entries are never changed: a step
 * that learns more about one returns a new entry with the same position.
 */
export interface BatchEntry extends Readonly<ResolvedCustomer> {
  /** Index of the event in the batch. */
  readonly position: number;
  readonly event: IncomingEvent;
  readonly bundle: Bundle | null;
  /** The ticket that the help desk has given to this customer, as its former requester has it. */
  readonly transferred?: Ticket;
}
