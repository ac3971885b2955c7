import { uuidv7 } from 'uuidv7';
import type { AccountRow } from '../../../db/accounts/accounts.ts';
import type { FanoutRow } from '../../../db/accounts/fanouts.ts';
import type { LockedCustomer } from '../../../db/customers/lock-customers.ts';
import type { CustomerRow } from '../../../db/customers/save-customers.ts';
import type { EventRow } from '../../../db/events/append-events.ts';
import type { CustomerTicket } from '../../../db/tickets/tickets.ts';
import type { WakeRequest } from '../../../db/wakes/request-wakes.ts';
import { type Consent, readConsents } from '../../domain/customer/consent.ts';
import {
  foldAccountTraits,
  foldProfile,
  isConsentChange,
  readEmail,
  readTrait,
} from '../../domain/customer/profile.ts';
import type { Interest } from '../../domain/definition.ts';
import { EVENT, isAccountEcho, toText } from '../../domain/event.ts';
import { listWatchedTraits, wakesJourney } from '../../domain/interest.ts';
import { readTicket, resolveTicket } from '../../domain/ticket.ts';
import { iso } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { IdentityRace } from '../identity/resolve-identities.ts';
import { needsEcho, readJoinedAccount } from './account-echo.ts';
import type { IncomingEvent } from './incoming-event.ts';
import type { BatchEntry, LockedSubjects } from './locked-subjects.ts';

/** The event's data could not be folded: like a fault of the database's about data, it is split off and rejected. */
class Unfoldable extends Error {
  readonly code = '22000';
}

const NO_INTEREST: Interest = { events: [], traits: [], accountEvents: [], windows: {} };

type Placed = IncomingEvent & { seq: number };

/** What a batch is folded into. All of it is locked. */
export interface FoldContext {
  customers: Map<string, LockedCustomer>;
  tickets: CustomerTicket[];
  subjects: LockedSubjects;
  acceptedAt: number;
  /** Keyed hash of an address, in a workspace of a group. */
  computePersonKey(workspace: string, email: string | null): string | null;
}

/** Folds a batch of accepted events into the customers that were locked for it, and gathers the rows to write. */
export class BatchFold {
  private readonly events: EventRow[] = [];
  private readonly consents: (Consent & { customerId: string })[] = [];
  private readonly fanouts: FanoutRow[] = [];
  private readonly changedTickets = new Map<string, CustomerTicket>();
  private readonly changedAccounts = new Set<AccountRow>();
  private readonly touched = new Map<string, { before: number; wakes: boolean }>();
  private readonly tickets: Map<string, CustomerTicket>;
  private readonly ground: FoldContext;

  constructor(ground: FoldContext) {
    this.ground = ground;
    this.tickets = new Map(ground.tickets.map((ticket) => [`${ticket.customerId} ${ticket.id}`, ticket]));
  }

  /** Gives the event its place in its customer's log. Returns the sequence number. */
  fold(entry: BatchEntry): number {
    try {
      return this.foldOne(entry);
    } catch (error) {
      if (error instanceof IdentityRace) throw error;
      throw new Unfoldable(error instanceof Error ? error.message : String(error));
    }
  }

  private foldOne(entry: BatchEntry): number {
    const { event: incoming, customerId } = entry;
    const customer = this.ground.customers.get(customerId);
    if (!customer) throw new Error(`customer ${customerId} isn't locked`);
    const before = this.touched.get(customerId) ?? { before: customer.seq, wakes: false };
    const at = Math.min(incoming.at, this.ground.acceptedAt);
    const event = { ...incoming, at, seq: ++customer.seq };
    const row = this.row(event, entry);
    const waking = isAccountEcho(event) ? !event.historical : this.foldOwn(entry, event, customer, row.id);
    this.touched.set(customerId, { before: before.before, wakes: before.wakes || waking });
    this.events.push(row);
    return event.seq;
  }

  /** Folds what is said of the customer. Returns whether it must wake the journey. */
  private foldOwn(entry: BatchEntry, event: Placed, customer: LockedCustomer, id: string): boolean {
    const { bundle } = entry;
    const interest = bundle?.interest ?? NO_INTEREST;
    const traits = Object.fromEntries(
      listWatchedTraits(interest, customer.profile).map((key) => [key, readTrait(customer.profile, key)]),
    );
    const said = readConsents(event).filter((one) => isConsentChange(customer.profile, one, event));
    foldProfile(customer.profile, event, bundle?.workspace.currency ?? 'EUR', bundle?.attributes);
    const traitsChanged = this.foldGroup(entry, event, customer);
    this.foldTicket(entry, event, customer);
    this.foldPause(event, customer);
    for (const one of said) this.consents.push({ ...one, customerId: customer.id });
    if (customer.accountId !== null && needsEcho(event, bundle, traitsChanged)) {
      const { name, type, at, properties } = event;
      const { workspace, accountId } = customer;
      const echoed = { name, type, at, properties };
      this.fanouts.push({ id, workspace, accountId, customerId: customer.id, event: echoed });
    }
    return traitsChanged || wakesJourney(interest, event, traits, customer.profile, said.length > 0);
  }

  result() {
    const touched = [...this.touched].map(([id, { before, wakes: waking }]) => {
      const customer = this.ground.customers.get(id) as LockedCustomer;
      return {
        customer,
        waking,
        wake: { customerId: id, workspace: customer.workspace, before, after: customer.seq },
      };
    });
    return {
      events: this.events,
      consents: this.consents,
      fanouts: this.fanouts,
      changedTickets: [...this.changedTickets.values()],
      changedAccounts: [...this.changedAccounts],
      rows: touched.map(({ customer }) => this.customerRow(customer)),
      waking: touched.filter((t) => t.waking).map((t): WakeRequest => t.wake),
      passing: touched.filter((t) => !t.waking).map((t): WakeRequest => t.wake),
    };
  }

  private customerRow(customer: LockedCustomer): CustomerRow {
    const { id, seq, profile, paused, accountId } = customer;
    return {
      id,
      seq,
      profile,
      email: readEmail(profile) ?? null,
      paused,
      accountId,
      personKey: this.contact(customer),
    };
  }

  private contact(customer: LockedCustomer): string | null {
    return this.ground.computePersonKey(customer.workspace, readEmail(customer.profile) ?? null);
  }

  /** A group call joins the account and says its traits; any other call that names one only joins. */
  private foldGroup({ bundle }: BatchEntry, event: Placed, customer: LockedCustomer): boolean {
    const id = readJoinedAccount(event);
    if (id === undefined) return false;
    customer.accountId = id;
    if (event.type !== 'group') return false;
    const account = this.ground.subjects.account(event.workspace, id);
    if (!account) throw new Error(`account ${id} isn't locked`);
    const before = account.traits;
    account.traits = foldAccountTraits(before, event, bundle?.attributes);
    this.changedAccounts.add(account);
    const value = (traits: AccountRow['traits'], name: string) => JSON.stringify(getOwn(traits, name)?.value);
    return Object.keys(event.traits).some((name) => value(before, name) !== value(account.traits, name));
  }

  /** Backfill keeps a ticket only if it's still open; one closed long ago has no cool-down left to give. */
  private foldTicket(entry: BatchEntry, event: Placed, customer: LockedCustomer): void {
    const said = readTicket(event);
    if (!said) return;
    const contact = this.contact(customer);
    this.ground.subjects.checkTicket(entry, customer, contact);
    const key = `${customer.id} ${said.id}`;
    const known = this.tickets.get(key);
    const newer = resolveTicket(known && { ...known, ownerId: null }, said);
    if (event.historical && newer.status === 'closed') newer.quietUntil ??= 0;
    const { workspace, accountId } = customer;
    const ticket: CustomerTicket = {
      ...newer,
      customerId: customer.id,
      workspace,
      accountId,
      personKey: contact,
    };
    this.tickets.set(key, ticket);
    this.changedTickets.set(key, ticket);
  }

  private foldPause(event: Placed, customer: LockedCustomer): void {
    if (event.historical) return;
    if (event.name === EVENT.resumed) customer.paused = null;
    if (event.name !== EVENT.paused) return;
    customer.paused = {
      since: event.at,
      reason: toText(event.properties.reason) ?? 'paused',
      by: toText(event.properties.actor) ?? event.source,
    };
  }

  private row(event: Placed, { customerId, origin }: BatchEntry): EventRow {
    return {
      customerId: customerId,
      seq: event.seq,
      workspace: event.workspace,
      id: mintEventId(),
      messageId: event.messageId,
      type: event.type,
      name: event.name,
      at: iso(event.at),
      acceptedAt: iso(this.ground.acceptedAt),
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
