import type { Tx } from '../../../db/client.ts';
import type { Identity } from '../../../db/identity/identities.ts';
import { findByStatedEmail, readKnownAddresses } from '../../../db/identity/known-addresses.ts';
import { withdrawsConsent } from '../../domain/browser-key.ts';
import { normaliseEmailAddress } from '../../domain/customer/email-address.ts';
import { readPhoneKey } from '../../domain/customer/phone-number.ts';
import type { Trait } from '../../domain/customer/profile.ts';
import { EVENT } from '../../domain/event.ts';
import type { IncomingEvent } from '../intake/incoming-event.ts';

/** What the ids of an unproven event would do and don't. */
export interface UnprovenIds {
  /** Traits whose values identify another customer. */
  foreign: ('email' | 'phone')[];
  /** Path of the id by which the event would join two customers who are both known. */
  joins: string | null;
  /** It names a known customer by an address alone, to withdraw a consent. */
  isAddressOnly: boolean;
  /** Whether it names ids of other systems. */
  hasExternalIds: boolean;
}

type AddressType = 'email' | 'phone';
type FindCustomer = (identity: Identity) => string | undefined;

/** Whom an unproven event is about. */
export interface Leading {
  /** Its ids that may lead to a customer, and be bound to one. */
  identities: Identity[];
  /** The customer, where an address alone names them. */
  customerId: string | null;
}

/** An address that nobody has stated of the customer before. */
export interface Claim {
  workspace: string;
  customerId: string;
  type: AddressType;
  value: string;
}

interface Known {
  /** A server has stated an address or an id of another system. */
  isProven: boolean;
  /** The addresses, in the form of identities. */
  addresses: Partial<Record<AddressType, string>>;
}

/**
 * The identities of events that anybody may have sent, with a browser key. Their user ids and anonymous ids count.
 * Addresses can be guessed, and so can ids of other systems: they lead to nobody, except to withdraw a consent, and are
 * bound to nobody. So a server that states an address later finds it free.
 */
export class UnprovenIdentities {
  private readonly known = new Map<string, Known>();
  private readonly tx: Tx;

  private constructor(tx: Tx) {
    this.tx = tx;
  }

  /** @param customerIds the customers that the events may be about */
  static async read(tx: Tx, customerIds: readonly string[]): Promise<UnprovenIdentities> {
    const read = new UnprovenIdentities(tx);
    if (customerIds.length === 0) return read;
    for (const { customerId, isBound, email, phone } of await readKnownAddresses(tx, [
      ...new Set(customerIds),
    ])) {
      const addresses = {
        email: normaliseEmailAddress(email?.value),
        phone: readPhoneKey(phone?.value),
      };
      read.known.set(customerId, { isProven: isBound || isStated(email) || isStated(phone), addresses });
    }
    return read;
  }

  /** Whom the event is about; null if it must be refused. */
  async findLeading(event: IncomingEvent, named: Identity[], find: FindCustomer): Promise<Leading | null> {
    const identities = named.filter(({ type }) => type === 'user' || type === 'anon');
    if (identities.length > 0) return { identities, customerId: null };
    if (!isWithdrawal(event)) return null;
    const owners = named.flatMap((identity) => find(identity) ?? []);
    const customerId = owners[0] ?? (await this.findClaimant(event));
    return customerId === null ? null : { identities: [], customerId };
  }

  /** The customer of whom a browser has stated the address. */
  private findClaimant({ workspace, email }: IncomingEvent): Promise<string | null> {
    return email === undefined ? Promise.resolve(null) : findByStatedEmail(this.tx, workspace, email);
  }

  /** What becomes of the event's ids that lead to nobody, and which addresses it is the first to state of the customer. */
  judge(
    named: Identity[],
    customerId: string,
    { customerId: addressee }: Leading,
    find: FindCustomer,
  ): { ids: UnprovenIds; claims: Claim[] } {
    const known = this.getKnown(customerId);
    const foreign: AddressType[] = [];
    const claims: Claim[] = [];
    for (const { workspace, type, value } of named.filter(isAddress)) {
      const owner = find({ workspace, type, value });
      if (owner !== undefined && owner !== customerId) foreign.push(type);
      else if (known.addresses[type] === undefined && addressee === null) {
        known.addresses[type] = value;
        if (owner === undefined) claims.push({ workspace, customerId, type, value });
      }
    }
    const hasExternalIds = named.some(({ type }) => type === 'external');
    const ids = { foreign, joins: null, isAddressOnly: addressee !== null, hasExternalIds };
    return { ids, claims };
  }

  /** Remembers that an event of a server has bound an address or an id of another system to a customer. */
  noteBound(customerId: string, { type, value }: Identity): void {
    if (type === 'user' || type === 'anon') return;
    const known = this.getKnown(customerId);
    known.isProven = true;
    if (type !== 'external') known.addresses[type] ??= value;
  }

  /**
   * Whether an unproven event may join two customers: one of them has no address, or none but the other's. Otherwise
   * a person who reads the mail of one would get the links of the other.
   */
  mayJoin(a: string, b: string): boolean {
    const [first, second] = [this.getKnown(a), this.getKnown(b)];
    return addsNothing(first, second) || addsNothing(second, first);
  }

  private getKnown(customerId: string): Known {
    const known = this.known.get(customerId) ?? { isProven: false, addresses: {} };
    this.known.set(customerId, known);
    return known;
  }
}

/** Whether all that is known of the first is unproven, and the same is known of the second. */
function addsNothing({ isProven, addresses }: Known, other: Known): boolean {
  if (isProven) return false;
  const { email, phone } = addresses;
  return (
    (email === undefined || email === other.addresses.email) &&
    (phone === undefined || phone === other.addresses.phone)
  );
}

function isStated(trait: Trait | null): boolean {
  const isBlank = trait === null || trait.value === null || trait.value === undefined || trait.value === '';
  return !isBlank && !trait.unproven;
}

function isWithdrawal(event: IncomingEvent): boolean {
  return (event.type === 'identify' || event.name === EVENT.consentChanged) && withdrawsConsent(event);
}

function isAddress(identity: Identity): identity is Identity & { type: AddressType } {
  return identity.type === 'email' || identity.type === 'phone';
}
