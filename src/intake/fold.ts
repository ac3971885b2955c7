import { uuidv7 } from 'uuidv7';
import type { EventRow } from '../../db/queries/append-events.ts';
import type { LockedCustomer } from '../../db/queries/lock-customers.ts';
import type { Wake } from '../../db/queries/raise-wakes.ts';
import type { CustomerRow } from '../../db/queries/save-customers.ts';
import type { CustomerTicket } from '../../db/queries/tickets.ts';
import { type Consent, consentsSaid } from '../domain/consent.ts';
import type { Bundle } from '../domain/definition.ts';
import { EVENT, textOf } from '../domain/event.ts';
import { wakes, watched } from '../domain/interest.ts';
import { emailOf, foldProfile, isConsentNews, trait } from '../domain/profile.ts';
import { newerTicket, ticketSaid } from '../domain/ticket.ts';
import { iso } from '../domain/time.ts';
import type { IncomingEvent } from './incoming.ts';

/** The event's data could not be folded: like a fault of the database's about data, it is split off and rejected. */
class Unfoldable extends Error {
  readonly code = '22000';
}

const NO_INTEREST = { events: [], traits: [] };

/** Folds a batch of accepted events into the customers that were locked for it, and gathers the rows to write. */
export class Folder {
  private readonly events: EventRow[] = [];
  private readonly consents: (Consent & { customerId: string })[] = [];
  private readonly changedTickets = new Map<string, CustomerTicket>();
  private readonly touched = new Map<string, { before: number; wakes: boolean }>();
  private readonly tickets: Map<string, CustomerTicket>;
  private readonly customers: Map<string, LockedCustomer>;
  private readonly acceptedAt: number;

  constructor(customers: Map<string, LockedCustomer>, tickets: CustomerTicket[], acceptedAt: number) {
    this.customers = customers;
    this.acceptedAt = acceptedAt;
    this.tickets = new Map(tickets.map((ticket) => [`${ticket.customerId} ${ticket.id}`, ticket]));
  }

  /** Gives the event its place in its customer's log. Returns the sequence number. */
  fold(incoming: IncomingEvent, customerId: string, bundle: Bundle | null): number {
    try {
      return this.foldOne(incoming, customerId, bundle);
    } catch (error) {
      throw new Unfoldable(error instanceof Error ? error.message : String(error));
    }
  }

  private foldOne(incoming: IncomingEvent, customerId: string, bundle: Bundle | null): number {
    const customer = this.customers.get(customerId);
    if (!customer) throw new Error(`customer ${customerId} isn't locked`);
    const before = this.touched.get(customerId) ?? { before: customer.seq, wakes: false };
    const at = Math.min(incoming.at, this.acceptedAt);
    const event = { ...incoming, at, seq: ++customer.seq };
    const interest = bundle?.interest ?? NO_INTEREST;

    const traits = Object.fromEntries(
      watched(interest, customer.profile).map((key) => [key, trait(customer.profile, key)]),
    );
    const said = consentsSaid(event).filter((one) => isConsentNews(customer.profile, one, event));
    foldProfile(customer.profile, event, bundle?.workspace.currency ?? 'EUR');
    this.foldTicket(event, customer);
    this.foldPause(event, customer);
    for (const one of said) this.consents.push({ ...one, customerId });

    const waking = before.wakes || wakes(interest, event, traits, customer.profile, said.length > 0);
    this.touched.set(customerId, { before: before.before, wakes: waking });
    this.events.push(this.row(event, customer));
    return event.seq;
  }

  result() {
    const touched = [...this.touched].map(([id, { before, wakes: waking }]) => {
      const customer = this.customers.get(id) as LockedCustomer;
      return {
        customer,
        waking,
        wake: { customer_id: id, workspace: customer.workspace, before, after: customer.seq },
      };
    });
    return {
      events: this.events,
      consents: this.consents,
      changedTickets: [...this.changedTickets.values()],
      rows: touched.map(({ customer }): CustomerRow => {
        const { id, seq, profile, paused } = customer;
        return { id, seq, profile, email: emailOf(profile) ?? null, paused };
      }),
      waking: touched.filter((t) => t.waking).map((t): Wake => t.wake),
      passing: touched.filter((t) => !t.waking).map((t): Wake => t.wake),
    };
  }

  /** Backfill keeps a ticket only if it's still open; one closed long ago has no cool-down left to give. */
  private foldTicket(event: IncomingEvent & { seq: number }, customer: LockedCustomer): void {
    const said = ticketSaid(event);
    if (!said) return;
    const key = `${customer.id} ${said.id}`;
    const newer = newerTicket(this.tickets.get(key), said);
    if (event.historical && newer.status === 'closed') newer.quietUntil ??= 0;
    const ticket = { ...newer, customerId: customer.id, workspace: customer.workspace };
    this.tickets.set(key, ticket);
    this.changedTickets.set(key, ticket);
  }

  private foldPause(event: IncomingEvent & { seq: number }, customer: LockedCustomer): void {
    if (event.historical) return;
    if (event.name === EVENT.resumed) customer.paused = null;
    if (event.name !== EVENT.paused) return;
    customer.paused = {
      since: event.at,
      reason: textOf(event.properties.reason) ?? 'paused',
      by: textOf(event.properties.actor) ?? event.source,
    };
  }

  private row(event: IncomingEvent & { seq: number }, customer: LockedCustomer): EventRow {
    return {
      customer_id: customer.id,
      seq: event.seq,
      workspace: event.workspace,
      id: `evt_${uuidv7().replaceAll('-', '')}`,
      message_id: event.messageId,
      type: event.type,
      name: event.name,
      at: iso(event.at),
      accepted_at: iso(this.acceptedAt),
      historical: event.historical,
      source: event.source,
      body: { properties: event.properties, traits: event.traits, context: event.context },
    };
  }
}
