import { uuidv7 } from 'uuidv7';
import type { AccountRow } from '../../db/queries/accounts.ts';
import type { EventRow } from '../../db/queries/append-events.ts';
import type { FanoutRow } from '../../db/queries/fanouts.ts';
import type { LockedCustomer } from '../../db/queries/lock-customers.ts';
import type { Wake } from '../../db/queries/raise-wakes.ts';
import type { CustomerRow } from '../../db/queries/save-customers.ts';
import type { CustomerTicket } from '../../db/queries/tickets.ts';
import { type Consent, consentsSaid } from '../domain/consent.ts';
import type { Interest } from '../domain/definition.ts';
import { EVENT, isEcho, textOf } from '../domain/event.ts';
import { wakes, watched } from '../domain/interest.ts';
import { own } from '../domain/own.ts';
import { emailOf, foldAccount, foldProfile, isConsentNews, trait } from '../domain/profile.ts';
import { newerTicket, ticketSaid } from '../domain/ticket.ts';
import { iso } from '../domain/time.ts';
import { echoes, joinedAccount } from './echo.ts';
import { IdentityRace } from './identity.ts';
import type { IncomingEvent } from './incoming.ts';
import type { Entry, Subjects } from './subjects.ts';

/** The event's data could not be folded: like a fault of the database's about data, it is split off and rejected. */
class Unfoldable extends Error {
  readonly code = '22000';
}

const NO_INTEREST: Interest = { events: [], traits: [], accountEvents: [], windows: {} };

type Placed = IncomingEvent & { seq: number };

/** What a batch is folded into. All of it is locked. */
export interface Ground {
  customers: Map<string, LockedCustomer>;
  tickets: CustomerTicket[];
  subjects: Subjects;
  acceptedAt: number;
  /** Keyed hash of an address, in a workspace of a group. */
  contactOf(workspace: string, email: string | null): string | null;
}

/** Folds a batch of accepted events into the customers that were locked for it, and gathers the rows to write. */
export class Folder {
  private readonly events: EventRow[] = [];
  private readonly consents: (Consent & { customerId: string })[] = [];
  private readonly fanouts: FanoutRow[] = [];
  private readonly changedTickets = new Map<string, CustomerTicket>();
  private readonly changedAccounts = new Set<AccountRow>();
  private readonly touched = new Map<string, { before: number; wakes: boolean }>();
  private readonly tickets: Map<string, CustomerTicket>;
  private readonly ground: Ground;

  constructor(ground: Ground) {
    this.ground = ground;
    this.tickets = new Map(ground.tickets.map((ticket) => [`${ticket.customerId} ${ticket.id}`, ticket]));
  }

  /** Gives the event its place in its customer's log. Returns the sequence number. */
  fold(entry: Entry): number {
    try {
      return this.foldOne(entry);
    } catch (error) {
      if (error instanceof IdentityRace) throw error;
      throw new Unfoldable(error instanceof Error ? error.message : String(error));
    }
  }

  private foldOne(entry: Entry): number {
    const { event: incoming, customerId } = entry;
    const customer = this.ground.customers.get(customerId);
    if (!customer) throw new Error(`customer ${customerId} isn't locked`);
    const before = this.touched.get(customerId) ?? { before: customer.seq, wakes: false };
    const at = Math.min(incoming.at, this.ground.acceptedAt);
    const event = { ...incoming, at, seq: ++customer.seq };
    const row = this.row(event, entry);
    const waking = isEcho(event) ? !event.historical : this.foldOwn(entry, event, customer, row.id);
    this.touched.set(customerId, { before: before.before, wakes: before.wakes || waking });
    this.events.push(row);
    return event.seq;
  }

  /** Folds what is said of the customer. Returns whether it must wake the journey. */
  private foldOwn(entry: Entry, event: Placed, customer: LockedCustomer, id: string): boolean {
    const { bundle } = entry;
    const interest = bundle?.interest ?? NO_INTEREST;
    const traits = Object.fromEntries(
      watched(interest, customer.profile).map((key) => [key, trait(customer.profile, key)]),
    );
    const said = consentsSaid(event).filter((one) => isConsentNews(customer.profile, one, event));
    foldProfile(customer.profile, event, bundle?.workspace.currency ?? 'EUR', bundle?.attributes);
    const traitsChanged = this.foldGroup(entry, event, customer);
    this.foldTicket(entry, event, customer);
    this.foldPause(event, customer);
    for (const one of said) this.consents.push({ ...one, customerId: customer.id });
    if (customer.accountId !== null && echoes(event, bundle, traitsChanged)) {
      const { name, type, at, properties } = event;
      const { workspace, accountId } = customer;
      const echoed = { name, type, at, properties };
      this.fanouts.push({ id, workspace, accountId, customerId: customer.id, event: echoed });
    }
    return traitsChanged || wakes(interest, event, traits, customer.profile, said.length > 0);
  }

  result() {
    const touched = [...this.touched].map(([id, { before, wakes: waking }]) => {
      const customer = this.ground.customers.get(id) as LockedCustomer;
      return {
        customer,
        waking,
        wake: { customer_id: id, workspace: customer.workspace, before, after: customer.seq },
      };
    });
    return {
      events: this.events,
      consents: this.consents,
      fanouts: this.fanouts,
      changedTickets: [...this.changedTickets.values()],
      changedAccounts: [...this.changedAccounts],
      rows: touched.map(({ customer }) => this.customerRow(customer)),
      waking: touched.filter((t) => t.waking).map((t): Wake => t.wake),
      passing: touched.filter((t) => !t.waking).map((t): Wake => t.wake),
    };
  }

  private customerRow(customer: LockedCustomer): CustomerRow {
    const { id, seq, profile, paused, accountId } = customer;
    return {
      id,
      seq,
      profile,
      email: emailOf(profile) ?? null,
      paused,
      accountId,
      contact: this.contact(customer),
    };
  }

  private contact(customer: LockedCustomer): string | null {
    return this.ground.contactOf(customer.workspace, emailOf(customer.profile) ?? null);
  }

  /** A group call joins the account and says its traits; any other call that names one only joins. */
  private foldGroup({ bundle }: Entry, event: Placed, customer: LockedCustomer): boolean {
    const id = joinedAccount(event);
    if (id === undefined) return false;
    customer.accountId = id;
    if (event.type !== 'group') return false;
    const account = this.ground.subjects.account(event.workspace, id);
    if (!account) throw new Error(`account ${id} isn't locked`);
    const before = account.traits;
    account.traits = foldAccount(before, event, bundle?.attributes);
    this.changedAccounts.add(account);
    const value = (traits: AccountRow['traits'], name: string) => JSON.stringify(own(traits, name)?.value);
    return Object.keys(event.traits).some((name) => value(before, name) !== value(account.traits, name));
  }

  /** Backfill keeps a ticket only if it's still open; one closed long ago has no cool-down left to give. */
  private foldTicket(entry: Entry, event: Placed, customer: LockedCustomer): void {
    const said = ticketSaid(event);
    if (!said) return;
    const contact = this.contact(customer);
    this.ground.subjects.checkTicket(entry, customer, contact);
    const key = `${customer.id} ${said.id}`;
    const known = this.tickets.get(key);
    const newer = newerTicket(known && { ...known, of: null }, said);
    if (event.historical && newer.status === 'closed') newer.quietUntil ??= 0;
    const { workspace, accountId } = customer;
    const ticket: CustomerTicket = { ...newer, customerId: customer.id, workspace, accountId, contact };
    this.tickets.set(key, ticket);
    this.changedTickets.set(key, ticket);
  }

  private foldPause(event: Placed, customer: LockedCustomer): void {
    if (event.historical) return;
    if (event.name === EVENT.resumed) customer.paused = null;
    if (event.name !== EVENT.paused) return;
    customer.paused = {
      since: event.at,
      reason: textOf(event.properties.reason) ?? 'paused',
      by: textOf(event.properties.actor) ?? event.source,
    };
  }

  private row(event: Placed, { customerId, origin }: Entry): EventRow {
    return {
      customer_id: customerId,
      seq: event.seq,
      workspace: event.workspace,
      id: mintEventId(),
      message_id: event.messageId,
      type: event.type,
      name: event.name,
      at: iso(event.at),
      accepted_at: iso(this.ground.acceptedAt),
      historical: event.historical,
      source: event.source,
      body: { properties: event.properties, traits: event.traits, context: event.context },
      origin,
    };
  }
}

/** A new event's id: opaque, ordered by time. */
export function mintEventId(): string {
  return `evt_${uuidv7().replaceAll('-', '')}`;
}
