import { uuidv7 } from 'uuidv7';
import type { AccountRow } from '../../../db/accounts/accounts.ts';
import type { FanoutRow } from '../../../db/accounts/fanouts.ts';
import type { LockedCustomer } from '../../../db/customers/lock-customers.ts';
import type { CustomerRow } from '../../../db/customers/save-customers.ts';
import type { EventRow } from '../../../db/events/append-events.ts';
import type { CustomerTicket } from '../../../db/tickets/tickets.ts';
import type { WakeRequest } from '../../../db/wakes/request-wakes.ts';
import { withholdUnproven } from '../../domain/browser-key.ts';
import type { Consent } from '../../domain/customer/consent.ts';
import type { ConsentMemory } from '../../domain/customer/consent-memory.ts';
import { refundsUnknownOrder } from '../../domain/customer/fold-order.ts';
import { noteForeignRefund } from '../../domain/customer/note-commerce.ts';
import { foldAccountTraits, foldProfile, readEmail, readTrait } from '../../domain/customer/profile.ts';
import type { Interest } from '../../domain/definition.ts';
import { EVENT, isAccountEcho, toText } from '../../domain/event.ts';
import { listWatchedTraits, wakesJourney } from '../../domain/interest.ts';
import { limitNotes, NO_NOTES, type Note, writeNote } from '../../domain/note.ts';
import {
  findTicket,
  isHeld,
  readTicket,
  resolveTicket,
  type Ticket,
  ticketKey,
  transferTicket,
} from '../../domain/ticket.ts';
import { iso } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { IdentityRace } from '../identity/resolve-identities.ts';
import { needsEcho, readJoinedAccount } from './account-echo.ts';
import type { BatchEntry } from './batch-entry.ts';
import { NoteCounts } from './count-notes.ts';
import type { IncomingEvent } from './incoming-event.ts';
import type { KnownFacts } from './known-facts.ts';
import type { LockedSubjects } from './locked-subjects.ts';
import { readNotes } from './read-notes.ts';

/** An event whose data can't be folded. Its code is that of a data fault in Postgres, so that it is rejected alone. */
class UnfoldableEventError extends Error {
  readonly code = '22000';
}

const NO_INTEREST: Interest = { events: [], traits: [], accountEvents: [], windows: {} };

/** An event with its place in its customer's log, and the id of the event whose fact it repeats. */
type SequencedEvent = IncomingEvent & { seq: number; repeats: string | null } & Partial<Withheld>;

/** What an event of a browser key states and must not, by path, and the addresses that only it has stated. */
interface Withheld {
  withheld: Record<string, unknown>;
  unproven: string[];
}

/** The locked rows that a batch is folded into. */
export interface FoldContext {
  customers: Map<string, LockedCustomer>;
  tickets: CustomerTicket[];
  subjects: LockedSubjects;
  facts: KnownFacts;
  /** What devices have said about consent as other customers, by customer. */
  statements: ReadonlyMap<string, ConsentMemory>;
  /** Consents of customers about whom a browser key may state some, by customer. */
  consents: ReadonlyMap<string, readonly Consent[]>;
  acceptedAt: number;
  /** Keyed hash of an address; null in a workspace without a group. */
  computePersonKey(workspace: string, email: string | null): string | null;
}

/**
 * Folds a batch of accepted events into the locked customers, tickets and accounts, and collects the rows to write. It
 * owns the rows in its context and changes them: the sequence number, the profile, the account's traits.
 */
export class BatchFold {
  private readonly events: EventRow[] = [];
  private readonly consents: (Consent & { customerId: string })[] = [];
  private readonly fanouts: FanoutRow[] = [];
  private readonly changedTickets = new Map<string, CustomerTicket>();
  private readonly changedAccounts = new Set<AccountRow>();
  private readonly noteCounts = new NoteCounts();
  private readonly touched = new Map<string, { before: number; wakes: boolean }>();
  private readonly tickets: Map<string, CustomerTicket>;
  private readonly acceptedAt: string;
  private readonly context: FoldContext;

  constructor(context: FoldContext) {
    this.context = context;
    this.acceptedAt = iso(context.acceptedAt);
    this.tickets = new Map(
      context.tickets.map((ticket) => [`${ticket.customerId} ${ticketKey(ticket)}`, ticket]),
    );
  }

  /**
   * Adds the event to its customer's log and returns its sequence number.
   *
   * @throws UnfoldableEventError when its data can't be folded
   * @throws IdentityRace when it silences an account or a person that isn't locked
   */
  add(entry: BatchEntry): number {
    try {
      return this.foldEntry(entry);
    } catch (error) {
      if (error instanceof IdentityRace) throw error;
      throw new UnfoldableEventError(error instanceof Error ? error.message : String(error));
    }
  }

  private foldEntry(entry: BatchEntry): number {
    const { customerId } = entry;
    const customer = this.context.customers.get(customerId);
    if (!customer) throw new Error(`customer ${customerId} isn't locked`);
    const { before, wakes } = this.touched.get(customerId) ?? { before: customer.seq, wakes: false };
    const at = Math.min(entry.event.at, this.context.acceptedAt);
    const id = mintEventId();
    const repeats = this.context.facts.recognise(entry.event, { customerId, eventId: id, at });
    const incoming = this.withhold(entry, customer);
    const event = { ...incoming, at, seq: ++customer.seq, repeats };
    const row = this.buildRow(event, entry, id);
    const isWaking = isAccountEcho(event)
      ? !event.historical
      : this.foldOwnEvent(entry, event, customer, row);
    this.touched.set(customerId, { before, wakes: wakes || isWaking });
    this.events.push(row);
    return event.seq;
  }

  /** Folds an event of the customer's own. Returns whether it must wake the journey. */
  private foldOwnEvent(
    entry: BatchEntry,
    event: SequencedEvent,
    customer: LockedCustomer,
    row: EventRow,
  ): boolean {
    const { bundle } = entry;
    const { id } = row;
    const notes = readNotes(entry.event, bundle, event.notes ?? NO_NOTES);
    const interest = bundle?.interest ?? NO_INTEREST;
    const traits: Record<string, unknown> = {};
    for (const key of listWatchedTraits(interest, customer.profile))
      traits[key] = readTrait(customer.profile, key);
    const saidElsewhere = this.recallElsewhere(entry);
    const currency = bundle?.workspace.currency ?? 'EUR';
    const { consents, dropped } = foldProfile(
      customer.profile,
      saidElsewhere ? { ...event, saidElsewhere } : event,
      currency,
      bundle?.attributes,
      bundle?.room,
    );
    if (event.repeats === null) notes.push(...noteForeignRefund(customer.profile, event, currency));
    for (const { kind, name } of dropped) notes.push(writeNote('no_room', kind, name));
    if (event.repeats === null && refundsUnknownOrder(customer.profile, event))
      notes.push(writeNote('unknown_order', 'properties.order_id', event.properties.order_id));
    const traitsChanged = this.foldAccount(entry, event, customer, notes);
    if (event.repeats === null) this.foldTicket(entry, event, customer);
    this.foldPause(event, customer);
    for (const consent of consents) this.consents.push({ ...consent, customerId: customer.id });
    if (customer.accountId !== null && needsEcho(event, bundle, traitsChanged)) {
      const { name, type, at, properties } = event;
      const { workspace, accountId } = customer;
      const source = { name, type, at, properties };
      this.fanouts.push({ id, workspace, accountId, customerId: customer.id, event: source });
    }
    this.keepNotes(row, event, notes);
    return traitsChanged || wakesJourney(interest, event, traits, customer.profile, consents.length > 0);
  }

  /** Takes out of an event of a browser key what needs proof. */
  private withhold({ event, bundle, unproven: ids }: BatchEntry, customer: LockedCustomer) {
    if (!event.fromBrowser) return event;
    const proven = withholdUnproven(event, {
      profile: customer.profile,
      consents: [
        ...(this.context.consents.get(customer.id) ?? []),
        ...this.consents.filter(({ customerId }) => customerId === customer.id),
      ],
      workspace: bundle?.workspace,
      attributes: bundle?.attributes ?? {},
      foreign: ids?.foreign ?? [],
      isAddressOnly: ids?.isAddressOnly ?? false,
    });
    const notes = [
      ...(event.notes ?? []),
      ...proven.notes,
      ...(ids?.joins ? [writeNote('needs_proof', ids.joins, null)] : []),
      ...(ids?.hasExternalIds ? [writeNote('needs_proof', 'context.externalIds', null)] : []),
    ];
    const { withheld, unproven } = proven;
    return { ...proven.event, withheld, unproven, ...(notes.length > 0 ? { notes } : {}) };
  }

  /** What the device has said as another customer, such as the visitor who logs in with this event. */
  private recallElsewhere({ event, deviceOwner }: BatchEntry): ConsentMemory | undefined {
    if (deviceOwner === null || !mayStateConsent(event)) return undefined;
    const { customers, statements } = this.context;
    return customers.get(deviceOwner)?.profile.statements ?? statements.get(deviceOwner);
  }

  /** Keeps what could not be read with the event, and counts it. */
  private keepNotes(row: EventRow, event: SequencedEvent, notes: Note[]): void {
    if (notes.length === 0) return;
    row.notes = limitNotes(notes);
    this.noteCounts.add(event, row.customerId, row.notes);
  }

  /** The rows to write, and the wakes to request. */
  result() {
    const touched = [...this.touched].map(([id, { before, wakes }]) => {
      const customer = this.context.customers.get(id) as LockedCustomer;
      return {
        customer,
        wakes,
        wake: { customerId: id, workspace: customer.workspace, before, after: customer.seq },
      };
    });
    return {
      events: this.events,
      consents: this.consents,
      fanouts: this.fanouts,
      noteCounts: this.noteCounts.rows(),
      changedFacts: this.context.facts.changedRows,
      changedTickets: [...this.changedTickets.values()],
      changedAccounts: [...this.changedAccounts],
      rows: touched.map(({ customer, wake }) => this.buildCustomerRow(customer, wake.before)),
      waking: touched.filter(({ wakes }) => wakes).map(({ wake }): WakeRequest => wake),
      passing: touched.filter(({ wakes }) => !wakes).map(({ wake }): WakeRequest => wake),
    };
  }

  private buildCustomerRow(customer: LockedCustomer, before: number): CustomerRow {
    const { id, seq, profile, paused, accountId } = customer;
    return {
      id,
      before,
      seq,
      profile,
      email: readEmail(profile) ?? null,
      paused,
      accountId,
      personKey: this.computePersonKey(customer),
    };
  }

  private computePersonKey(customer: LockedCustomer): string | null {
    return this.context.computePersonKey(customer.workspace, readEmail(customer.profile) ?? null);
  }

  /** A group call joins the account and sets its traits; another call that names an account only joins it. */
  private foldAccount(
    { bundle, origin }: BatchEntry,
    event: SequencedEvent,
    customer: LockedCustomer,
    notes: Note[],
  ): boolean {
    const id = readJoinedAccount(event);
    if (id === undefined) return false;
    customer.accountId = id;
    if (event.type !== 'group') return false;
    const account = this.context.subjects.account(event.workspace, id);
    if (!account) throw new Error(`account ${id} isn't locked`);
    const previous = account.traits;
    const { traits, dropped } = foldAccountTraits(
      previous,
      event,
      origin ?? customer.id,
      bundle?.attributes,
      bundle?.room,
    );
    account.traits = traits;
    for (const name of dropped) notes.push(writeNote('no_room', 'account', name));
    this.changedAccounts.add(account);
    const value = (traits: AccountRow['traits'], name: string) => JSON.stringify(getOwn(traits, name)?.value);
    return Object.keys(event.traits).some((name) => value(previous, name) !== value(account.traits, name));
  }

  /** A ticket that backfill reports as closed gets no cool-down: it was closed long ago. */
  private foldTicket(entry: BatchEntry, event: SequencedEvent, customer: LockedCustomer): void {
    const update = readTicket(
      { ...event, acceptedAt: this.context.acceptedAt },
      entry.bundle?.workspace.tickets.status,
    );
    if (!update) return;
    const personKey = this.computePersonKey(customer);
    this.context.subjects.checkTicket(entry, customer, personKey);
    const stored = this.findTicketOf(customer.id, update);
    const known =
      entry.transferred && !(stored && isHeld(stored)) ? transferTicket(entry.transferred) : stored;
    const newer = resolveTicket(known && { ...known, ownerId: null }, update);
    const key = `${customer.id} ${ticketKey(newer)}`;
    if (event.historical && newer.status === 'closed') newer.quietUntil ??= 0;
    const { workspace, accountId } = customer;
    const ticket: CustomerTicket = {
      ...newer,
      customerId: customer.id,
      workspace,
      accountId,
      personKey,
    };
    this.tickets.set(key, ticket);
    this.changedTickets.set(key, ticket);
  }

  private findTicketOf(customerId: string, reported: Ticket): CustomerTicket | undefined {
    const own = [...this.tickets.values()].filter((ticket) => ticket.customerId === customerId);
    return findTicket(own, reported);
  }

  private foldPause(event: SequencedEvent, customer: LockedCustomer): void {
    if (event.historical) return;
    if (event.name === EVENT.resumed) customer.paused = null;
    if (event.name !== EVENT.paused) return;
    customer.paused = {
      since: event.at,
      reason: shorten(toText(event.properties.reason) ?? 'paused'),
      by: shorten(toText(event.properties.actor) ?? event.source),
    };
  }

  private buildRow(event: SequencedEvent, { customerId, origin }: BatchEntry, id: string): EventRow {
    return {
      customerId,
      seq: event.seq,
      workspace: event.workspace,
      id,
      messageId: event.messageId,
      type: event.type,
      name: event.name,
      at: iso(event.at),
      acceptedAt: this.acceptedAt,
      historical: event.historical,
      source: event.source,
      body: buildBody(event),
      origin,
      repeats: event.repeats,
    };
  }
}

/** Reasons that are kept: as long as those of the API. */
const LONGEST_REASON = 500;

function shorten(text: string): string {
  return text.length <= LONGEST_REASON ? text : text.slice(0, LONGEST_REASON).toWellFormed();
}

/** The device is kept with statements of consent: an unmerge folds them again, each with its speaker. */
function buildBody(event: IncomingEvent & Partial<Withheld>): EventRow['body'] {
  const { properties, traits, context, anonymousId, withheld = {}, unproven = [], trace } = event;
  const isSpoken = anonymousId !== undefined && mayStateConsent(event);
  return {
    properties,
    traits,
    context,
    ...(isSpoken ? { anonymousId } : {}),
    ...(Object.keys(withheld).length > 0 ? { withheld } : {}),
    ...(unproven.length > 0 ? { unproven } : {}),
    ...(trace === undefined ? {} : { trace }),
  };
}

/** Whether the event may state a consent. */
export function mayStateConsent({ name, context }: Pick<IncomingEvent, 'name' | 'context'>): boolean {
  return name === EVENT.consentChanged || context.consent !== undefined;
}

/** Creates an event's id: opaque and ordered by time. */
export function mintEventId(): string {
  return `evt_${uuidv7().replaceAll('-', '')}`;
}
